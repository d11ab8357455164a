#!/bin/sh
# Everything that a fresh clone needs: the packages of the lock file, if they are not there yet, and a build.
set -e
node bin/node-version.js
if [ ! node_modules/.package-lock.json -nt package-lock.json ]; then
  npm ci --no-audit --no-fund --loglevel=error
fi
npm run --silent build
