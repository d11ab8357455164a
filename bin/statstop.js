#!/usr/bin/env node
// CommonJS, as set in the package.json of this folder; scripts/build.mjs has the reason.
// Node's compile cache stays off. Its default directory is below the temporary directory. Another user can create it
// first, and Node.js runs the code that it finds there.
require('./node-version.js');
require('../dist/cli.cjs').main(process.argv.slice(2));
