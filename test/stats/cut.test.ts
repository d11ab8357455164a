import { describe, expect, it } from 'vitest';
import { DecodeError, decode } from '../../src/stats/decode.ts';
import { capture, NAMES } from './captures.ts';

/**
 * Step between the lengths: 1 for small or defective documents. For others small enough to reach every part of the
 * document.
 */
function step(name: string, length: number): number {
  if (length < 1500 || ['hostile', 'odd-cwd'].includes(name)) return 1;
  return length < 8000 ? 7 : Math.floor(length / 211);
}

/** The kind that a truncated document was decoded as, or `null` if it was refused. */
function taken(bytes: Buffer): string | null {
  try {
    return `cut after ${bytes.length} bytes it was read as ${decode(bytes).kind}`;
  } catch (error) {
    return error instanceof DecodeError ? null : `cut after ${bytes.length} bytes: ${error}`;
  }
}

/** Truncates `bytes` at many lengths. Returns the results that were not refused. */
function takenWhenCut(bytes: Buffer, step: number): string[] {
  const ends = Array.from({ length: Math.ceil(bytes.length / step) }, (_, i) => i * step);
  return [...ends, bytes.length - 1].flatMap((end) => taken(bytes.subarray(0, end)) ?? []);
}

describe('a truncated document is never accepted as complete', () => {
  it.each(NAMES)('%s', (name) => {
    const bytes = capture(name, 1);
    expect(takenWhenCut(bytes, step(name, bytes.length))).toEqual([]);
  });

  it('even without its opening brace, the smallest other defect', () => {
    const bytes = capture('odd-cwd', 1).subarray(1);
    expect(takenWhenCut(bytes, 1)).toEqual([]);
    expect(decode(bytes).kind).toBe('app');
  });

  it('even if text from a client contains all missing brackets', () => {
    const vars = JSON.stringify(['HTTP_X=a"]}]}]}', 'HTTP_Y=b"],"req_info":{}}]}]}', '']);
    const text = `{"cwd":"/my "app"","workers":[{"id":1,"cores":[{"id":0,"in_request":1,"vars":${vars}}]}],"pid":1}`;
    expect(takenWhenCut(Buffer.from(text), 1)).toEqual([]);
    expect(decode(Buffer.from(text)).server.pid).toBe(1);
  });
});

describe('the message reports the truncation', () => {
  it.each([
    ['single', 0.5],
    ['hostile', 0.7],
    ['odd-cwd', 0.3],
    ['many', 0.9],
  ] as const)('%s after %d of its length', (name, part) => {
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
])('a truncated number or word: %s', (text) => {
  expect(() => decode(Buffer.from(text))).toThrow(expect.objectContaining({ truncated: true }));
});
