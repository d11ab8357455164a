// One CommonJS file from the modules of src/: Node.js starts it in half the time that the modules themselves take, and
// does not search the packages, which stay outside, for names that they might export. What a command imports when it
// runs is evaluated only then.
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
  // Half the text is compiled in half the time.
  minify: true,
  logLevel: 'warning',
});
