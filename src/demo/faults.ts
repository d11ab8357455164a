import { chunkedResponse, lengthResponse, notFoundResponse } from './http.ts';
import type { Random } from './random.ts';
import type { Traffic } from './traffic.ts';
import {
  flood,
  type Send,
  sendAndClose,
  sendAndHold,
  sendHalfAndReset,
  sendLate,
  trickle,
} from './transport.ts';

/** One connection, as a fault sees it. */
export interface Turn {
  /** From 1. */
  count: number;
  traffic: Traffic;
  random: Random;
}

/** Something that goes wrong, in any of the steps from the state to the wire. What it leaves out goes as always. */
export interface Fault {
  /** What a client meets, for a list of the faults. */
  description: string;
  /** Whether the server waits for a request in this turn, whatever it does without the fault. */
  http?(turn: Turn): boolean;
  /** Before the document is written. */
  prepare?(turn: Turn): void;
  /** Bytes of the document → other bytes. */
  document?(document: Buffer, turn: Turn): Buffer;
  /** The document → what is sent, in place of the document or of uWSGI's HTTP around it. */
  response?(document: Buffer): Buffer;
  /** What is sent → other bytes. */
  answer?(answer: Buffer, turn: Turn): Buffer;
  send?: Send;
}

/** A full reload comes with each document of this many. */
export const RELOAD_EVERY = 5;

const TABLE = {
  'refuse-first-byte': {
    description: 'accepts the connection and stays silent',
    answer: () => Buffer.alloc(0),
    send: sendAndHold,
  },
  'close-empty': {
    description: 'accepts the connection and closes it without a byte',
    answer: () => Buffer.alloc(0),
  },
  late: {
    description: 'sends nothing for half a second, as a master does that is busy',
    send: sendLate,
  },
  cut: {
    description: 'closes in the middle of the answer, somewhere else each time',
    answer: (answer, { random }) => answer.subarray(0, random.integer(1, answer.length - 1)),
  },
  trickle: {
    description: 'sends ten bytes a second, without end',
    send: trickle,
  },
  reset: {
    description: 'resets the connection after half of the answer (unix socket: closes it)',
    send: sendHalfAndReset,
  },
  'control-chars': {
    description: 'a running request has ESC and BEL in its URI',
    prepare: ({ traffic }) => traffic.intrude('/search?q=\x1b]0;pwned\x07\x1b[2J\x1b[31m&tag={red-fg}x{/}'),
  },
  'bad-utf8': {
    description: 'a running request has bytes in its URI that are not UTF-8',
    prepare: ({ traffic }) => traffic.intrude(`/search?q=${MARK}`),
    document: (document) => replace(document, MARK, NOT_UTF8),
  },
  'no-brace': {
    description: 'the opening brace of the document is missing',
    document: (document) => document.subarray(1),
  },
  html: {
    description: 'another web server: HTTP 404 and a page',
    http: () => true,
    response: notFoundResponse,
  },
  chunked: {
    description: 'an HTTP proxy that sends the document in chunks',
    http: () => true,
    response: chunkedResponse,
  },
  'content-length': {
    description: 'an HTTP proxy that tells the length and keeps the connection open',
    http: () => true,
    response: lengthResponse,
    send: sendAndHold,
  },
  bom: {
    description: 'a byte order mark stands before the document',
    document: (document) => Buffer.concat([Buffer.of(0xef, 0xbb, 0xbf), document]),
  },
  nul: {
    description: 'a NUL follows the document',
    document: (document) => Buffer.concat([document, Buffer.of(0)]),
  },
  flap: {
    description: 'speaks raw and HTTP by turns',
    http: ({ count }) => count % 2 === 0,
  },
  u64: {
    description: 'negative numbers, written as unsigned ones of 64 bits',
    document: (document) => Buffer.from(castNegative(document.toString('latin1')), 'latin1'),
  },
  reload: {
    description: `a full reload with every ${RELOAD_EVERY}th document: the same master, all counters from 0`,
    prepare: ({ count, traffic }) => {
      if (count % RELOAD_EVERY === 0) traffic.reload();
    },
  },
  huge: {
    description: 'blanks follow the document, without end',
    send: flood,
  },
} as const satisfies Readonly<Record<string, Fault>>;

export type FaultName = keyof typeof TABLE;

/** Every fault by its name. */
export const FAULTS: Readonly<Record<FaultName, Fault>> = TABLE;

export function isFaultName(name: string): name is FaultName {
  return Object.hasOwn(TABLE, name);
}

/** The steps of a turn: the fault's own where it has them. */
export function stepsOf(name: FaultName | null): Fault & Required<Pick<Fault, 'send'>> {
  const fault = name === null ? {} : FAULTS[name];
  return { description: '', send: sendAndClose, ...fault };
}

/** A private character, which stands for the bytes until they are bytes. */
const MARK = '\ue000';
/** Two bytes that no character has, and one that begins and does not end. */
const NOT_UTF8 = Buffer.of(0xff, 0xfe, 0xc3, 0x28);

function replace(bytes: Buffer, mark: string, by: Buffer): Buffer {
  const sought = Buffer.from(mark);
  const parts: Buffer[] = [];
  let from = 0;
  for (let at = bytes.indexOf(sought); at >= 0; at = bytes.indexOf(sought, from)) {
    parts.push(bytes.subarray(from, at), by);
    from = at + sought.length;
  }
  return Buffer.concat([...parts, bytes.subarray(from)]);
}

/** -1 in what is measured: of the server, and of the first worker. */
const MEASURES = ['listen_queue', 'signal_queue', 'load', 'rss', 'vsz'] as const;

function castNegative(document: string): string {
  let text = document;
  for (const name of MEASURES) text = text.replace(new RegExp(`("${name}":)\\d+`), `$1${2n ** 64n - 1n}`);
  return text;
}
