#!/bin/sh
# Prepares a fresh clone: installs the packages of the lock file, unless they are up to date, and builds.
set -e
node bin/node-version.js
if [ ! node_modules/.package-lock.json -nt package-lock.json ]; then
  npm ci --no-audit --no-fund --loglevel=error
fi
npm run --silent build
