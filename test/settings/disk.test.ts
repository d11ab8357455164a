import {
  chmodSync,
  chownSync,
  lchownSync,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readSettings, writeSettings } from '../../src/settings/file.ts';

const ANN = 54_321;
const BOB = 54_322;

const isRoot = process.getuid?.() === 0;

let folder = '';
let path = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'statstop-disk-'));
  path = join(folder, 'config.toml');
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

const FIVE = () => ({ interval: 5 });
const OLD = '# old\ninterval = 3\n';

/** Returns the error of a refused save. */
function refusal(file: string, change = FIVE): Promise<string> {
  return writeSettings(file, change).then(
    () => expect.fail('the settings were written'),
    (error: Error) => error.message,
  );
}

/** All properties of a file that must not change. */
function stateOf(file: string) {
  const { uid, gid, mode, ino, nlink } = lstatSync(file);
  return { uid, gid, mode, ino, nlink, text: readFileSync(file, 'utf8') };
}

/** Runs a function as another user. Needs root. */
async function as<Value>(uid: number, does: () => Promise<Value>): Promise<Value> {
  process.setegid?.(uid);
  process.seteuid?.(uid);
  try {
    return await does();
  } finally {
    process.seteuid?.(0);
    process.setegid?.(0);
  }
}

describe('a symbolic link', () => {
  it('is kept, and its target is written', async () => {
    const target = join(folder, 'dotfiles.toml');
    writeFileSync(target, OLD, { mode: 0o644 });
    symlinkSync('dotfiles.toml', path);
    await writeSettings(path, FIVE);
    expect(readlinkSync(path)).toBe('dotfiles.toml');
    expect(readFileSync(target, 'utf8')).toContain('interval = 5');
    expect(statSync(target).mode & 0o777).toBe(0o644);
  });

  it('to a missing file is not replaced', async () => {
    symlinkSync('nowhere.toml', path);
    expect(await refusal(path)).toContain('is a link to nowhere.toml, which does not exist');
    expect(readlinkSync(path)).toBe('nowhere.toml');
    expect(readdirSync(folder)).toEqual(['config.toml']);
  });

  it('to a TOML file of another program does not cause a change of that file', async () => {
    const other = join(folder, 'other.toml');
    writeFileSync(other, 'version = 2\n');
    symlinkSync(other, path);
    expect(await refusal(path)).toContain('version: Unknown setting');
    expect(readFileSync(other, 'utf8')).toBe('version = 2\n');
  });

  it.skipIf(!isRoot)('of another user is followed only to a file of that user', async () => {
    chmodSync(folder, 0o777);
    const target = join(folder, 'target.toml');
    writeFileSync(target, OLD);
    chownSync(target, ANN, ANN);
    symlinkSync(target, path);
    lchownSync(path, BOB, BOB);
    const before = stateOf(target);
    expect(await as(ANN, () => refusal(path))).toContain(`is a link of user ${BOB} to a file of user ${ANN}`);
    expect(stateOf(target)).toEqual(before);
  });
});

describe('a setting file', () => {
  it('with several hard links is not changed', async () => {
    writeFileSync(path, OLD);
    linkSync(path, join(folder, 'other.toml'));
    const before = stateOf(path);
    expect(await refusal(path)).toContain('several hard links');
    expect(stateOf(path)).toEqual(before);
    expect(readdirSync(folder).sort()).toEqual(['config.toml', 'other.toml']);
  });

  it.each([
    ['changed in place', () => writeFileSync(path, '# mine\ninterval = 4\n')],
    [
      'changed without a new size or modification time',
      () => {
        const { atime, mtime } = statSync(path);
        writeFileSync(path, OLD.replace('3', '9'));
        utimesSync(path, atime, mtime);
      },
    ],
    [
      'replaced',
      () => {
        writeFileSync(`${path}.mine`, OLD);
        renameSync(`${path}.mine`, path);
      },
    ],
    ['removed', () => rmSync(path)],
  ])('that another program has %s since the read is not overwritten', async (_, interferes) => {
    writeFileSync(path, OLD);
    let expected: string | null = null;
    const message = await refusal(path, () => {
      interferes();
      expected = readdirSync(folder).includes('config.toml') ? readFileSync(path, 'utf8') : null;
      return FIVE();
    });
    expect(message).toContain('another program has changed the file');
    expect(readdirSync(folder)).toEqual(expected === null ? [] : ['config.toml']);
    if (expected !== null) expect(readFileSync(path, 'utf8')).toBe(expected);
  });

  it('that another program has created in the meantime is not overwritten', async () => {
    const message = await refusal(path, () => {
      writeFileSync(path, OLD);
      return FIVE();
    });
    expect(message).toContain('another program has changed the file');
    expect(readFileSync(path, 'utf8')).toBe(OLD);
  });

  it('is written into the checked folder, even if another folder has taken its name', async () => {
    const home = join(folder, 'home');
    mkdirSync(home);
    writeFileSync(join(home, 'config.toml'), OLD);
    const message = await refusal(join(home, 'config.toml'), () => {
      renameSync(home, `${home}.old`);
      mkdirSync(home);
      writeFileSync(join(home, 'config.toml'), '# another\n');
      return FIVE();
    });
    expect(message).toContain('another program has changed the file');
    expect(readFileSync(join(home, 'config.toml'), 'utf8')).toBe('# another\n');
  });

  it('with the names of inherited properties as keys changes no object', async () => {
    for (const text of ['[__proto__]\npolluted = 1\n', 'constructor.prototype.polluted = 1\n']) {
      writeFileSync(path, text);
      expect(await refusal(path)).toMatch(/(__proto__|constructor): Unknown setting/);
      expect(({} as Record<string, unknown>).polluted).toBeUndefined();
      expect(readFileSync(path, 'utf8')).toBe(text);
    }
  });
});

