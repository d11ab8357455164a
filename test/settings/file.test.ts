import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { readSettings, SettingFileError, settingPath, writeSettings } from '../../src/settings/file.ts';

let folder = '';
let path = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'statstop-settings-'));
  path = join(folder, 'config.toml');
});

afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

/** The error for a file with that content. */
async function complaint(text: string | Buffer): Promise<string> {
  writeFileSync(path, text);
  return refusal(readSettings(path, true));
}

async function refusal(outcome: Promise<unknown>): Promise<string> {
  const error = await outcome.then(
    () => expect.fail('there was no error'),
    (error: unknown) => error,
  );
  expect(error).toBeInstanceOf(SettingFileError);
  const { message } = error as SettingFileError;
  expect(message).not.toContain('\n');
  return message.replaceAll(path, 'FILE');
}

const FIVE = () => ({ interval: 5 });

describe('the setting file', () => {
  it('is searched for in the settings folder of the user', () => {
    vi.stubEnv('HOME', '/home/ann');
    expect(settingPath({})).toBe('/home/ann/.config/statstop/config.toml');
    expect(settingPath({ XDG_CONFIG_HOME: '/etc/ann' })).toBe('/etc/ann/statstop/config.toml');
    for (const home of ['', 'settings', './settings', '~/settings'])
      expect(settingPath({ XDG_CONFIG_HOME: home })).toBe('/home/ann/.config/statstop/config.toml');
  });

  it('is never searched for in the current directory', () => {
    vi.stubEnv('HOME', '');
    expect(settingPath({})).toBeNull();
  });

  it('may be missing unless --config names it', async () => {
    for (const nowhere of [path, join(folder, 'no', 'config.toml')]) {
      expect(await readSettings(nowhere, false)).toEqual({});
      expect(await refusal(readSettings(nowhere, true))).toContain('no such file');
    }
  });

  it('may be empty, may contain only comments, and may begin with a byte order mark', async () => {
    for (const text of ['', '\n\n', '# interval = 0\n', '\ufeff# x\r\n', '[views]\n[keys]\n']) {
      writeFileSync(path, text);
      expect(
        Object.values(await readSettings(path, true)).every((each) => Object.keys(each).length === 0),
      ).toBe(true);
    }
    writeFileSync(path, '\ufeffinterval = 3\r\n');
    expect(await readSettings(path, true)).toEqual({ interval: 3 });
  });

  it('may be large, within limits that bound the time of the parser', async () => {
    const comments = '# comment\n'.repeat(900);
    writeFileSync(path, `${comments}interval = 3\n`);
    expect(await readSettings(path, true)).toEqual({ interval: 3 });
    expect(await complaint(`${comments}interval = 0\n`)).toContain('FILE:901: interval:');
    expect(await complaint(`# ${'x'.repeat(2 ** 16)}\n`)).toContain('it is larger than 64 KiB');
  });

  it('that cannot be read causes an error with the reason', async () => {
    expect(await refusal(readSettings(folder, false))).toMatch(/cannot be read: it is a folder/);
  });

  it('is not waited for if it is a pipe', async () => {
    execFileSync('mkfifo', [path]);
    const outcome = readSettings(path, true).catch((error: unknown) => error);
    const first = await Promise.race([outcome, sleep(2000, 'it waits')]);
    // Releases a process that waits for a writer.
    execFileSync('sh', ['-c', ': <> "$0"; exec 3<>"$0"; sleep 0.2', path]);
    expect(first).toBeInstanceOf(SettingFileError);
  });

  it('that is not UTF-8 is rejected and not changed', async () => {
    const latin = Buffer.from('# caf\xe9\ninterval = 3\n', 'latin1');
    expect(await complaint(latin)).toContain('FILE');
    expect(await refusal(writeSettings(path, FIVE))).toContain('FILE');
    expect(readFileSync(path)).toEqual(latin);
  });
});

