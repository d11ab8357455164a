import type { Answer } from '../sources/answer.ts';
import { TruncatedError } from '../sources/errors.ts';
import { read } from '../sources/read.ts';
import { snapshotOf } from '../sources/snapshot.ts';
import { decodeBytes } from '../stats/bytes.ts';
import { cleanLines } from '../text/clean.ts';
import type { Chosen } from './options.ts';
import { write } from './output.ts';
import { firstTarget } from './resolve-target.ts';

/**
 * `--raw`: prints the bytes as they arrived, including secrets, defects and HTTP headers. On a terminal they are
 * printed as cleaned text, because clients of the server could have put escape sequences into them.
 */
export async function raw(target: string, options: Chosen): Promise<void> {
  const parsed = await firstTarget(target);
  const answer = await read(parsed, { timeoutSeconds: options.timeout });
  await write(process.stdout.isTTY ? cleanLines(decodeBytes(answer.bytes)) : answer.bytes);
  failIfCutOff(parsed.text, answer);
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
