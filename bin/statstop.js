#!/usr/bin/env node
// CommonJS, as set in the package.json of this folder; scripts/build.mjs has the reason.
require('./node-version.js');
require('../dist/cli.cjs')('./cli.cjs').main(process.argv.slice(2));
