import { isRecording } from '../recordings/recognize.ts';
import { TargetErrors } from '../sources/errors.ts';
import { ENDING_SIGNALS, endBy } from '../terminal/signals.ts';
import { observeEach } from './observe-each.ts';
import type { Chosen } from './options.ts';
import { selectedBy } from './targets.ts';
import { writeSteps } from './write-steps.ts';

/** Milliseconds for which a signal waits until the reader has taken the last row. */
const LAST_ROW_MS = 500;

/**
 * `--stream` and `--line`: prints a row for each reading of each server, until `count` readings, a signal, or the end of
 * the reader.
 *
 * @throws TargetErrors at the end, if a server could never be read
 */
export async function stream(texts: readonly string[], options: Chosen): Promise<void> {
  const path = texts.find(isRecording);
  const selected = path === undefined ? await selectedBy(texts) : [];
  const stop = new AbortController();
  let signal: NodeJS.Signals | null = null;
  for (const each of ENDING_SIGNALS)
    process.once(each, () => {
      signal = each;
      stop.abort();
      setTimeout(() => endBy(each), LAST_ROW_MS).unref();
    });
  const rows =
    path === undefined
      ? writeSteps(
          observeEach(selected, options, stop.signal),
          selected.map(({ server }) => server.name),
          options,
          stop,
        )
      : (await import('./stream-recording.ts')).writeRecording(path, texts, options, stop);
  const lost = await rows.catch((error) => {
    // The other servers would keep the process alive.
    stop.abort();
    throw error;
  });
  if (signal !== null) endBy(signal);
  else if (lost.length > 0 && !stop.signal.aborted) throw new TargetErrors(lost);
}
