import type { Random } from '../../../src/demo/random.ts';
import type { Send } from './sends.ts';
import type { FaultyTraffic } from './traffic.ts';

/** One connection, as a fault sees it. */
export interface Turn {
  /** From 1. */
  count: number;
  traffic: FaultyTraffic;
  random: Random;
}

/** Something that goes wrong, in any of the steps from the state to the wire. A step that it leaves out goes well. */
export interface Fault {
  /** What a client meets. */
  description: string;
  /** Whether the server waits for a request in this turn, whatever it does without the fault. */
  http?(turn: Turn): boolean;
  /** Before the document is written. */
  prepare?(turn: Turn): void;
  /** The document in place of the server's own. `epoch`: unix seconds of the instant at which the simulation began. */
  write?(turn: Turn, epoch: number): string;
  /** Bytes of the document → other bytes. */
  document?(document: Buffer, turn: Turn): Buffer;
  /** The document → what is sent, in place of the document or of uWSGI's HTTP around it. */
  response?(document: Buffer): Buffer;
  /** What is sent → other bytes. */
  answer?(answer: Buffer, turn: Turn): Buffer;
  send?: Send;
}
