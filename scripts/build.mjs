// Bundles the modules of src/ and the packages that they use into one CommonJS file. Node.js starts it in half the time
// of the separate modules, and an installation needs no other package. Modules that a command imports at run time are
// evaluated only then. `bundled.json` lists the files in the bundle, and what each
// imports.
import { rmSync, writeFileSync } from 'node:fs';
import { build } from 'esbuild';
import { buildInfo } from './build-info.mjs';
import { packagesIntoBundle } from './bundled-packages.mjs';

const folder = process.argv[2] ?? 'dist';
rmSync(folder, { recursive: true, force: true });
const { metafile } = await build({
  entryPoints: ['src/cli.ts'],
  outfile: `${folder}/cli.cjs`,
  bundle: true,
  format: 'cjs',
  platform: 'node',
  target: 'node20',
  plugins: [packagesIntoBundle],
  define: { STATSTOP_BUILD: JSON.stringify(buildInfo()), 'import.meta.filename': '__filename' },
  // Half the code compiles in half the time.
  minify: true,
  metafile: true,
  logLevel: 'warning',
});
writeFileSync(`${folder}/bundled.json`, JSON.stringify(metafile.inputs));
