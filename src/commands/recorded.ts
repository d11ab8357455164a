import { errorAt, RecordingError } from '../recordings/error.ts';
import { limitsText, type Moment, timeOf, timeWithin } from '../recordings/moment.ts';
import { openRecording, type Recording } from '../recordings/open.ts';
import { dayAndTime } from '../text/format.ts';
import { UsageError } from './usage-error.ts';
import { build } from './version.ts';

/**
 * Opens a recording.
 *
 * @throws RecordingError with the path
 */
export function recordingAt(path: string): Recording {
  try {
    return openRecording(path, build().version);
  } catch (error) {
    throw errorAt(path, error);
  }
}

/**
 * Opens the recording that is among the targets of a command line.
 *
 * @throws RecordingError, or UsageError for a recording beside other targets
 */
export function openedRecording(path: string, texts: readonly string[]): Recording {
  if (texts.length > 1) throw new UsageError(`${path} is a recording. Give it alone`);
  return recordingAt(path);
}

/**
 * The time of `--at`, in Unix seconds, between the begin and the end of the recording.
 *
 * @throws UsageError for a time outside the recording
 */
export function timeIn(recording: Recording, at: Moment | undefined, otherwise: number): number {
  if (at === undefined) return otherwise;
  const time = timeWithin(at, recording);
  if (time === null) throw new UsageError(`--at: ${limitsText(recording.path, recording)}`);
  return time;
}

/**
 * @throws RecordingError if the recording has no reading that can be shown from a time on, because that part is damaged
 */
export function refuseUnreadable(recording: Recording, from: number): void {
  for (const { kind } of recording.items(from)) if (kind === 'event') return;
  const why = `it has no complete reading at ${dayAndTime(from)}; the file is incomplete or damaged`;
  throw new RecordingError(`${recording.path}: ${why}`);
}

/**
 * The period from `--from` until `--until` in Unix seconds. Without them, it is that of the whole recording.
 *
 * @throws UsageError for a period outside the recording
 */
export function periodIn(
  recording: Recording,
  { from, until }: { from?: Moment | undefined; until?: Moment | undefined },
): { from: number; until: number } {
  const { path, start, end } = recording;
  const last = until === undefined ? end : timeOf(until, { start, end });
  const first = from === undefined ? start : timeOf(from, { start, end: last });
  const asked = `${dayAndTime(first)} to ${dayAndTime(last)}`;
  if (from !== undefined && until !== undefined && first >= last)
    throw new UsageError(`--from is not before --until: ${asked}`);
  if (first > end || last < start)
    throw new UsageError(
      `nothing was recorded in the period from ${asked}: ${limitsText(path, { start, end })}`,
    );
  return { from: first, until: last };
}
