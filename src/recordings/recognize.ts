import { closeSync, constants, fstatSync, openSync, readdirSync, readSync, statSync } from 'node:fs';

/** Ending of the names of files with recordings. */
export const ENDING = '.statstop';

/** The first bytes of a file of any version of the format. */
const BEGIN = 'statstop recording ';

/**
 * Whether a path is a file that `statstop record` wrote, or a folder of such files. `false` for a path that cannot be
 * examined: the read of the target reports the reason.
 */
export function isRecording(path: string): boolean {
  try {
    const status = statSync(path);
    if (status.isDirectory()) return readdirSync(path).some((name) => name.endsWith(ENDING));
    return status.isFile() && beginsLikeOne(path);
  } catch {
    return false;
  }
}

/** Another user can have replaced the file since its kind was checked, so this waits for no pipe. */
function beginsLikeOne(path: string): boolean {
  const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
  try {
    if (!fstatSync(file).isFile()) return false;
    const bytes = Buffer.alloc(BEGIN.length);
    return readSync(file, bytes, 0, bytes.length, 0) === bytes.length && bytes.toString('latin1') === BEGIN;
  } finally {
    closeSync(file);
  }
}
