import { describe, expect, it } from 'vitest';
import { pushedDocuments } from '../../src/sources/pushed.ts';
import { snapshotOf } from '../../src/sources/snapshot.ts';
import { capture } from '../stats/captures.ts';

const FIRST = capture('threads', 1);
const SECOND = capture('threads', 2);

const documentsOf = (bytes: Buffer) => [...pushedDocuments(bytes)].map(String);

/** Decodes the bytes of a file. */
function read(bytes: Buffer) {
  const common = { time: 0, clock: 0, clockError: 0, origin: 'file', protocol: null } as const;
  return snapshotOf('file', { document: bytes, bytes, ...common });
}

describe.each(['\n\n', '---', ',', ''])('a file of stats-push with the separator %j', (separator) => {
  const file = (...documents: Buffer[]) =>
    Buffer.concat(documents.flatMap((each) => [each, Buffer.from(separator)]));

  it('contains its documents, the last one first', () => {
    expect(documentsOf(file(FIRST, SECOND))).toEqual([SECOND, FIRST].map((each) => String(each).trim()));
    expect(documentsOf(file())).toEqual([]);
  });

  it('is read as its last document', () => {
    expect(read(file(FIRST, SECOND))).toEqual(read(SECOND));
    expect(read(file(SECOND, FIRST))).toEqual(read(FIRST));
  });

  it('is read as its last complete document if it is truncated', () => {
    const whole = file(SECOND, FIRST);
    const least = file(SECOND).length;
    for (let end = least; end < whole.length - separator.length; end += 97)
      expect(read(whole.subarray(0, end))).toEqual(read(SECOND));
  });

  it('is refused if it contains no complete document', () => {
    const part = FIRST.subarray(0, FIRST.length / 2);
    expect(() => read(file(part, part))).toThrow(/cut off/);
  });
});

it('a variable of a request cannot start a document', () => {
  const hostile = String(SECOND).replace(/"REQUEST_URI=[^"]*"/, '"REQUEST_URI={\\"version\\":\\"x\\"}"');
  expect(hostile).toContain('{\\"version');
  expect(documentsOf(Buffer.from(hostile))).toHaveLength(1);
});
