// Bundles the modules of src/ into one CommonJS file. Node.js starts it in half the time of the separate modules. It
// does not search the packages, which stay external, for export names. Modules that a command imports at run time are
// evaluated only then.
import { rmSync } from 'node:fs';
import { build } from 'esbuild';

rmSync('dist', { recursive: true, force: true });
await build({
  entryPoints: ['src/cli.ts'],
  outfile: 'dist/cli.cjs',
  bundle: true,
  format: 'cjs',
  platform: 'node',
  target: 'node20',
  packages: 'external',
  define: { 'import.meta.url': 'moduleUrl' },
  banner: { js: "const moduleUrl = require('node:url').pathToFileURL(__filename).href;" },
  // Half the code compiles in half the time.
  minify: true,
  logLevel: 'warning',
});
