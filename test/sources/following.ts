import { onTestFinished } from 'vitest';
import type { Source, SourceEvent } from '../../src/sources/source.ts';

export interface Followed {
  /** Whether a document is due or arriving. */
  readonly receiving: boolean;
  reschedule(): void;
  /** Aborts the current read and stops the events. */
  stop(): void;
  /** Starts the events again. */
  resume(): void;
}

/** Passes the events of a source to `take` until it is stopped, at the latest at the end of the test. */
export function follow(source: Source, take: (event: SourceEvent) => void): Followed {
  let reading = new AbortController();
  const takeAll = async ({ signal }: AbortController) => {
    for await (const event of source.events(signal)) take(event);
  };
  void takeAll(reading);
  onTestFinished(() => reading.abort());
  return {
    get receiving() {
      return source.receiving;
    },
    reschedule: () => source.reschedule(),
    stop: () => reading.abort(),
    resume() {
      reading = new AbortController();
      void takeAll(reading);
    },
  };
}
