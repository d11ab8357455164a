import { memoizeLast } from '../../rates/memoize.ts';
import { type Event, MOST_EVENTS } from '../event.ts';
import type { Member } from '../observation.ts';

/** The events of a server of a fleet, with the name of the server. The same list until there is a new event. */
export function namedEvents({ name, observation: { events, target } }: Member): readonly Event[] {
  if (events.length === 0) return events;
  const known = NAMED.get(events);
  if (known?.name === name) return known.events;
  const server = { target, name };
  const named = events.map((event) => ({ ...event, server }));
  NAMED.set(events, { name, events: named });
  return named;
}

const NAMED = new WeakMap<readonly Event[], { name: string; events: readonly Event[] }>();

/** The last `MOST_EVENTS` events of all servers by time. The same list as long as all lists are the same. */
export const mergedEvents = memoizeLast((...lists: (readonly Event[])[]): readonly Event[] =>
  lists
    .flat()
    .sort((a, b) => a.time - b.time || a.id - b.id)
    .slice(-MOST_EVENTS),
);
