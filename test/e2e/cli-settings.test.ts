import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { captureFile, type Ended, shell, statstop } from '../commands/run.ts';
import { TIMEOUT_SECONDS } from '../timeouts.ts';

const folder = mkdtempSync(join(tmpdir(), 'statstop-cli-settings-'));
execFileSync('chmod', ['755', folder]);
afterAll(() => rmSync(folder, { recursive: true }));

const FILE = captureFile('threads');
const ONCE = ['--once', '--interval', '0', FILE];

let count = 0;

/** Creates a setting file with that text. */
function file(text: string): string {
  const path = join(folder, `${count++}.toml`);
  writeFileSync(path, text);
  return path;
}

/** Creates a setting file in a new `$XDG_CONFIG_HOME`. */
function home(text: string): { XDG_CONFIG_HOME: string } {
  const path = join(folder, `home-${count++}`);
  mkdirSync(join(path, 'statstop'), { recursive: true });
  writeFileSync(join(path, 'statstop', 'config.toml'), text);
  return { XDG_CONFIG_HOME: path };
}

/** The titles of the table and the first word of each row. */
function table({ status, stdout, stderr }: Ended): { titles: string[]; ids: string[] } {
  expect([stderr, status]).toEqual(['', 0]);
  const [, heading = '', ...rows] = stdout.toString().trimEnd().split('\n');
  return { titles: heading.trim().split(/ +/), ids: rows.map((row) => row.trim().split(/ +/)[0] ?? '') };
}

/** Checks for exit status 2 and one line with the cause. */
function expectRefused({ status, signal, stdout, stderr }: Ended, says: RegExp): void {
  expect(stderr).toMatch(/^statstop: [^\n]+\n$/);
  expect(stderr).not.toMatch(/internal error|\n {4}at |\.[jt]s:\d/);
  expect(stderr).toMatch(says);
  expect([status, signal, stdout.toString()]).toEqual([2, null, '']);
}

const SETTINGS = '[views.workers]\ncolumns = ["rps", "id"]\nsort = "id:desc"\n';

describe.concurrent('settings', () => {
  it('come from the file given with --config, or from the default folder', async () => {
    const expected = { titles: ['RPS', 'WID'], ids: ['-', '-'] };
    expect(table(await statstop(['--config', file(SETTINGS), ...ONCE]))).toEqual(expected);
    expect(table(await statstop(ONCE, { env: home(SETTINGS) }))).toEqual(expected);
    const XDG_CONFIG_HOME = home(SETTINGS).XDG_CONFIG_HOME.replace(/.*\//, '');
    // A relative `$XDG_CONFIG_HOME` is ignored.
    const elsewhere = await shell(`cd ${folder} && HOME=/nonexistent $STATSTOP --once -i 0 $OLDPWD/${FILE}`, {
      env: { XDG_CONFIG_HOME },
    });
    expect(table(elsewhere).titles).not.toEqual(expected.titles);
  });

  it('are not read with --no-config; --config replaces the default file', async () => {
    const env = home('intervall = 1\n');
    expect(table(await statstop(['--no-config', ...ONCE], { env })).titles).toContain('PID');
    expect(table(await statstop(['--config', file(SETTINGS), ...ONCE], { env })).titles).toEqual([
      'RPS',
      'WID',
    ]);
    expectRefused(await statstop(ONCE, { env }), /config\.toml:1: intervall: .*--no-config/);
  });

  it('are overridden by options', async () => {
    const config = ['--config', file(`cores = "tree"\n${SETTINGS}`)];
    const { titles, ids } = table(
      await statstop([...config, '-c', 'id', '-s', 'id:asc', '-a', 'off', ...ONCE]),
    );
    expect([titles, ids]).toEqual([['WID'], ['1', '2']]);
    // The interval and the cores of the file apply to the live view only.
    expect(table(await statstop([...config, '-c', 'id', ...ONCE])).ids.slice(0, 2)).toEqual(['2', '1']);
  });

  it('add their masks to those of the command line', async () => {
    const path = file('mask = ["page"]\n');
    const json = await statstop(['--config', path, '--mask', 'order', '--json', FILE]);
    expect(json.stdout.toString()).toContain('order=***');
    const { stdout } = await statstop(['--config', file('mask = "order"\n'), '--json', FILE]);
    expect(stdout.toString()).toContain('order=***');
  });

  it('with an error are refused before any read, by every command that uses them', async () => {
    const path = file('\n[views.workers]\nsort = "vassal"\n');
    for (const args of [
      ['--once', FILE],
      ['--json', FILE],
      ['--once', '/nothing/there'],
    ])
      expectRefused(
        await statstop(['--config', path, ...args]),
        /:3: views\.workers\.sort: .*Unknown column 'vassal'/,
      );
    expect((await statstop(['--config', path, '--raw', FILE])).status).toBe(0);
    expectRefused(await statstop(['demo', '--config', path, '--serve']), /:3: views\.workers\.sort:/);
  });

  it('are refused if the file is no TOML, is missing or is no regular file', async () => {
    expectRefused(await statstop(['--config', file('interval = = 1\n'), ...ONCE]), /:1: invalid TOML/);
    expectRefused(await statstop(['--config', file('\x1b[31m = 1\n'), ...ONCE]), /:1: invalid TOML/);
    expectRefused(await statstop(['--config', join(folder, 'nowhere'), ...ONCE]), /no such file/);
    expectRefused(await statstop(['--config', folder, ...ONCE]), /cannot be read/);
    const escaped = await statstop(['--config', file('"\\u001b[31m" = 1\n'), ...ONCE]);
    expectRefused(escaped, /\\x1b\[31m/);
    expect(escaped.stderr.trimEnd()).not.toMatch(/\p{Cc}/u);
  });

  it('are refused without a wait if the file is a pipe without a writer', async () => {
    const path = join(folder, 'pipe');
    execFileSync('mkfifo', [path]);
    const ended = await shell(`timeout ${TIMEOUT_SECONDS} $STATSTOP --config ${path} --once ${FILE}`);
    expectRefused(ended, /pipe/);
  });

  it('do not need a home directory', async () => {
    const line = `env -u HOME -u XDG_CONFIG_HOME $STATSTOP --once -i 0 ${FILE}`;
    const uid = process.getuid?.() === 0 ? { uid: 54_321 } : {};
    expect(table(await shell(line, uid)).titles).toContain('WID');
  });
});

describe.concurrent('--theme', () => {
  it('accepts only the known themes', async () => {
    for (const theme of ['dark', 'light', 'mono'])
      expect(table(await statstop(['--theme', theme, ...ONCE])).titles).toContain('WID');
    expectRefused(await statstop(['--theme', 'Dark', ...ONCE]), /dark, light, mono/);
  });
});

describe.concurrent('--columns and --sort with --once', () => {
  it('select the view that has those columns', async () => {
    expect(table(await statstop(['-c', 'socket,queue', ...ONCE])).titles).toEqual(['SOCKET', 'QUEUE']);
    expect(table(await statstop(['-s', 'age', ...ONCE])).titles).toContain('URI');
  });

  it('are refused if no view has all columns', async () => {
    const says = /rps, vassal.*columns of workers are: id/;
    expectRefused(await statstop(['-c', 'rps,vassal', ...ONCE]), says);
    expectRefused(await statstop(['-c', 'rps', '-s', 'vassal', ...ONCE]), says);
    expectRefused(
      await statstop(['-s', 'uri', '--once', captureFile('emperor')]),
      /uri.*columns of vassals are: /,
    );
  });
});
