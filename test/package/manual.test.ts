import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { definition } from '../../scripts/package/definition.ts';
import { manual } from '../../scripts/package/manual.ts';
import { skipping } from '../lab/available.ts';

const COMMANDS = definition();
const PAGE = manual(COMMANDS, '1.2.3', new Date('2026-11-28T00:00:00Z'));

function formatted(page: string) {
  return spawnSync('man', ['--warnings', '-E', 'UTF-8', '-l', '-'], {
    input: page,
    encoding: 'utf8',
    env: { ...process.env, MANWIDTH: '500', MAN_KEEP_FORMATTING: '', MANPAGER: 'cat', LC_ALL: 'C.UTF-8' },
  });
}

function skipWithoutMan(): boolean {
  const works = spawnSync('man', ['--version'], { stdio: 'ignore' }).status === 0;
  return !works && skipping('the man page', 'man is not installed (apt-get install man-db)');
}

describe.skipIf(skipWithoutMan())('the man page', () => {
  const { stdout, stderr } = formatted(PAGE);
  const text = stdout.replaceAll(/\s+/g, ' ');

  it('has no errors of roff', () => {
    expect(stderr).toBe('');
    expect(formatted(`${PAGE}.nosuchrequest\n`).stderr).not.toBe('');
  });

  it('names each option, as it is typed and with its description', () => {
    for (const { groups } of COMMANDS)
      for (const { long, description } of groups.flatMap(({ options }) => options)) {
        expect(text).toContain(long);
        expect(text).toContain(description);
      }
  });

  it('names the options of each command, also if statstop has them all', () => {
    expect(text).toMatch(
      /OPTIONS OF DOCTOR It has these options of statstop: --timeout, --show, --mask, --config/,
    );
    expect(text).not.toMatch(/OPTIONS OF HELP/);
  });

  it.each([
    'STATSTOP_TARGET',
    'STATSTOP_OPTIONS',
    'NO_COLOR',
    'XDG_CONFIG_HOME',
    'XDG_STATE_HOME',
    'XDG_CACHE_HOME',
    'NODE_DISABLE_COMPILE_CACHE',
    '~/.config/statstop/config.toml',
    '~/.local/state/statstop/recordings',
    '~/.cache/statstop',
  ])('names %s', (name) => {
    expect(text).toContain(name);
  });

  it('has each variable of docs/settings.md', () => {
    const names = [...readFileSync('docs/settings.md', 'utf8').matchAll(/^\| `([A-Z_]+)` \|/gm)];
    expect(names.length).toBeGreaterThan(5);
    for (const [, name] of names) expect(text).toContain(name);
  });

  it('has the sections of a man page, and the exit status', () => {
    const titles = [...stdout.matchAll(/^[A-Z][A-Z ]+$/gm)].map(([title]) => title);
    expect(titles).toEqual(
      expect.arrayContaining(['NAME', 'SYNOPSIS', 'OPTIONS', 'ENVIRONMENT', 'FILES', 'EXIT STATUS']),
    );
    expect(text).toMatch(/EXIT STATUS 0 success 1 the target cannot be read/);
  });
});
