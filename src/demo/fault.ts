import type { Random } from './random.ts';
import type { Traffic } from './traffic.ts';
import type { Send } from './transport.ts';

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
  /** Whether an emperor writes the attributes of its vassals. */
  attributes?: boolean;
  /** Bytes of the document → other bytes. */
  document?(document: Buffer, turn: Turn): Buffer;
  /** The document → what is sent, in place of the document or of uWSGI's HTTP around it. */
  response?(document: Buffer): Buffer;
  /** What is sent → other bytes. */
  answer?(answer: Buffer, turn: Turn): Buffer;
  send?: Send;
}
