import type { Fault } from './fault.ts';
import {
  chunkedResponse,
  endlessResponse,
  lengthResponse,
  notFoundResponse,
  rudeResponse,
} from './responses.ts';
import { closeWhenAsked, flood, sendAndHold, sendHalfAndReset, sendLate, trickle } from './sends.ts';

/** Faults between the document and the client: the connection, HTTP, missing bytes. */
export const WIRE_FAULTS = {
  'refuse-first-byte': {
    description: 'accepts the connection and stays silent',
    answer: () => Buffer.alloc(0),
    send: sendAndHold,
  },
  'close-empty': {
    description: 'accepts the connection and closes it without a byte',
    answer: () => Buffer.alloc(0),
  },
  uwsgi: {
    description: "an application's socket: silent, and closed without a byte when it is sent a request",
    http: () => false,
    answer: () => Buffer.alloc(0),
    send: closeWhenAsked,
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
  huge: {
    description: 'blanks follow the document, without end',
    send: flood,
  },
  html: {
    description: 'another web server: HTTP 404 and a page',
    http: () => true,
    response: notFoundResponse,
  },
  'status-500': {
    description: 'an application that fails: HTTP 500 with many words, and ESC in them',
    http: () => true,
    response: rudeResponse,
  },
  'long-status': {
    description: 'another web server: an HTTP status of a megabyte, with ESC in it',
    http: () => true,
    response: endlessResponse,
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
  flap: {
    description: 'speaks raw and HTTP by turns',
    http: ({ count }) => count % 2 === 0,
  },
} as const satisfies Readonly<Record<string, Fault>>;
