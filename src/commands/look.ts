import { isRecording } from '../recordings/recognize.ts';
import { type Looked, observeAll } from './observe-all.ts';
import { type LookOptions, observeSelected } from './observe-target.ts';
import type { Options } from './options.ts';
import { selectedBy } from './targets.ts';

/**
 * Observes the servers of a command line for a limited time. A recording is not observed: it has what was observed until
 * `at`, or until its end.
 *
 * @throws TargetError, RecordingError, or the errors of `selectedBy`
 */
export async function look(
  texts: readonly string[],
  options: LookOptions & Pick<Options, 'at'>,
): Promise<Looked> {
  const back = await lookBack(texts, options);
  if (back !== null) return back;
  const selected = await selectedBy(texts);
  const [only, ...others] = selected;
  const recorded = false;
  if (only && others.length === 0)
    return { observed: await observeSelected(only, options), all: null, recorded };
  return { observed: null, all: await observeAll(selected, options), recorded };
}

/**
 * What a recording has at a time: see `recordedAt`. `null` for servers.
 *
 * @throws the errors of `recordedAt`
 */
export async function lookBack(
  texts: readonly string[],
  { at }: Pick<Options, 'at'>,
): Promise<Looked | null> {
  const path = texts.find(isRecording);
  return path === undefined ? null : (await import('./look-back.ts')).recordedAt(path, texts, at);
}
