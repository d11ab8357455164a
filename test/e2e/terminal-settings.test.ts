import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { serve } from '../demo/wire.ts';
import { AT_REST, skipWithoutTmux, Tmux } from '../terminal/tmux.ts';

function place(): string {
  const folder = mkdtempSync(join(tmpdir(), 'statstop-settings-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

/** The titles of the displayed table. */
const titles = (screen: string) =>
  screen
    .split('\n')
    .find((line) => / WID\S* .* PID /.test(line))
    ?.trim()
    .split(/ +/) ?? [];

const EIGHT = { workers: 8, cores: 2, rate: 200 };

describe.skipIf(skipWithoutTmux())('settings in a real terminal', () => {
  it('are saved with S and used at the next start, and comments are kept', async () => {
    const server = await serve(EIGHT);
    const file = join(place(), 'config.toml');
    writeFileSync(file, '# mine\ninterval = 2 # slow\n\n[views.workers]\nsort = "rps" # busy ones first\n');
    const start = `clear; statstop --config ${file} ${server.address}`;
    const tmux = new Tmux();
    tmux.enter(start);
    await tmux.until((screen) => titles(screen).includes('RPS▼') && / 2s$/m.test(screen), 'the settings');
    tmux.type('c');
    await tmux.untilText('Columns of Workers');
    // Moves the column of the worker number behind the status, and hides the status.
    tmux.press('Right', 'Up');
    tmux.type(' ');
    await tmux.untilText(/^ \[ \] STATUS +.*\n \[x\] WID/m);
    tmux.press('Escape');
    await tmux.until(
      (screen) => titles(screen).includes('WID') && !titles(screen).includes('STATUS'),
      'the table',
    );
    tmux.type('X+a');
    const chosen = await tmux.until(
      (screen) => titles(screen).includes('EXC▼') && / 5s$/m.test(screen) && /^ +\d+:0 /m.test(screen),
      'what was chosen',
    );
    const before = statSync(file);
    tmux.type('S');
    await tmux.untilText(`write settings to ${file}? y/n`);
    tmux.type('y');
    await tmux.untilText(`settings written to ${file}`.slice(0, 40));
    const { mode, uid, gid } = statSync(file);
    expect({ mode, uid, gid }).toEqual({ mode: before.mode, uid: before.uid, gid: before.gid });
    const saved = readFileSync(file, 'utf8');
    expect(saved).toMatch(/^# mine\ninterval = 5 # slow\n/);
    expect(saved).toContain('sort = "exceptions:desc" # busy ones first');
    expect(saved).toContain('cores = "merged"');
    tmux.type('q');
    await tmux.until((screen) => !screen.includes('EXC▼'), 'the shell');
    tmux.enter(start);
    const again = await tmux.until(
      (screen) => titles(screen).includes('EXC▼') && / 5s$/m.test(screen),
      'it again',
    );
    expect(titles(again.join('\n'))).toEqual(titles(chosen.join('\n')));
    tmux.type('S');
    await tmux.untilText(' y/n');
    tmux.type('y');
    await tmux.untilText('written to');
    expect(readFileSync(file, 'utf8')).toBe(saved);
    tmux.type('q');
    await tmux.until((screen) => !screen.includes('EXC▼'), 'the shell');
    expect(tmux.state()).toEqual(AT_REST);
  });

  it('replace an existing file only after a confirmation, and a missing file without one', async () => {
    const server = await serve(EIGHT);
    const home = place();
    const file = join(home, '.config', 'statstop', 'config.toml');
    const tmux = new Tmux(80, 24, { HOME: home, XDG_CONFIG_HOME: '' });
    tmux.enter(`statstop ${server.address}`);
    await tmux.untilText('WID');
    tmux.type('S');
    await tmux.untilText('written to');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const saved = readFileSync(file, 'utf8');
    tmux.type('+');
    await tmux.untilText(/ 2s$/m);
    for (const key of ['Escape', 'n', 'q', 'Enter']) {
      tmux.type('S');
      await tmux.untilText('write settings to ~/.config/statstop/config.toml? y/n');
      tmux.press(key);
      await tmux.until((screen) => !screen.includes(' y/n') && screen.includes('settings not written'), key);
      expect(readFileSync(file, 'utf8')).toBe(saved);
    }
    tmux.type('S');
    await tmux.untilText(' y/n');
    tmux.press('C-c');
    await tmux.until((screen) => !screen.includes('WID'), 'the shell');
    expect(readFileSync(file, 'utf8')).toBe(saved);
  });

  it('are not written by the demo, which shows a message', async () => {
    const home = place();
    const tmux = new Tmux(80, 24, { HOME: home, XDG_CONFIG_HOME: '' });
    tmux.enter('statstop demo');
    await tmux.untilText('WID');
    tmux.type('S');
    await tmux.untilText('the demo does not write settings');
    tmux.type('q');
    await tmux.until((screen) => !screen.includes('WID'), 'the shell');
    expect(readdirSync(home)).toEqual([]);
  });

  it('that exceed the file size limit leave the old file and no temporary file', async () => {
    const server = await serve(EIGHT);
    const folder = place();
    const file = join(folder, 'config.toml');
    const old = `# ${'x'.repeat(5000)}\ninterval = 2\n`;
    writeFileSync(file, old);
    const tmux = new Tmux(120, 24);
    // Maximum size of a file of this process, in KiB.
    tmux.enter(`(ulimit -f 2; statstop --config ${file} ${server.address})`);
    await tmux.untilText('WID');
    tmux.type('S');
    await tmux.untilText(' y/n');
    tmux.type('y');
    await tmux.untilText('settings not written: the file reached the size limit');
    expect(readFileSync(file, 'utf8')).toBe(old);
    expect(readdirSync(folder)).toEqual(['config.toml']);
  });

  it('with an error print one line and do not change the terminal', async () => {
    const server = await serve(EIGHT);
    const file = join(place(), 'config.toml');
    for (const [text, says] of [
      ['cores = "off"\ninterval = 0\n', 'config.toml:2: interval:'],
      ['interval = = 1\n', 'config.toml:1: invalid TOML'],
    ] as const) {
      writeFileSync(file, text);
      const tmux = new Tmux(250, 24);
      const output = await tmux.output(`statstop --config ${file} ${server.address}`);
      expect(output.split('\n')).toHaveLength(2);
      expect(output).toContain(says);
      expect(output).toMatch(/^status 2$/m);
      expect(tmux.state()).toEqual(AT_REST);
      expect(readFileSync(file, 'utf8')).toBe(text);
    }
  });

  it('that cannot be saved show a message, and the view continues', async () => {
    const server = await serve(EIGHT);
    const tmux = new Tmux(200, 24);
    tmux.enter(`statstop --no-config ${server.address}`);
    await tmux.untilText('WID');
    tmux.type('S');
    await tmux.untilText('settings not written: --no-config was given');
    tmux.type('d');
    await tmux.untilText('PID▲');
  });

  it('change keys, and the footer shows them', async () => {
    const server = await serve(EIGHT);
    const file = join(place(), 'config.toml');
    writeFileSync(file, 'theme = "mono"\n[keys]\nquit = "f10"\nhelp = ["q"]\n');
    const tmux = new Tmux();
    tmux.enter(`statstop --config ${file} ${server.address}`);
    await tmux.untilText(/^ f10 Quit {2}q Help/m);
    tmux.type('q');
    await tmux.untilText('Esc Close');
    tmux.press('C-c');
    await tmux.until((screen) => !screen.includes('Esc Close'), 'the shell');
    expect(tmux.state()).toEqual(AT_REST);
  });
});
