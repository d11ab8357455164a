import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import fc from 'fast-check';

/** CI sets the seed, so that its result for a change is reproducible. All other runs test new random values. */
const { STATSTOP_SEED } = process.env;
if (STATSTOP_SEED) fc.configureGlobal({ seed: Number(STATSTOP_SEED) });

/**
 * Names temporary folders with hexadecimal digits. The letters of Node.js can contain the name of a secret: statstop
 * takes `JjW04T` for `jwt`, and masks the part of the path that follows.
 */
fs.mkdtempSync = ((prefix: string) => {
  const path = `${prefix}${randomBytes(3).toString('hex')}`;
  fs.mkdirSync(path, { mode: 0o700 });
  return path;
}) as typeof fs.mkdtempSync;
syncBuiltinESMExports();
