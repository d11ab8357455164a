import { count } from '../../text/format.ts';
import { type Event, LONGEST_TEXT, MOST_EVENTS } from '../event.ts';

/** A new event, and what limits the number of its kind. */
export interface Fact extends Omit<Event, 'id' | 'time' | 'until'> {
  /** The time, if it is earlier than the time of the reading. */
  time?: number;
  /** The event lasts until it is closed by this key. */
  open?: string;
  /** At most this many events of these groups are listed in `WINDOW` seconds. */
  limits: readonly Limit[];
}

export interface Limit {
  /** Name of the group. */
  group: string;
  most: number;
  /** Text of the event that stands for the events that are not listed. */
  more: string;
}

/** The events of a server, with the state from which the next ones are computed. */
export interface Log {
  /** Oldest first, at most `MOST_EVENTS`. */
  events: readonly Event[];
  /** Id of the next event. */
  next: number;
  /** Ids of the open events, by key. */
  open: ReadonlyMap<string, number>;
  groups: ReadonlyMap<string, Group>;
}

/** The recent events of a group. */
interface Group {
  /** Times of the listed events of the last `WINDOW` seconds, oldest first. */
  times: readonly number[];
  /** The events that are not listed; `null` if all are. `event` is the id of the event that stands for them. */
  counted: { event: number; count: number; last: number } | null;
}

export const NO_EVENTS: Log = { events: [], next: 1, open: new Map(), groups: new Map() };

/** Seconds in which a group has a limited number of events. */
const WINDOW = 600;
/** Seconds without an event of a group, after which its events are listed again. */
const QUIET = 300;

/** The log with one more event. If its group has too many, the event is only counted. */
export function recorded(log: Log, fact: Fact, now: number): Log {
  const { time = now, open, limits, ...event } = fact;
  for (const { group, most, more } of limits) {
    const before = log.groups.get(group);
    if (before?.counted) {
      const counted = { ...before.counted, count: before.counted.count + 1, last: now };
      return withGroup(log, group, { ...before, counted });
    }
    if (before && before.times.length >= most) {
      const standIn: Event = {
        ...event,
        id: log.next,
        time: now,
        until: null,
        text: more,
        about: viewOf(event),
      };
      const counted = { event: log.next, count: 1, last: now };
      return withGroup(added(log, standIn), group, { ...before, counted });
    }
  }
  const until = open === undefined ? {} : { until: null };
  const about = event.about && short(event.about.row ?? '') === event.about.row ? event.about : viewOf(event);
  let next = added(log, { ...event, text: short(event.text), about, id: log.next, time, ...until });
  for (const { group } of limits)
    next = withGroup(next, group, { times: [...(log.groups.get(group)?.times ?? []), now], counted: null });
  return open === undefined ? next : { ...next, open: new Map(next.open).set(open, log.next) };
}

/** Whether an event with this key is open. It is not if it was only counted. */
export function isOpen({ open }: Log, key: string): boolean {
  return open.has(key);
}

/** Ends the open event with this key. Returns the same log if no open event has this key. */
export function closed(log: Log, key: string, until: number, result?: string): Log {
  const id = log.open.get(key);
  if (id === undefined) return log;
  const open = new Map(log.open);
  open.delete(key);
  return { ...ended(log, id, until, result), open };
}

/** Gives the open event with this key another text. Returns the same log if no open event has this key. */
export function retold(log: Log, key: string, text: string): Log {
  const id = log.open.get(key);
  return id === undefined ? log : changed(log, id, { text: short(text) });
}

/** Gives an open event another key. Returns the same log if no open event has the old key. */
export function renamed(log: Log, from: string, to: string): Log {
  const id = log.open.get(from);
  if (id === undefined) return log;
  const open = new Map(log.open).set(to, id);
  open.delete(from);
  return { ...log, open };
}

/** The log at a later time: groups that have been quiet are complete, and old times are forgotten. */
export function aged(log: Log, now: number): Log {
  if (log.groups.size === 0) return log;
  let next = log;
  for (const [name, group] of log.groups) {
    const { counted } = group;
    if (counted) {
      // The clock can be set back.
      if (Math.abs(now - counted.last) < QUIET) continue;
      next = ended(withGroup(next, name, null), counted.event, counted.last, `${count(counted.count)} more`);
      continue;
    }
    if (isRecent(group.times[0], now)) continue;
    const times = group.times.filter((time) => isRecent(time, now));
    next = withGroup(next, name, times.length === 0 ? null : { times, counted });
  }
  return next;
}

function isRecent(time: number | undefined, now: number): boolean {
  return time !== undefined && Math.abs(now - time) < WINDOW;
}

function withGroup(log: Log, name: string, group: Group | null): Log {
  const groups = new Map(log.groups);
  if (group) groups.set(name, group);
  else groups.delete(name);
  return { ...log, groups };
}

function added(log: Log, event: Event): Log {
  return { ...log, events: [...log.events, event].slice(-MOST_EVENTS), next: log.next + 1 };
}

function ended(log: Log, id: number, until: number, result?: string): Log {
  return changed(log, id, { until, ...(result === undefined ? {} : { result: short(result) }) });
}

function changed(log: Log, id: number, change: Partial<Event>): Log {
  return { ...log, events: log.events.map((event) => (event.id === id ? { ...event, ...change } : event)) };
}

function viewOf({ about }: Pick<Event, 'about'>): Event['about'] {
  return about && { view: about.view, row: null };
}

/** A long text is left out, because its beginning could be a part of a secret. */
function short(text: string): string {
  return text.length <= LONGEST_TEXT ? text : `(a text of ${count(text.length)} characters)`;
}
