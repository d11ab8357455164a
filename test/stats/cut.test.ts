import { describe, expect, it } from 'vitest';
import { DecodeError, decode } from '../../src/stats/decode.ts';
import { capture, NAMES } from './captures.ts';

/** Cut at every byte: what is small, and what is defective already. Of the rest, enough to meet every place in it. */
function step(name: string, length: number): number {
  if (length < 1500 || ['hostile', 'odd-cwd'].includes(name)) return 1;
  return length < 8000 ? 7 : Math.floor(length / 211);
}

/** What a cut document was taken for; it must be refused. */
function taken(bytes: Buffer): string | null {
  try {
    return `cut after ${bytes.length} bytes it was read as ${decode(bytes).kind}`;
  } catch (error) {
    return error instanceof DecodeError ? null : `cut after ${bytes.length} bytes: ${error}`;
  }
}

/** Cuts `bytes` all over; what was taken for a document then. */
function takenWhenCut(bytes: Buffer, step: number): string[] {
  const ends = Array.from({ length: Math.ceil(bytes.length / step) }, (_, i) => i * step);
  return [...ends, bytes.length - 1].flatMap((end) => taken(bytes.subarray(0, end)) ?? []);
}

describe('a document that is cut off is never shown as if whole', () => {
  it.each(NAMES)('%s', (name) => {
    const bytes = capture(name, 1);
    expect(takenWhenCut(bytes, step(name, bytes.length))).toEqual([]);
  });

  it('also without its opening brace, which is the least that can be wrong with it', () => {
    const bytes = capture('odd-cwd', 1).subarray(1);
    expect(takenWhenCut(bytes, 1)).toEqual([]);
    expect(decode(bytes).kind).toBe('app');
  });

  it('also when a client has sent all the brackets that are missing then', () => {
    const vars = JSON.stringify(['HTTP_X=a"]}]}]}', 'HTTP_Y=b"],"req_info":{}}]}]}', '']);
    const text = `{"cwd":"/my "app"","workers":[{"id":1,"cores":[{"id":0,"in_request":1,"vars":${vars}}]}],"pid":1}`;
    expect(takenWhenCut(Buffer.from(text), 1)).toEqual([]);
    expect(decode(Buffer.from(text)).server.pid).toBe(1);
  });
});

describe('the message says that it is cut off', () => {
  it.each([
    ['single', 0.5],
    ['hostile', 0.7],
    ['odd-cwd', 0.3],
    ['many', 0.9],
  ] as const)('%s after %d of it', (name, part) => {
    const bytes = capture(name, 1);
    expect(() => decode(bytes.subarray(0, Math.floor(bytes.length * part)))).toThrow(
      /the document is cut off/,
    );
  });
});

it.each([
  '{"crons":[{"day":-',
  '{"workers":[],"a":tru',
  '{"workers":[],"a":f',
  '{"workers":[],"a":nul',
  '{"workers":[{"id":12',
])('a number or a word that is cut off is told as cut off: %s', (text) => {
  expect(() => decode(Buffer.from(text))).toThrow(expect.objectContaining({ truncated: true }));
});
