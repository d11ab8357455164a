import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decode } from '../../src/stats/decode.ts';
import { repair } from '../../src/stats/repair.ts';
import type { Sent } from './captures.ts';
import { ANY_TEXT, appServer, type Texts } from './documents.ts';
import { json, type Layout, uwsgi, write } from './layout.ts';
import { emperor, router } from './parents.ts';
import { compareDocument } from './tables.ts';

const anyDocument = (texts: Texts) => fc.oneof(appServer(texts), emperor(texts), router(texts));
const RUNS = { numRuns: 150 };

describe.each([false, true])('any document, minified: %s', (minified) => {
  const layout: Layout = { ...json, minified };

  it('if valid JSON, is read as JSON.parse reads it', () => {
    fc.assert(
      fc.property(anyDocument(ANY_TEXT), (document) => {
        const text = write(document, layout);
        expect(JSON.parse(text)).toEqual(document);
        expect(repair(text)).toEqual(JSON.parse(text));
      }),
      RUNS,
    );
  });

  it('is converted to the snapshot without loss', () => {
    fc.assert(
      fc.property(anyDocument(ANY_TEXT), (document) => {
        const snapshot = decode(Buffer.from(write(document, layout)));
        expect(snapshot.repaired).toBe(false);
        compareDocument(document, snapshot);
      }),
      RUNS,
    );
  });
});

/** A text with a quote that cannot be taken for an escaped one. Without commas: in a list, `a","b` is ambiguous. */
const oddText = fc
  .string({ unit: fc.constantFrom(...'ab"\\ \'/-é{[.\x1b') })
  .map((rest) => (rest === '' ? '' : `/x"y${rest}`));
const ODD: Texts = {
  text: oddText,
  key: oddText.map((text) => `k${text}`),
  attribute: fc.constantFrom('owner', 'x y', ''),
};

describe('any document in the layout of uWSGI', () => {
  it.each([false, true])(
    'with unescaped quotes and backslashes is read as intended (minified: %s)',
    (minified) => {
      fc.assert(
        fc.property(anyDocument(ODD), (document) => {
          expect(repair(write(document, { ...uwsgi, minified }))).toEqual(document);
        }),
        RUNS,
      );
    },
  );

  it('is read with any combination of the other defects', () => {
    const spoil = fc.record({
      mark: fc.boolean(),
      brace: fc.boolean(),
      nul: fc.boolean(),
      comma: fc.boolean(),
    });
    fc.assert(
      fc.property(anyDocument(ODD), spoil, (document, { mark, brace, nul, comma }) => {
        let text = write(document, uwsgi);
        if (comma) text = text.replace(/\n(\t*)\}$/, ',\n$1}');
        if (brace) text = text.slice(1);
        if (nul) text = `\0${text}\0`;
        if (mark) text = `\ufeff${text}`;
        compareDocument(document, decode(Buffer.from(text)));
      }),
      RUNS,
    );
  });
});

describe('any text', () => {
  it('is read or refused with a SyntaxError', () => {
    const soup = fc.string({
      unit: fc.constantFrom(...'{}[]":,\\u01-.e \n\0', 'true', '"a":', '},', '\ufeff'),
    });
    fc.assert(
      fc.property(soup, fc.constantFrom('', '{', '{"a":[', '{"a":"'), (text, start) => {
        const read = (): Sent | null => {
          try {
            return repair(start + text);
          } catch (error) {
            expect(error).toBeInstanceOf(SyntaxError);
            return null;
          }
        };
        const document = read();
        if (document !== null) expect(typeof document).toBe('object');
      }),
      { numRuns: 1500 },
    );
  });

  it('that is a JSON object is read as by JSON.parse', () => {
    const value = fc.jsonValue({ depthSize: 'small' });
    fc.assert(
      fc.property(fc.dictionary(fc.string(), value), (document) => {
        expect(repair(JSON.stringify(document))).toEqual(JSON.parse(JSON.stringify(document)));
      }),
      { numRuns: 1000 },
    );
  });
});
