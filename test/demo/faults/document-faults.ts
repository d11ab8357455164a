import { emperorState } from '../../../src/demo/emperor.ts';
import { emperorDocument } from '../../../src/demo/emperor-document.ts';
import type { Fault } from './fault.ts';
import {
  CAST,
  castNegative,
  changeTypes,
  commaTooMany,
  edit,
  encode,
  intoFields,
  intoMetrics,
  intoRoot,
  intoWorkers,
} from './spoil.ts';

/** Number of documents per full reload. */
export const RELOAD_EVERY = 5;

/** Number of brackets that `deep` opens. */
export const DEPTH = 100_000;

/** Length of a URI, and of a header, of `long` in bytes. */
export const LONG = 60_000;

/** A directory of `quotes`. */
export const QUOTED = '/srv/the "new", "old" shop';

/** The smallest whole number that a number of JavaScript cannot represent. */
export const BIG = 2n ** 53n + 1n;

/** Has no query, so the path is the whole URI. */
export const WIDE_URI =
  '/\u65e5\u672c\u8a9e/\uc11c\uc6b8/\u{20bb7}/\u{1f44d}\u{1f3fd}/\u{1f469}\u200d\u{1f469}\u200d\u{1f467}\u200d\u{1f466}/\u{1f1eb}\u{1f1f7}/\u202egnp.exe\u202c/\u2066\u200fa\u2069/z\u200bw\u200c\ufeff/e\u0301\u0323';

/** A private-use character, as a placeholder for bytes that are not valid UTF-8. */
const MARK = '\ue000';
/** Two bytes that never occur in UTF-8, and an incomplete character. */
const NOT_UTF8 = Buffer.of(0xff, 0xfe, 0xc3, 0x28);

const LOG_LINE = '[uwsgi-master] \x1b[33mworker 2 respawned\x1b[0m\n{"level":"info"}\n';

/** Names that every object of JavaScript inherits. */
const INHERITED = ['__proto__', 'constructor', 'toString'];
const inherited = (value: string) => INHERITED.map((name) => `"${name}":${value},`).join('');

/** Faults of the document itself. */
export const DOCUMENT_FAULTS = {
  'control-chars': {
    description: 'a running request has ESC and BEL in its URI',
    prepare: ({ traffic }) => traffic.intrude('/search?q=\x1b]0;pwned\x07\x1b[2J\x1b[31m&tag={red-fg}x{/}'),
  },
  'bad-utf8': {
    description: 'a running request has bytes in its URI that are not UTF-8',
    prepare: ({ traffic }) => traffic.intrude(`/search?q=${MARK}`),
    document: (document) => edit(document, (text) => text.replaceAll(encode(MARK), encode(NOT_UTF8))),
  },
  wide: {
    description: 'a running request has a URI of wide, joined, invisible and reordering characters',
    prepare: ({ traffic }) => traffic.intrude(WIDE_URI),
  },
  long: {
    description: `running requests have headers, and one of them a URI, of ${LONG} bytes`,
    prepare: ({ traffic }) => traffic.intrude(`/${'long/'.repeat(LONG / 5)}`.slice(0, LONG)),
    document: (document) =>
      edit(document, (text) => text.replace(/"HTTP_\w+=/g, (start) => start.padEnd(LONG, 'x'))),
  },
  'no-brace': {
    description: 'the opening brace of the document is missing',
    document: (document) => document.subarray(1),
  },
  bom: {
    description: 'a byte order mark stands before the document',
    document: (document) => Buffer.concat([Buffer.of(0xef, 0xbb, 0xbf), document]),
  },
  garbage: {
    description: 'lines of a log stand before the document',
    document: (document) => Buffer.concat([Buffer.from(LOG_LINE), document]),
  },
  nul: {
    description: 'a NUL follows the document',
    document: (document) => Buffer.concat([document, Buffer.of(0)]),
  },
  'trailing-comma': {
    description: 'a comma follows the last entry of the document and of each list of objects',
    document: (document) => edit(document, commaTooMany),
  },
  quotes: {
    description: 'directories have quotes in their names, which are not escaped',
    document: (document) =>
      edit(document, (text) => text.replace(/"(cwd|chdir)":"[^"]*"/g, `"$1":"${QUOTED}"`)),
  },
  attrs: {
    description: 'an emperor that writes attributes of vassals as pairs in a list',
    write: ({ traffic: { state } }, epoch) =>
      emperorDocument(emperorState(state.time), { epoch, attributes: true, version: '2.1' }),
  },
  duplicate: {
    description: 'requests are there twice, and an unknown field twice with different values',
    document: (document) =>
      edit(document, (text) =>
        intoRoot(text.replace(/"requests":\d+/g, '$&,$&'), '"flavour":1,"flavour":["sweet"],'),
      ),
  },
  deep: {
    description: `a field of ${DEPTH} lists in one another`,
    document: (document) =>
      edit(document, (text) => intoRoot(text, `"deep":${'['.repeat(DEPTH)}${']'.repeat(DEPTH)},`)),
  },
  'wrong-types': {
    description: 'every field of the first worker is of another type',
    document: (document) => edit(document, changeTypes),
  },
  proto: {
    description: 'fields have the names of what every object of JavaScript inherits',
    document: (document) =>
      edit(document, (text) => {
        const withMetrics = intoMetrics(text, inherited('{"type":0,"oid":"1","value":7}'));
        return intoRoot(intoWorkers(withMetrics, inherited('{"requests":1}')), inherited('{"workers":[]}'));
      }),
  },
  u64: {
    description: 'negative numbers, written as unsigned ones of 64 bits',
    document: (document) => edit(document, castNegative),
  },
  'big-integers': {
    description: 'numbers of workers that are too big for JavaScript to tell from their neighbours',
    document: (document) =>
      edit(document, (text) =>
        intoFields(
          intoFields(text, ['tx'], BIG),
          ['exceptions', 'running_time', 'last_spawn', 'avg_rt'],
          CAST,
        ),
      ),
  },
  reload: {
    description: `a full reload with every ${RELOAD_EVERY}th document: the same master, all counters from 0`,
    prepare: ({ count, traffic }) => {
      if (count % RELOAD_EVERY === 0) traffic.reload();
    },
  },
} as const satisfies Readonly<Record<string, Fault>>;
