import type { ChildReading } from '../host/reading.ts';
import { memoize } from './memoize.ts';
import type { AppSample } from './sample.ts';

/** A child process of the master that the document does not list. */
export interface Child {
  process: ChildReading;
  /** The kind, as far as the process name shows it. uWSGI sets process names only with `auto-procname`. */
  kind: 'mule' | 'router' | 'child';
  /** The process name or command; `null` if the process has the same command line as its master. */
  name: string | null;
}

/**
 * Seconds after its start within which a process may be missing from the document. The kernel's boot time, and so each
 * start time, can be wrong by 1 s.
 */
const LISTED_AFTER = 3;

/** Process names with `auto-procname`: `uWSGI mule 1`, `uWSGI http 1`, after a prefix if one is set. */
const NAMED = /\buWSGI (\S+) \d+$/;
/** Names of processes that the document does list. A new one may be missing from the document. */
const LISTED = ['worker', 'spooler'];

/**
 * Children of the master that the document does not list: mules, routers, and programs that uWSGI started. Empty unless
 * it is proved that the server runs on this machine.
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
