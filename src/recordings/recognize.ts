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
  return recognized(path) === 'yes';
}

/** Whether a path is a recording, or cannot be read by this user and so may be one. */
export function mayBeRecording(path: string): boolean {
  return recognized(path) !== 'no';
}

function recognized(path: string): 'yes' | 'no' | 'not permitted' {
  try {
    const status = statSync(path);
    const found = status.isDirectory()
      ? readdirSync(path).some((name) => name.endsWith(ENDING))
      : status.isFile() && beginsLikeOne(path);
    return found ? 'yes' : 'no';
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EACCES' ? 'not permitted' : 'no';
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
