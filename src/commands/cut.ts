import { type Cut, cutOut } from '../recordings/cut.ts';
import { errorAt } from '../recordings/error.ts';
import type { Moment } from '../recordings/moment.ts';
import type { Recording } from '../recordings/open.ts';
import { dayAndTime } from '../text/format.ts';
import { bytes } from '../text/words.ts';
import { write } from './output.ts';
import { periodIn, recordingAt } from './recorded.ts';

export interface CutOptions {
  from: Moment;
  until: Moment;
  to: string;
}

/**
 * `statstop cut`: writes a period of a recording to one file.
 *
 * @throws RecordingError, or UsageError for a period outside the recording
 */
export async function cut(path: string, { from, until, to }: CutOptions): Promise<void> {
  const recording = recordingAt(path);
  try {
    const period = periodIn(recording, { from, until });
    const { start, end, bytes: size } = cutTo(to, recording, period.from, period.until);
    await write(`${dayAndTime(start)} to ${dayAndTime(end)}: ${bytes(size)} written to ${to}\n`);
  } finally {
    recording.close();
  }
}

function cutTo(path: string, recording: Recording, from: number, until: number): Cut {
  try {
    return cutOut(recording, from, until, path);
  } catch (error) {
    throw errorAt(path, error);
  }
}
