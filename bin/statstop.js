#!/usr/bin/env node
// CommonJS, as the package.json beside it says: see scripts/build.mjs.
// Node's compile cache stays off. Its default directory is below the temporary directory, where another user can create
// it first, and Node.js runs what it finds there.
require('./node-version.js');
require('../dist/cli.cjs').main(process.argv.slice(2));
