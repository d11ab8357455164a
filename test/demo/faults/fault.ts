import type { Random } from '../../../src/demo/random.ts';
import type { Send } from './sends.ts';
import type { FaultyTraffic } from './traffic.ts';

/** One connection of a fault. */
export interface Turn {
  /** Number of the connection, from 1. */
  count: number;
  traffic: FaultyTraffic;
  random: Random;
}

/**
 * A fault, as functions for the steps from the state to the connection. A missing function leaves its step unchanged.
 */
export interface Fault {
  /** Describes the fault from the view of a client. */
  description: string;
  /** Whether the server waits for a request in this turn. Overrides the setting of the server. */
  http?(turn: Turn): boolean;
  /** Runs before the document is written. */
  prepare?(turn: Turn): void;
  /** Writes a document that replaces the server's own. `epoch`: Unix seconds at the start of the simulation. */
  write?(turn: Turn, epoch: number): string;
  /** Changes the bytes of the document. */
  document?(document: Buffer, turn: Turn): Buffer;
  /** Returns the response for a document. Replaces the plain document, or the HTTP response of uWSGI. */
  response?(document: Buffer): Buffer;
  /** Changes the bytes of the response. */
  answer?(answer: Buffer, turn: Turn): Buffer;
  send?: Send;
}
