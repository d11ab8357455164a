import { execFileSync } from 'node:child_process';
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Marks the place in the binary of Node.js that says whether it contains a program. */
const FUSE = 'NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2';

/** Adds a program to a binary. Its warnings about names of sections are harmless. */
const POSTJECT = 'node_modules/postject/dist/cli.js';

/**
 * Makes one executable of Node.js and the bundle: Node's "single executable application".
 *
 * @param node the binary of Node.js, which also compiles the bundle
 * @param bundle a CommonJS file that exports `main` and needs no other file
 * @param folder for intermediate files
 */
export function makeExecutable(node: string, bundle: string, output: string, folder: string): void {
  const main = join(folder, 'main.cjs');
  writeFileSync(main, `${readFileSync(bundle, 'utf8')}\nmodule.exports.main(process.argv.slice(2));\n`);
  copyFileSync(node, output);
  // Before the program is added: `strip` removes parts that it does not know.
  execFileSync('strip', [output]);
  const blob = join(folder, 'statstop.blob');
  const config = join(folder, 'sea.json');
  writeFileSync(
    config,
    JSON.stringify({
      main,
      output: blob,
      disableExperimentalSEAWarning: true,
      // Compiling takes half of the start. This code cache is part of the executable, so other users cannot change it.
      useCodeCache: true,
      // NODE_OPTIONS is meant for other programs of the machine.
      execArgvExtension: 'none',
    }),
  );
  // The stripped binary itself must make the code cache.
  execFileSync(output, ['--experimental-sea-config', config], { stdio: 'pipe' });
  const words = [POSTJECT, output, 'NODE_SEA_BLOB', blob, '--sentinel-fuse', FUSE];
  execFileSync(process.execPath, words, { stdio: 'pipe' });
}
