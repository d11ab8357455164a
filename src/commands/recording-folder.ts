import { randomUUID } from 'node:crypto';
import { resolve } from 'node:path';
import { errorAt } from '../recordings/error.ts';
import { type FolderOptions, RecordingFolder } from '../recordings/folder.ts';
import { Recorder } from '../recordings/recorder.ts';
import { makeFolders } from '../settings/folders.ts';
import { refuseUntrustedFolder } from '../settings/trust.ts';
import { type Chosen, maskOf } from './options.ts';
import { build } from './version.ts';

/** Returns a recorder with the settings of a command. Secrets are always masked. */
export function recorderFor({ interval, long = [], paths = [], settings, show, mask }: Chosen): Recorder {
  return new Recorder({
    version: build().version,
    run: randomUUID(),
    interval,
    options: { levels: settings.findings, long, paths },
    mask: maskOf({ show, mask }),
  });
}

/**
 * Opens a folder to record to. A missing one is made with access only for this user.
 *
 * @throws RecordingError with the path, if it cannot be used
 */
export async function openFolder(
  folder: string,
  recorder: Recorder,
  options: FolderOptions,
): Promise<RecordingFolder> {
  const path = resolve(folder);
  try {
    if (process.geteuid?.() === 0) await refuseUntrustedFolder(path, 'Give another folder');
    makeFolders(path);
    return new RecordingFolder(path, recorder, options);
  } catch (error) {
    throw errorAt(path, error);
  }
}
