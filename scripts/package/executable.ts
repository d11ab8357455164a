import { execFileSync } from 'node:child_process';
import { copyFileSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** Marks the place in the binary of Node.js that says whether it contains a program. */
const FUSE = 'NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2';

/** Relative, because the executable contains the name. */
const MAIN = 'statstop.cjs';
const BLOB = 'statstop.blob';

const CONFIG = {
  main: MAIN,
  output: BLOB,
  disableExperimentalSEAWarning: true,
  // Compiling takes half of the start. This code cache is part of the executable, so other users cannot change it.
  useCodeCache: true,
  // NODE_OPTIONS is meant for other programs of the machine.
  execArgvExtension: 'none',
};

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
  writeFileSync(inFolder(MAIN), joined(bundle));
  writeFileSync(inFolder('sea.json'), JSON.stringify(CONFIG));
  copyFileSync(node, output);
  // Before the program is added: `strip` removes parts that it does not know.
  execFileSync('strip', [output]);
  // The stripped binary itself must make the code cache. `--predictable` of V8 makes the same cache each time.
  const options = ['--predictable', '--experimental-sea-config', 'sea.json'];
  execFileSync(resolve(output), options, { cwd: folder, stdio: 'pipe' });
  const words = [POSTJECT, output, 'NODE_SEA_BLOB', inFolder(BLOB), '--sentinel-fuse', FUSE];
  execFileSync(process.execPath, words, { stdio: 'pipe' });
}

/** Joins the files of the bundle to one, because the program in an executable cannot load other files. */
function joined(bundle: string): string {
  const files = readdirSync(bundle).filter((name) => name.endsWith('.cjs'));
  const functions = files.map((name) => {
    const text = readFileSync(join(bundle, name), 'utf8');
    return `${JSON.stringify(`./${name}`)}(require, module, exports) {${text}\n}`;
  });
  return `const files = {${functions.join(',\n')}};
const loaded = {};
function load(name) {
  if (!files[name]) return require(name);
  if (loaded[name]) return loaded[name].exports;
  const module = { exports: {} };
  loaded[name] = module;
  files[name](load, module, module.exports);
  return module.exports;
}
load('./cli.cjs').main(process.argv.slice(2));
`;
}
