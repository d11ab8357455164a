// Prepares what `npm pack` packs, and puts back what it changed: `strip` and `restore`.
//
// Only `npm pack` runs this, as `prepack` and `postpack`.
//
// The packages in the bundle are dependencies of a clone, but an installation needs none of them. So the package.json of
// the npm package has no dependencies.
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { COMPLETIONS } from './completions.ts';
import { definition } from './definition.ts';
import { manual } from './manual.ts';
import { timeOfRelease } from './release-time.ts';

const SAVED = 'dist/package.json';

const text = readFileSync('package.json', 'utf8');
const { dependencies, devDependencies, scripts, ...rest } = JSON.parse(text);

if (process.argv[2] === 'restore') copyFileSync(SAVED, 'package.json');
else {
  // The scripts would be gone from a clone, too.
  if (!dependencies || !scripts)
    throw new Error(
      'package.json is that of an npm package: an `npm pack` was interrupted. Run: git checkout package.json',
    );
  const commands = definition();
  writeFileSync('dist/statstop.1', manual(commands, rest.version, timeOfRelease()));
  mkdirSync('dist/completions', { recursive: true });
  for (const { file, write } of COMPLETIONS) writeFileSync(`dist/completions/${file}`, write(commands));
  writeFileSync(SAVED, text);
  writeFileSync('package.json', `${JSON.stringify({ ...rest, man: ['dist/statstop.1'] }, null, 2)}\n`);
}