describe('an error in a file has its line and its key', () => {
  const WRONG: readonly (readonly [string, number, string])[] = [
    ['interval = 0', 1, 'interval'],
    ['# a\n\n  interval = "x"', 3, 'interval'],
    ['\r\ninterval = 0\r\n', 2, 'interval'],
    ['interval = 3\n[thresholds]\nlong-request = 1\ninterval = 3', 4, 'thresholds.interval'],
    ['# sort = "no"\n[views.workers]\n# sort = "no"\ncolumns = "id"\nsort = "no"', 5, 'views.workers.sort'],
    ['[views.workers]\nsort = "id"\n\n[views.sockets]\nsort = "id"', 5, 'views.sockets.sort'],
    ['\n[views.workers]\ncolumns = [\n  "id",\n  "no",\n]', 3, 'views.workers.columns'],
    ['\n\n[views.worker]\n', 3, 'views.worker'],
    ['\nviews.workers.sort = "no"', 2, 'views.workers.sort'],
    ['\nviews . workers . sort = "no"', 2, 'views.workers.sort'],
    ['\n[views]\nworkers.sort = "no"', 3, 'views.workers.sort'],
    ['\n[ views . workers ]\nsort = "no"', 3, 'views.workers.sort'],
    ['\nviews = { workers = { sort = "no" } }', 2, 'views.workers.sort'],
    ['\n[views]\n# x\nworkers = { columns = "id", sort = "no" }', 4, 'views.workers.sort'],
    ['\n["views".\'workers\']\n\n"sort" = "no"', 4, 'views.workers.sort'],
    ['[keys]\nquit = "x"\n\nhelp = "x"', 4, 'keys.help'],
    ['\nviews = 3', 2, 'views'],
    ['\n\n[[views]]\nworkers = 1', 3, 'views'],
    ['# a\n\n"no such" = 1', 3, 'no such'],
    ['# a\n\n"ключ" = 1', 3, 'ключ'],
    ['tracebacker = """\ninterval = 3\n"""\ninterval = 0', 4, 'interval'],
    ['cores = "off"\n\n[__proto__]\nx = 1', 3, '__proto__'],
  ];

  it.each(WRONG)('%j', async (text, line, key) => {
    const said = await complaint(text);
    expect(said.slice(0, said.indexOf(': ', said.indexOf(key)))).toBe(`FILE:${line}: ${key}`);
    expect(said).toContain('--no-config');
  });

  it.each([
    ['interval = 3\ninterval = 4', 2],
    ['\n\ninterval == 3', 3],
    ['\nx', 2],
    ['a = "\\q"', 1],
    ['\n\n\na = "x', 4],
    ['[views.workers]\n\n[views.workers]\n', 3],
    ['[a\n', 1],
    ['\n\u001b[31m = 1', 2],
  ])('%j, which is not TOML', async (text, line) => {
    const said = await complaint(text);
    expect(said).toMatch(/^FILE:\d+: invalid TOML: \S/);
    expect(said.split(':')[1]).toBe(String(line));
    expect(said).toContain('--no-config');
  });

  it('a program or a file of brackets, which are not TOML', async () => {
    expect(await complaint(readFileSync(process.execPath).subarray(0, 100_000))).toContain('FILE');
    expect(await complaint(`a = ${'['.repeat(400)}`)).toContain('invalid TOML');
  });
});

describe('settings that are saved', () => {
  it('are readable for the user alone, and so is a new folder', async () => {
    const file = join(folder, 'new', 'statstop', 'config.toml');
    await writeSettings(file, FIVE);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(statSync(join(folder, 'new')).mode & 0o777).toBe(0o700);
    expect(statSync(join(folder, 'new', 'statstop')).mode & 0o777).toBe(0o700);
    expect(await readSettings(file, true)).toEqual({ interval: 5 });
  });

  it('keep the mode of the file and of the folder', async () => {
    chmodSync(folder, 0o755);
    for (const mode of [0o644, 0o640, 0o600, 0o400]) {
      writeFileSync(path, '# x\n');
      chmodSync(path, mode);
      await writeSettings(path, FIVE);
      expect(statSync(path).mode & 0o7777).toBe(mode);
      expect(statSync(folder).mode & 0o777).toBe(0o755);
      rmSync(path);
    }
  });

  it('leave no other file in the folder', async () => {
    await writeSettings(path, FIVE);
    await writeSettings(path, ({ interval }) => ({ interval, cores: 'tree' }));
    expect(readdirSync(folder)).toEqual(['config.toml']);
    expect(await readSettings(path, true)).toEqual({ interval: 5, cores: 'tree' });
  });

  it('are written one after the other, even if saves overlap', async () => {
    await Promise.all([1, 2, 3, 4].map((interval) => writeSettings(path, () => ({ interval }))));
    expect(await readSettings(path, true)).toMatchObject({ interval: expect.any(Number) });
    expect(readdirSync(folder)).toEqual(['config.toml']);
  });

  it('do not overwrite a file that is not TOML', async () => {
    writeFileSync(path, 'interval = = 3\n');
    expect(await refusal(writeSettings(path, FIVE))).toContain('FILE:1: invalid TOML');
    expect(readFileSync(path, 'utf8')).toBe('interval = = 3\n');
  });

  it('cause an error if the path is not a regular file', async () => {
    mkdirSync(path);
    expect(await refusal(writeSettings(path, FIVE))).toContain('it is a folder');
    rmSync(path, { recursive: true });
    writeFileSync(path, '');
    expect(await refusal(writeSettings(join(path, 'x.toml'), FIVE))).toContain('settings not written');
    expect(lstatSync(path).isFile()).toBe(true);
  });

  it.skipIf(process.getuid?.() !== 0)('do not replace a device', async () => {
    execFileSync('mknod', [path, 'c', '1', '3']);
    await writeSettings(path, FIVE).catch(() => {});
    expect(lstatSync(path).isCharacterDevice()).toBe(true);
  });
});
