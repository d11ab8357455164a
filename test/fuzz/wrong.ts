import { onTestFinished } from 'vitest';
import { decode } from '../../src/stats/decode.ts';
import type { AppSnapshot } from '../../src/stats/snapshot.ts';
import { screen } from '../../src/views/screen.ts';
import { STATSTOP, type Subject } from './subject.ts';
import { captured } from './trials.ts';

/** Faulty parts of statstop, each with one fault. */

/** A decoder that changes the snapshot of an app server. */
export function changing(change: (snapshot: AppSnapshot) => Partial<AppSnapshot>): Partial<Subject> {
  return {
    decode(bytes) {
      const snapshot = decode(bytes);
      return snapshot.kind === 'app' ? { ...snapshot, ...change(snapshot) } : snapshot;
    },
  };
}

/** Decodes only the damaged bytes incorrectly. */
export function changingOnce(change: (snapshot: AppSnapshot) => Partial<AppSnapshot>): Partial<Subject> {
  let reads = 0;
  const wrong = changing(change).decode ?? decode;
  return { decode: (bytes) => (reads++ === 0 ? decode(bytes) : wrong(bytes)) };
}

export const withRequests =
  (requests: number | null) =>
  ({ workers }: AppSnapshot) => ({
    workers: workers.map((worker) => ({ ...worker, requests })),
  });

/** Decodes the original and throws for all other bytes. */
export const throwing = (error: Error): Partial<Subject> => {
  let reads = 0;
  return {
    decode() {
      if (reads++ === 0) return decode(captured('threads.1'));
      throw error;
    },
  };
};

/** Decodes every document as the complete capture. */
export const whole: Partial<Subject> = { decode: () => decode(captured('threads.1')) };

/** A screen with this text at the start of its first line. */
export function drawing(text: string): Partial<Subject> {
  return {
    screen(...given) {
      const frame = screen(...given);
      const [first, ...lines] = frame.lines;
      return { ...frame, lines: [{ spans: [...(first?.spans ?? []), { text, role: 'plain' }] }, ...lines] };
    },
  };
}

/** A read that leaves timers running until the end of the test. */
export const leaving: Subject['read'] = (...given) => {
  // Several timers, because timers of the test runner end while the oracle waits.
  const timers = Array.from({ length: 5 }, () => setTimeout(() => {}, 600_000));
  onTestFinished(() => timers.forEach(clearTimeout));
  return STATSTOP.read(...given);
};
