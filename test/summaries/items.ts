import type { RecordedServer } from '../../src/recordings/header.ts';
import type { Item } from '../../src/recordings/play.ts';
import type { ShortItem } from '../../src/recordings/short.ts';
import type { SourceEvent } from '../../src/sources/source.ts';
import { type Periods, periodsOf } from '../../src/summaries/periods.ts';
import { summarize } from '../../src/summaries/summarize.ts';
import type { Summary } from '../../src/summaries/summary.ts';
import { NOW } from '../rates/builders.ts';

function serverOf(target: string, id = 1): RecordedServer {
  return { id, target, name: target, node: 'web1' };
}

/** The items of one block of a recording, with the events of each server. */
export function block(
  servers: ReadonlyMap<string, readonly SourceEvent[]>,
  { run = 'one', interval = 1, paths = [] as readonly string[] } = {},
): Item[] {
  const all = [...servers].flatMap(([target, events]) => events.map((event) => ({ target, event })));
  all.sort((one, other) => one.event.time - other.event.time);
  const time = all[0]?.event.time ?? 0;
  const listed = [...servers.keys()].map((target, at) => serverOf(target, at + 1));
  const header = { version: 'test', run, interval, options: { paths }, servers: listed };
  return [
    { kind: 'servers', time, servers: listed },
    { kind: 'block', time, header, observations: () => new Map() },
    ...all.map(({ target, event }): Item => ({ kind: 'event', time: event.time, target, event })),
  ];
}

/** Periods in seconds after the time of the tests, which is a whole number of periods. */
export function periods(since: number, until: number, length: number): Periods {
  return periodsOf({ since: NOW + since, until: NOW + until }, -NOW, length);
}

export function summaryOf(items: Iterable<ShortItem>, of: Periods): Summary {
  return summarize({ recording: '/var/lib/statstop', items }, of);
}
