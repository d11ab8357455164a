import { expect, onTestFinished, vi } from 'vitest';
import type { Event } from '../../src/monitor/event.ts';
import { nothingObserved, type Observation } from '../../src/monitor/observation.ts';
import { type ObserveOptions, observe } from '../../src/monitor/observe.ts';
import { openSource } from '../../src/sources/open.ts';
import { parseTarget } from '../../src/targets/parse.ts';
import { TIMEOUT_MS, TIMEOUT_SECONDS } from '../timeouts.ts';

/** Seconds between two reads. */
const INTERVAL = 0.2;

/** Observes a server, as the live view does, until the test ends. */
export interface Observer {
  readonly observation: Observation;
  /** The recorded events of some kinds; without kinds, of all. */
  events(...kinds: Event['kind'][]): Event[];
  /** Waits until `holds` throws no assertion error. */
  until(holds: () => void): Promise<void>;
}

/** @param text the target, as on the command line */
export async function observerOf(text: string, options: ObserveOptions = {}): Promise<Observer> {
  const end = new AbortController();
  const source = openSource(parseTarget(text), {
    timeoutSeconds: TIMEOUT_SECONDS,
    interval: () => INTERVAL,
    hostOf: async () => null,
  });
  let observation = nothingObserved(text);
  const observing = (async () => {
    for await (const event of source.events(end.signal)) observation = observe(observation, event, options);
  })();
  onTestFinished(async ({ task }) => {
    if (task.result?.state === 'fail') console.error('The events:', observation.events);
    end.abort();
    await observing;
  });
  const observer: Observer = {
    get observation() {
      return observation;
    },
    events: (...kinds) => observation.events.filter(({ kind }) => kinds.length === 0 || kinds.includes(kind)),
    until: (holds) => vi.waitFor(holds, { timeout: TIMEOUT_MS, interval: 50 }),
  };
  // Events need a reading before them.
  await observer.until(() => expect(observation.sample).not.toBeNull());
  return observer;
}
