import { TruncatedError } from '../sources/errors.ts';
import { type Answer, read } from '../sources/read.ts';
import { snapshotOf } from '../sources/snapshot.ts';
import { decodeBytes } from '../stats/bytes.ts';
import { parseTarget } from '../targets/parse.ts';
import { cleanLines } from '../text/clean.ts';
import type { Chosen } from './options.ts';
import { write } from './output.ts';

/**
 * `--raw`: the bytes as they came, secrets, defects and HTTP's headers included. On a terminal they are shown as text:
 * clients of the server could have put escape sequences into them.
 */
export async function raw(target: string, options: Chosen): Promise<void> {
  const parsed = parseTarget(target);
  const answer = await read(parsed, { timeoutSeconds: options.timeout });
  await write(process.stdout.isTTY ? cleanLines(decodeBytes(answer.bytes)) : answer.bytes);
  failIfCutOff(parsed.text, answer);
}

/** A connection that breaks can look like one that ends: half a document is printed, and said to be half. */
function failIfCutOff(target: string, answer: Answer): void {
  try {
    snapshotOf(target, answer);
  } catch (error) {
    // What else it is, is the reader's business.
    if (error instanceof TruncatedError) throw error;
  }
}