describe.skipIf(!isRoot)('root', () => {
  it('keeps the owner, group and mode of a file in its own folder', async () => {
    writeFileSync(path, OLD);
    chownSync(path, ANN, BOB);
    chmodSync(path, 0o640);
    await writeSettings(path, FIVE);
    expect(stateOf(path)).toMatchObject({ uid: ANN, gid: BOB, mode: 0o100640 });
    expect(await readSettings(path, true)).toEqual({ interval: 5 });
  });

  it('writes nothing below the home directory of another user', async () => {
    const home = join(folder, 'home');
    const config = join(home, '.config', 'statstop');
    mkdirSync(config, { recursive: true });
    const file = join(config, 'config.toml');
    writeFileSync(file, OLD, { mode: 0o640 });
    for (const each of [home, join(home, '.config'), config, file]) chownSync(each, ANN, ANN);
    const before = stateOf(file);
    expect(await refusal(file)).toContain(`belongs to user ${ANN}. Root writes only where no other user can`);
    expect(stateOf(file)).toEqual(before);
    expect(readdirSync(config)).toEqual(['config.toml']);
    // A missing folder is not created either.
    rmSync(join(home, '.config'), { recursive: true });
    expect(await refusal(file)).toContain(`belongs to user ${ANN}`);
    expect(readdirSync(home)).toEqual([]);
  });

  it('writes nothing through a symbolic link that another user created or can change', async () => {
    const own = join(folder, 'own');
    mkdirSync(own);
    const file = join(own, 'config.toml');
    writeFileSync(file, OLD);
    const home = join(folder, 'home');
    mkdirSync(home);
    chownSync(home, ANN, ANN);
    symlinkSync(file, join(home, 'config.toml'));
    symlinkSync(own, join(home, 'statstop'));
    symlinkSync(own, path);
    lchownSync(path, ANN, ANN);
    const before = stateOf(file);
    for (const each of [
      join(home, 'config.toml'),
      join(home, 'statstop', 'config.toml'),
      join(path, 'config.toml'),
    ])
      expect(await refusal(each)).toContain(`belongs to user ${ANN}`);
    expect(stateOf(file)).toEqual(before);
  });

  it('writes nothing into a folder that other users can write to, with or without the sticky bit', async () => {
    for (const mode of [0o777, 0o1777, 0o775]) {
      chmodSync(folder, mode);
      expect(await refusal(path)).toContain('others can write to');
      expect(readdirSync(folder)).toEqual([]);
    }
  });
});

describe.skipIf(!isRoot)('a user other than root', () => {
  it('cannot replace a file of root: its owner would change', async () => {
    chownSync(folder, ANN, ANN);
    writeFileSync(path, OLD, { mode: 0o644 });
    const before = stateOf(path);
    expect(await as(ANN, () => refusal(path))).toContain('you cannot keep its owner (user 0, group 0)');
    expect(stateOf(path)).toEqual(before);
    expect(readdirSync(folder)).toEqual(['config.toml']);
  });

  it('creates no file or folder for another user', async () => {
    chownSync(folder, ANN, ANN);
    const file = join(folder, 'statstop', 'config.toml');
    await as(ANN, () => writeSettings(file, FIVE));
    expect(stateOf(file)).toMatchObject({ uid: ANN, gid: ANN, mode: 0o100600 });
    expect(statSync(join(folder, 'statstop')).mode & 0o777).toBe(0o700);
  });
});
