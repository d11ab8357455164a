import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { captureFile, NO_SETTINGS, ROOT, run } from '../commands/run.ts';

/** Checks which modules of Node.js and which files of the bundle a command loads. Loading them is most of a start. */

const folder = mkdtempSync(join(tmpdir(), 'statstop-modules-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Prints at the end what was loaded, as the last line. */
const reporter = join(folder, 'reporter.cjs');
writeFileSync(
  reporter,
  `const { writeSync } = require('node:fs');
process.on('exit', () => {
  const loaded = { modules: process.moduleLoadList, files: Object.keys(require.cache) };
  writeSync(2, JSON.stringify(loaded));
});`,
);

interface Loaded {
  /** Public modules of Node.js. */
  modules: string[];
  /** Names of files of the bundle, without the hash of their content. */
  files: string[];
}

async function loadedBy(script: string, ...args: string[]): Promise<Loaded> {
  const words = [process.execPath, '--require', reporter, script, ...args];
  const { status, stderr } = await run(words, { env: { ...process.env, ...NO_SETTINGS } });
  expect([args, status]).toEqual([args, 0]);
  const { modules, files }: Loaded = JSON.parse(stderr);
  return {
    modules: modules
      .map((name) => name.replace(/^NativeModule /, ''))
      .filter((name) => builtinModules.includes(name)),
    files: files.flatMap(
      (path) => /\/dist\/([a-z\d]+(?:-[a-z\d]+)*)(?:-[A-Z\d]{8})?\.cjs$/.exec(path)?.[1] ?? [],
    ),
  };
}

const empty = join(folder, 'empty.cjs');
writeFileSync(empty, '');

async function moreThanEmpty(...args: string[]): Promise<Loaded> {
  const nothing = await loadedBy(empty);
  const loaded = await loadedBy(join(ROOT, 'bin/statstop.js'), ...args);
  expect(loaded.files).toContain('cli');
  return { ...loaded, modules: loaded.modules.filter((name) => !nothing.modules.includes(name)) };
}

/** Files of the bundle that only some options, settings or targets need. */
const RARE = [
  'live',
  'demo',
  'once',
  'host',
  'columns',
  'settings',
  'toml-patch',
  'shlex',
  're2js',
  'canvas',
];

describe('the built command', () => {
  it.each([['--version'], ['-V']])('loads nothing but itself for %s', async (option) => {
    const { modules, files } = await moreThanEmpty(option);
    expect([modules, files.filter((name) => name !== 'chunk')]).toEqual([[], ['cli']]);
  });

  it.each([
    ['--json', ['--json', '--interval', '0']],
    ['--json with an option that names no columns', ['--json', '--long', '/events/*', '-i0']],
    ['check', ['check']],
  ])('loads no module for sockets, streams or processes for %s of a file', async (_, args) => {
    const { modules, files } = await moreThanEmpty(...args, captureFile('threads'));
    // commander imports `process`. `module` keeps compiled code. Both are there in every program, under other names.
    expect(modules.filter((name) => !['process', 'module'].includes(name))).toEqual([]);
    expect(files.filter((name) => RARE.includes(name))).toEqual([]);
  });

  it('loads the files of rare options when they are given', async () => {
    const { files } = await moreThanEmpty('--once', '--filter', 'uri~a', captureFile('threads'));
    expect(RARE.filter((name) => files.includes(name))).toEqual(['once', 're2js']);
    const { files: sorted } = await moreThanEmpty('--once', '--sort', 'rps', captureFile('threads'));
    expect(RARE.filter((name) => sorted.includes(name))).toEqual(['once', 'columns']);
  });
});
