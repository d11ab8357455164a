#!/usr/bin/env node
// CommonJS, as the package.json beside it says: see scripts/build.mjs.
const module_ = require('node:module');

// Node.js 22.1 and newer keep compiled code between runs.
module_.enableCompileCache?.();

require('../dist/cli.cjs').main(process.argv.slice(2));
