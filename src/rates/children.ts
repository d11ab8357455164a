import type { ChildReading } from '../host/reading.ts';
import { memoize } from './memoize.ts';
import type { AppSample } from './sample.ts';

/** A process of uWSGI that its document does not list. */
export interface Child {
  process: ChildReading;
  /** As far as its name tells: uWSGI gives names with `auto-procname` only. */
  kind: 'mule' | 'router' | 'child';
  /** Its name or command; `null` for a process that has the command line of its master. */
  name: string | null;
}

/** Seconds after which a process that is a worker is in the document: the boot time, and so each start, can be 1 s off. */
const LISTED_AFTER = 3;

/** What uWSGI calls a process with `auto-procname`: `uWSGI mule 1`, `uWSGI http 1`, with a prefix if one is set. */
const NAMED = /\buWSGI (\S+) \d+$/;
/** Processes of the document that are named so, too: they may be new. */
const LISTED = ['worker', 'spooler'];

/**
 * Children of the master that its document does not list: mules, routers, and programs that it started. Empty where it
 * is not proved that the server runs on this machine.
 */
export const unlistedChildren = memoize(({ snapshot, host, time }: AppSample): readonly Child[] => {
  if (host === null) return [];
  const { workers, spoolers, crons, daemons } = snapshot;
  const listed = new Set([...workers, ...spoolers, ...crons, ...daemons].map(({ pid }) => pid));
  return [...host.children.values()].flatMap((process): Child[] => {
    const isNew = time - process.started < LISTED_AFTER;
    if (listed.has(process.pid) || isNew || process.state === 'Z') return [];
    const [, word = ''] = NAMED.exec(process.command ?? '') ?? [];
    if (LISTED.includes(word)) return [];
    const kind = word === '' ? 'child' : word === 'mule' ? 'mule' : 'router';
    return [{ process, kind, name: process.command }];
  });
});
