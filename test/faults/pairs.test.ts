import { describe, expect, it } from 'vitest';
import { appDocument } from '../../src/demo/document.ts';
import { Random } from '../../src/demo/random.ts';
import { DecodeError, decode } from '../../src/stats/decode.ts';
import { DOCUMENT_FAULTS } from '../demo/faults/document-faults.ts';
import type { Fault } from '../demo/faults/fault.ts';
import { FaultyTraffic } from '../demo/faults/traffic.ts';
import { READ_ROWS, timeless } from './server.ts';

/** The faults in the document of an app server with their expected results, in the order of the table. */
const ROWS = READ_ROWS.flatMap(([name, outcome]) => {
  const fault: Fault | undefined = new Map<string, Fault>(Object.entries(DOCUMENT_FAULTS)).get(name);
  return fault === undefined || outcome.kind === 'emperor' ? [] : [{ name, fault, outcome }];
});

type Spoiled = (typeof ROWS)[number];

/** Whether one fault cancels the other: both change the first worker, the first byte, or the same request. */
function excludeEachOther([first, second]: readonly [Spoiled, Spoiled]): boolean {
  const names = `${first.name} ${second.name}`;
  return (
    ['wrong-types u64', 'no-brace bom'].includes(names) ||
    Boolean(first.fault.prepare && second.fault.prepare)
  );
}

/** Creates a document with two faults, and the same document without them. */
function documentsOf(pair: readonly Spoiled[]): { spoiled: Buffer; plain: Buffer } {
  const traffic = new FaultyTraffic({ workers: 8, rate: 200 });
  traffic.advance(30);
  const turn = { count: 1, traffic, random: new Random(1) };
  for (const { fault } of pair) fault.prepare?.(turn);
  const plain = Buffer.from(appDocument(traffic.state, { extras: true }));
  const spoiled = pair.reduceRight<Buffer>(
    // A fault that adds text before the document is applied last.
    (document, { fault }) => fault.document?.(document, turn) ?? document,
    plain,
  );
  return { spoiled, plain };
}

describe('two faults of a document at once', () => {
  it.for(ROWS)('$name with each later fault of the table', (first) => {
    for (const second of ROWS.slice(ROWS.indexOf(first) + 1)) {
      const pair = [first, second] as const;
      if (excludeEachOther(pair)) continue;
      const names = pair.map(({ name }) => name).join(' ');
      const { spoiled, plain } = documentsOf(pair);
      const repaired = pair.some(({ outcome }) => outcome.repaired);
      if (repaired && names.includes('deep')) {
        // The repairing parser is recursive and accepts only the nesting depth of uWSGI.
        expect(() => decode(spoiled), names).toThrow(DecodeError);
        expect(() => decode(spoiled), names).toThrow('nested too deep');
        continue;
      }
      const wanted = second.outcome.reads(first.outcome.reads(decode(plain)));
      const snapshot = decode(spoiled);
      expect(timeless(snapshot), names).toEqual(timeless(wanted));
      expect(snapshot.repaired, names).toBe(repaired);
    }
  });
});
