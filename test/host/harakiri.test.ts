import { mkdirSync, mkdtempSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { Harakiri, harakiriOf } from '../../src/host/harakiri.ts';

const PID = 40;
const STARTED = 1_795_335_000;

/** A `/proc` with a master of that command line, and files that it sees at these paths under its root, in /srv. */
function machine(words: readonly string[], files: Readonly<Record<string, string>> = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'statstop-harakiri-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const [proc, root] = [join(folder, 'proc'), join(folder, 'root')];
  const own = join(proc, String(PID));
  mkdirSync(own, { recursive: true });
  mkdirSync(join(root, 'srv'), { recursive: true });
  symlinkSync(root, join(own, 'root'));
  symlinkSync(join(root, 'srv'), join(own, 'cwd'));
  const write = (path: string, text: string, changed = STARTED - 60) => {
    writeFileSync(join(root, path), text);
    utimesSync(join(root, path), changed, changed);
  };
  const start = (all: readonly string[]) => writeFileSync(join(own, 'cmdline'), `${all.join('\0')}\0`);
  start(['uwsgi', ...words]);
  for (const [path, text] of Object.entries(files)) write(path, text);
  return { proc, write, start, limit: () => harakiriOf(PID, STARTED, proc) };
}

it.each([
  [['--harakiri', '30'], 30],
  [['--harakiri=30'], 30],
  [['-t', '7', '--processes', '4'], 7],
  [['--harakiri', '30', '--harakiri', '60'], 60],
  [['--harakiri', '0'], null],
  [['--harakiri'], null],
  [['--harakiri', 'soon'], null],
  [['--harakiri', '-5'], null],
  [['--spooler-harakiri', '30', '--http-harakiri=9', '--harakiri-verbose'], null],
  [[], null],
])('of the words %j it is %j', async (words, seconds) => {
  expect(await machine(words).limit()).toBe(seconds);
});

const INI = '[uwsgi]\nprocesses = 4\n  harakiri = 45\nharakiri-verbose = true\n';

it.each([
  [['--ini', '/srv/app.ini']],
  [['--ini=/srv/app.ini']],
  [['--ini', 'app.ini']],
  [['app.ini']],
  [['/srv/app.ini', '--daemonize', '/var/log/uwsgi.log']],
  [['--ini', '/srv/app.ini', '--ini', '/srv/gone.ini']],
])('of the words %j it is in the file', async (words) => {
  const files = { 'srv/app.ini': INI };
  const found = await machine(
    words,
    words.length > 2 ? { ...files, 'srv/gone.ini': '[uwsgi]\n' } : files,
  ).limit();
  expect(found).toBe(45);
});

it('an option has its way against a file', async () => {
  expect(await machine(['--ini', 'app.ini', '--harakiri=9'], { 'srv/app.ini': INI }).limit()).toBe(9);
});

it.each([
  ['the last line of several', '[uwsgi]\nharakiri = 1\nharakiri = 2\n', 2],
  ['the section of uWSGI only', '[other]\nharakiri = 1\n[uwsgi]\nprocesses = 1\n', null],
  ['no line that is a comment', '[uwsgi]\n; harakiri = 1\n#harakiri = 2\n', null],
  ['no placeholder', '[uwsgi]\nharakiri = $(LIMIT)\n', null],
  ['no other option', '[uwsgi]\nmule-harakiri = 3\nharakiri-no-arh = 1\n', null],
  ['lines of another system', '[uwsgi]\r\nharakiri = 12\r\n', 12],
  ['nothing', '', null],
])('of a file it counts %s', async (_, text, seconds) => {
  expect(await machine(['app.ini'], { 'srv/app.ini': text }).limit()).toBe(seconds);
});

it('the section that was named is the one', async () => {
  const files = { 'srv/app.ini': '[uwsgi]\nharakiri = 1\n[prod]\nharakiri = 90\n' };
  expect(await machine(['--ini', 'app.ini:prod'], files).limit()).toBe(90);
});

it('a file that was changed after the start says nothing of this server', async () => {
  const made = machine(['app.ini'], { 'srv/app.ini': INI });
  made.write('srv/app.ini', INI, STARTED + 1);
  expect(await made.limit()).toBeNull();
});

it('is not known without the file, and of a process that is not there', async () => {
  expect(await machine(['app.ini']).limit()).toBeNull();
  const { proc } = machine([]);
  expect(await harakiriOf(PID + 1, STARTED, proc)).toBeNull();
});

it('is looked for again after some seconds, and not before', async () => {
  const { proc, start } = machine(['--harakiri', '30']);
  const harakiri = new Harakiri(proc);
  expect(await harakiri.read(PID, STARTED, 100)).toBe(30);
  start(['uwsgi', '--harakiri', '60']);
  expect(await harakiri.read(PID, STARTED, 109)).toBe(30);
  expect(await harakiri.read(PID, STARTED, 110)).toBe(60);
});
