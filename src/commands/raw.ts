import type { Answer } from '../sources/answer.ts';
import { TruncatedError } from '../sources/errors.ts';
import { read } from '../sources/read.ts';
import { snapshotOf } from '../sources/snapshot.ts';
import { decodeBytes } from '../stats/bytes.ts';
import { cleanLines } from '../text/clean.ts';
import type { Chosen } from './options.ts';
import { write } from './output.ts';
import { readable, type Selected } from './selected.ts';
import { selectedBy } from './targets.ts';
import { UsageError } from './usage-error.ts';

/**
 * `--raw`: prints the bytes as they arrived, including secrets, defects and HTTP headers. On a terminal they are
 * printed as cleaned text, because clients of the server could have put escape sequences into them.
 */
export async function raw(texts: readonly string[], options: Chosen): Promise<void> {
  const selected = await only(texts);
  const { target } = readable(selected);
  const answer = await read(target, { timeoutSeconds: options.timeout });
  await selected.close?.();
  await write(process.stdout.isTTY ? cleanLines(decodeBytes(answer.bytes)) : answer.bytes);
  failIfCutOff(target.text, answer);
}

/** @throws UsageError if there are several servers. Of a configuration with several, the first is read */
async function only(texts: readonly string[]): Promise<Selected> {
  if (texts.length > 1) throw new UsageError('--raw reads one server. Give one target');
  const [first, ...others] = await selectedBy(texts);
  if (!first) throw new Error('a command has a server');
  if (texts.length === 0 && others.length > 0)
    throw new UsageError(
      `--raw reads one server, and this machine has ${others.length + 1}. Give one of those that \`statstop servers\` lists`,
    );
  return first;
}

/** A broken connection can look like a closed one. A truncated document is printed, and then reported as truncated. */
function failIfCutOff(target: string, answer: Answer): void {
  try {
    snapshotOf(target, answer);
  } catch (error) {
    // Other errors do not matter here: the user wants the bytes.
    if (error instanceof TruncatedError) throw error;
  }
}
