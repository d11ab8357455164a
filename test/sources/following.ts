import { onTestFinished } from 'vitest';
import type { Source, SourceEvent } from '../../src/sources/source.ts';

export interface Followed {
  /** A document is due or arriving. */
  readonly receiving: boolean;
  reschedule(): void;
  /** Gives up the read that is under way, and takes no more events. */
  stop(): void;
  /** Takes events again. */
  resume(): void;
}

/** Takes the events of a source until it is stopped, at the latest with the test. */
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
