import { execFileSync } from 'node:child_process';
import { copyFileSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** Marks the place in the binary of Node.js that says whether it contains a program. */
const FUSE = 'NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2';

// Relative, because the executable contains the names.
const MAIN = 'main.cjs';
const PROGRAM = 'statstop.cjs';
const CACHE = 'statstop.cache';
const BLOB = 'statstop.blob';

const CONFIG = {
  main: MAIN,
  output: BLOB,
  disableExperimentalSEAWarning: true,
  assets: { [PROGRAM]: PROGRAM, [CACHE]: CACHE },
  // NODE_OPTIONS is meant for other programs of the machine.
  execArgvExtension: 'none',
};

/**
 * Without a code cache, each start compiles the program. This one contains the functions that commands have used, unlike the one that
 * Node.js itself can make, which has no functions. It is part of the executable, so other users cannot change it.
 */
const MAIN_TEXT = `const { getRawAsset } = require('node:sea');
const { Script } = require('node:vm');
const text = Buffer.from(getRawAsset('${PROGRAM}')).latin1Slice();
const cachedData = Buffer.from(getRawAsset('${CACHE}'));
const script = new Script(text, { filename: '${PROGRAM}', cachedData });
script.runInThisContext()(require)(process.argv.slice(2));
`;

/** Runs the commands in its arguments, and writes the code cache with the functions that they used. */
const MAKER = 'maker.cjs';
const MAKER_TEXT = `const { readFileSync, writeFileSync } = require('node:fs');
const { Script } = require('node:vm');
const text = readFileSync('${PROGRAM}', 'latin1');
const main = new Script(text, { filename: '${PROGRAM}' });
const run = main.runInThisContext()(require);
(async () => {
  for (const words of JSON.parse(process.argv[2])) await run(words);
  const cachedData = main.createCachedData();
  if (new Script(text, { filename: '${PROGRAM}', cachedData }).cachedDataRejected) throw new Error('no code cache');
  writeFileSync('${CACHE}', cachedData);
  process.exitCode = 0;
})();
`;

/** A document with requests, caches and other parts, and the commands whose functions are in the code cache. */
const DOCUMENT = resolve('fixtures/uwsgi-2.0.28/threads.2.stats');
const COMMANDS = [['--json'], ['check'], ['--once']].map((words) => [...words, '--no-config', DOCUMENT]);

/** Adds a program to a binary. Its warnings about names of sections are harmless. */
const POSTJECT = 'node_modules/postject/dist/cli.js';

/**
 * Makes one executable of Node.js and the bundle: Node's "single executable application".
 *
 * @param node the binary of Node.js, which also compiles the bundle
 * @param bundle the folder of the CommonJS files of `scripts/build.mjs`
 * @param folder for intermediate files
 */
export function makeExecutable(node: string, bundle: string, output: string, folder: string): void {
  const inFolder = (name: string) => join(folder, name);
  writeFileSync(inFolder(MAIN), MAIN_TEXT);
  writeFileSync(inFolder(MAKER), MAKER_TEXT);
  writeFileSync(inFolder(PROGRAM), joined(bundle));
  writeFileSync(inFolder('sea.json'), JSON.stringify(CONFIG));
  copyFileSync(node, output);
  // Before the program is added: `strip` removes parts that it does not know.
  execFileSync('strip', [output]);
  // The stripped binary itself must make the code cache. `--predictable` of V8 makes the same cache each time.
  for (const options of [
    ['--predictable', MAKER, JSON.stringify(COMMANDS)],
    ['--experimental-sea-config', 'sea.json'],
  ])
    execFileSync(resolve(output), options, { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] });
  const words = [POSTJECT, output, 'NODE_SEA_BLOB', inFolder(BLOB), '--sentinel-fuse', FUSE];
  execFileSync(process.execPath, words, { stdio: 'pipe' });
}

/**
 * Joins the files of the bundle to one function that returns `main`, because the program in an executable cannot load
 * other files.
 */
function joined(bundle: string): string {
  const files = readdirSync(bundle).filter((name) => name.endsWith('.cjs'));
  const functions = files.map((name) => {
    const text = readFileSync(join(bundle, name), 'utf8');
    return `${JSON.stringify(`./${name}`)}(require, module, exports, __filename, __dirname) {${text}\n}`;
  });
  return `(function (require) {
const files = {${functions.join(',\n')}};
const loaded = {};
const folder = require('node:path').dirname(process.execPath);
function load(name) {
  if (!files[name]) return require(name);
  if (loaded[name]) return loaded[name].exports;
  const module = { exports: {} };
  loaded[name] = module;
  files[name](load, module, module.exports, process.execPath, folder);
  return module.exports;
}
return load('./cli.cjs')('./cli.cjs').main;
})`;
}
