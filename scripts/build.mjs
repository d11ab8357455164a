// Bundles the modules of src/ and the packages that they use into CommonJS files. An installation needs no other
// package, and a command compiles only the files that it needs. `bundled.json` lists the modules in the files, and what
// each imports.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { build, transform } from 'esbuild';
import { APART, apart } from './apart.mjs';
import { buildInfo } from './build-info.mjs';
import { packagesIntoBundle } from './bundled-packages.mjs';
import { withDirectNames, withLazyImports, withPlainExports } from './lazy-imports.mjs';
import { packsOf, packText, withPacks } from './packs.mjs';

const folder = process.argv[2] ?? 'dist';
const options = { platform: 'node', target: 'node20' };

const { outputFiles, metafile } = await build({
  ...options,
  entryPoints: { cli: 'src/cli.ts', ...APART },
  outdir: folder,
  bundle: true,
  // Code that several files need becomes a file. esbuild can do this only for ES modules.
  splitting: true,
  format: 'esm',
  outExtension: { '.js': '.cjs' },
  chunkNames: '[name]-[hash]',
  plugins: [apart, packagesIntoBundle],
  // A text becomes a constant where it is used. An object would become a variable of its own file.
  define: {
    STATSTOP_BUILD: JSON.stringify(JSON.stringify(buildInfo())),
    'import.meta.filename': '__filename',
  },
  metafile: true,
  write: false,
  logLevel: 'warning',
});

rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
const packs = packsOf(metafile.outputs);
const contents = new Map();
for (const { path, text } of outputFiles) {
  // Without `import()`, which would load Node's loader of ES modules.
  const supported = { 'dynamic-import': false };
  const { code } = await transform(text, { ...options, format: 'cjs', supported });
  const plain = withPacks(withPlainExports(withLazyImports(withDirectNames(code))), packs);
  const name = basename(path);
  const file = packs.get(name) ?? name;
  // Without the helpers of esbuild that are no longer used.
  const used = await transform(plain, { ...options, treeShaking: true });
  contents.set(file, [...(contents.get(file) ?? []), [name, used.code]]);
}
const packed = new Set(packs.values());
for (const [name, outputs] of contents) {
  const text = packed.has(name) ? packText(outputs) : outputs[0][1];
  writeFileSync(join(folder, name), (await transform(text, { ...options, minify: true })).code);
}
writeFileSync(join(folder, 'bundled.json'), JSON.stringify(metafile.inputs));
