import { execFileSync } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { Harakiri, harakiriOf } from '../../src/host/harakiri.ts';

const PID = 40;
/** After all that the tests write. */
const STARTED = Date.now() / 1000 + 1e6;

/** A `/proc` with a master of that command line, in which `@` stands for a folder that has these files. */
function machine(words: readonly string[], files: Readonly<Record<string, string>> = {}, root = '/') {
  const folder = mkdtempSync(join(tmpdir(), 'statstop-harakiri-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const proc = join(folder, 'proc');
  const own = join(proc, String(PID));
  mkdirSync(own, { recursive: true });
  symlinkSync(root, join(own, 'root'));
  symlinkSync(folder, join(own, 'cwd'));
  const path = (name: string) => join(folder, name);
  const commandLine = join(own, 'cmdline');
  const textOf = (all: readonly string[]) =>
    ['uwsgi', ...all].map((word) => `${word.replace('@', folder)}\0`).join('');
  writeFileSync(commandLine, textOf(words));
  for (const [name, text] of Object.entries(files)) writeFileSync(path(name), text);
  const limit = (started = STARTED) => harakiriOf(PID, started, proc);
  return { proc, path, commandLine, textOf, limit };
}

describe('on the command line', () => {
  it.each([
    [['--harakiri', '30'], 30],
    [['--harakiri=30'], 30],
    [['-t', '7', '--processes', '4'], 7],
    [['-t7', '-M', '-p4'], 7],
    [['--harakiri', '30', '-t', '60'], 60],
    [['-t', '30', '--harakiri=60', '-T'], 60],
    [['--harakiri', '30', '--harakiri', '0'], null],
    [['--harakiri', '0'], null],
    [['--harakiri'], null],
    [['--harakiri', 'soon'], null],
    [['--harakiri', '1234567'], null],
    [['--harakiri', '30', '--harakiri', '-5'], null],
    [['-t', '5s'], null],
    [['--spooler-harakiri', '30', '--http-harakiri=9', '--harakiri-verbose'], null],
    [['--plugins', 'python3', '--harakiri', '30', '--socket', '/run/a.sock', '-w', 'app'], 30],
    [[], null],
  ])('%j is %j', async (words, seconds) => {
    expect(await machine(words).limit()).toBe(seconds);
  });

  it.each([
    ...['yaml', 'yml', 'json', 'xml', 'sqlite3', 'zeus', 'config', 'include', 'inherit', 'set', 'emperor'],
    ...['exec-asap', 'set-placeholder', 'if-env', 'end-if', 'for', 'inc', 'yam', 'declare-option'],
  ])('nothing is certain with --%s', async (name) => {
    expect(await machine(['--harakiri', '30', `--${name}`, 'x']).limit()).toBeNull();
    expect(await machine(['--harakiri', '30', `--${name}=x`]).limit()).toBeNull();
  });

  it.each(['-y', '-x', '-j', '-s3', '-Mt9', '-Mx', '--'])('nothing is certain with %s', async (word) => {
    expect(await machine(['--harakiri', '30', word, 'x']).limit()).toBeNull();
  });
});

const INI = '[uwsgi]\nprocesses = 4\n  harakiri = 45\nharakiri-verbose = true\n';
const FILES = { 'app.ini': INI, 'none.ini': '[uwsgi]\nmaster = true\n', 'app.txt': INI, 'app.yml': INI };

describe('in a file', () => {
  it.each([
    [['--ini', '@/app.ini'], 45],
    [['--ini=@/app.txt'], 45],
    [['@/app.ini'], 45],
    [['@/app.ini', '--daemonize', '/var/log/uwsgi.log'], 45],
    [['@/app.ini', '@/none.ini'], 45],
    [['--ini', '@/app.ini', '--ini', '@/none.ini'], 45],
    [['--ini', '@/app.ini', '--harakiri=9'], 9],
    [['--harakiri=9', '--ini', '@/app.ini'], 45],
    [['--harakiri=9', '--ini', '@/none.ini'], 9],
    [['@/app.ini', '--harakiri', '9'], 45],
    [['@/none.ini', '--harakiri', '9'], 9],
    [['--processes=4', '@/app.ini'], 45],
  ])('%j is %j', async (words, seconds) => {
    expect(await machine(words, FILES).limit()).toBe(seconds);
  });

  it.each([
    [['app.ini']],
    [['--ini', 'app.ini']],
    [['--ini']],
    [['--ini', '@/app.ini:uwsgi']],
    [['@/app.ini:uwsgi']],
    [['--ini', 'file://@/app.ini']],
    [['--ini', '@@/app.ini']],
    [['--ini', '|@/app.ini']],
    [['--logto', '@/app.ini']],
    [['--master', '@/app.ini']],
    [['--ini', '@/app.ini', '--ini', '@/gone.ini']],
    [['--ini', '@/app.ini', '@/app.yml']],
  ])('nothing is certain with %j', async (words) => {
    expect(await machine(['--harakiri=9', ...words], FILES).limit()).toBeNull();
  });

  it.each([
    ['the last line of several', '[uwsgi]\nharakiri = 1\nharakiri = 2\n', 2],
    ['its section only', '[other]\nharakiri = 1\n[uwsgi]\nprocesses = 1\n', 9],
    ['no line that is a comment', '[uwsgi]\n; harakiri = 1\n#harakiri = 2\n', 9],
    ['no other option', '[uwsgi]\nmule-harakiri = 3\nharakiri-no-arh = 1\n', 9],
    ['lines of another system', '[uwsgi]\r\nharakiri = 12\r\n', 12],
    ['no section with a comment', '[uwsgi] ; mine\nharakiri = 1\n', 9],
    ['nothing', '', 9],
    ['none', '[uwsgi]\nharakiri = 0\n', null],
    ['no placeholder', '[uwsgi]\nharakiri = $(LIMIT)\n', null],
    ['no value with a comment', '[uwsgi]\nharakiri = 30 ; seconds\n', null],
    ['no line without a value', '[uwsgi]\nharakiri\n', null],
    ...['ini', 'yaml', 'yml', 'json', 'xml', 'include', 'inherit', 'set', 'if-env', 'for', 'endif'].map(
      (key): [string, string, null] => [`nothing with ${key}`, `[uwsgi]\nharakiri = 5\n${key} = x\n`, null],
    ),
  ])('%s counts', async (_, text, seconds) => {
    expect(await machine(['--harakiri=9', '--ini', '@/app.ini'], { 'app.ini': text }).limit()).toBe(seconds);
  });

  it('that was changed after the start nothing is certain, whatever time it has been given', async () => {
    const { limit, path } = machine(['@/app.ini'], FILES);
    const now = Date.now() / 1000;
    utimesSync(path('app.ini'), now - 5000, now - 5000);
    expect(await limit(now - 1000)).toBeNull();
    expect(await limit(now + 1000)).toBe(45);
    utimesSync(path('app.ini'), now + 2000, now + 2000);
    expect(await limit(now + 1000)).toBeNull();
  });

  it('of another root nothing is certain', async () => {
    expect(await machine(['@/app.ini'], FILES, '/srv').limit()).toBeNull();
    expect(await machine(['--harakiri=9'], FILES, '/srv').limit()).toBe(9);
  });

  it('that is a pipe or too large nothing is certain', async () => {
    const { limit, path } = machine(['@/app.ini'], FILES);
    truncateSync(path('app.ini'), 1024 * 1024);
    expect(await limit()).toBe(45);
    truncateSync(path('app.ini'), 1024 * 1024 + 1);
    expect(await limit()).toBeNull();
    rmSync(path('app.ini'));
    execFileSync('mkfifo', [path('app.ini')]);
    expect(await limit()).toBeNull();
  });
});

it.each(['HARAKIRI', 'INI', 'YAML'])('nothing is certain with UWSGI_%s in the environment', async (name) => {
  const { limit, commandLine } = machine(['--harakiri', '30']);
  const environ = join(dirname(commandLine), 'environ');
  writeFileSync(environ, 'HOME=/\0HARAKIRI=5\0UWSGI_RELOADS=1\0UWSGI_EMPEROR_FD=4\0');
  expect(await limit()).toBe(30);
  writeFileSync(environ, `HOME=/\0UWSGI_${name}=5\0`);
  expect(await limit()).toBeNull();
});

it('is not known of a process that is not there', async () => {
  const { proc } = machine([]);
  expect(await harakiriOf(PID + 1, STARTED, proc)).toBeNull();
});

describe('a reading', () => {
  it('looks again after some seconds, and not before', async () => {
    const { proc, commandLine, textOf } = machine(['--harakiri', '30']);
    const harakiri = new Harakiri(proc);
    expect(await harakiri.read(PID, STARTED, 100)).toBe(30);
    writeFileSync(commandLine, textOf(['--harakiri', '60']));
    expect(await harakiri.read(PID, STARTED, 109)).toBe(30);
    expect(await harakiri.read(PID, STARTED, 110)).toBe(60);
  });

  it('knows nothing of another master until it has looked, be it of the same pid', async () => {
    const { proc, commandLine, textOf } = machine(['--harakiri', '30']);
    const harakiri = new Harakiri(proc);
    expect(await harakiri.read(PID, STARTED, 100)).toBe(30);
    writeFileSync(commandLine, textOf(['--harakiri', '60']));
    expect(await harakiri.read(PID, STARTED + 1, 101)).toBe(60);
    expect(await harakiri.read(PID + 1, STARTED + 1, 102)).toBeNull();
  });

  it('does not wait for what hangs, and takes it when it comes', async () => {
    const { proc, commandLine, textOf } = machine([]);
    // A pipe is read as soon as somebody writes.
    rmSync(commandLine);
    execFileSync('mkfifo', [commandLine]);
    const harakiri = new Harakiri(proc);
    expect(await harakiri.read(PID, STARTED, 100)).toBeNull();
    expect(await harakiri.read(PID, STARTED, 120)).toBeNull();
    // Another master does not get what was found of this one.
    expect(await harakiri.read(PID, STARTED + 1, 121)).toBeNull();
    writeFileSync(commandLine, textOf(['--harakiri', '30']));
    rmSync(commandLine);
    writeFileSync(commandLine, textOf(['--harakiri', '60']));
    const found: (number | null)[] = [];
    await expect
      .poll(async () => found.push(await harakiri.read(PID, STARTED + 1, 121)) && found.at(-1))
      .not.toBeNull();
    expect(found.at(-1)).toBe(60);
  });
});
