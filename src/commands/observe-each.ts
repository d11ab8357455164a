import { hostname } from 'node:os';
import { Ss } from '../host/ss.ts';
import { timely } from '../host/timely.ts';
import { nothingObserved, type Observation } from '../monitor/observation.ts';
import { observe } from '../monitor/observe.ts';
import { MistakenError } from '../sources/errors.ts';
import { openSource } from '../sources/open.ts';
import { statusOf } from '../sources/regular.ts';
import type { SourceEvent } from '../sources/source.ts';
import type { Target } from '../targets/target.ts';
import { merged } from './merged.ts';
import type { Chosen } from './options.ts';
import type { Selected } from './selected.ts';
import { SHARED_SECONDS, watched } from './watched.ts';

/** A server after one event of its source. */
export interface Step {
  name: string;
  observation: Observation;
  /** When the document arrived, or when the read failed, in Unix seconds. */
  time: number;
}

export interface EachOptions extends Pick<Chosen, 'interval' | 'timeout' | 'settings' | 'long' | 'paths'> {
  /** Number of readings of each server; absent for no limit. Failed reads count. */
  count?: number | undefined;
}

/**
 * Observes all servers at the same time, each at its own interval, until the signal aborts. A server that cannot be read
 * is tried again, and no failure affects another server. A closed server has no step.
 *
 * @throws TargetError if a target is a file or standard input without a document, or another kind of file
 */
export function observeEach(
  selected: readonly Selected[],
  options: EachOptions,
  signal: AbortSignal,
): AsyncIterable<Step> {
  const ss = new Ss('ss', SHARED_SECONDS);
  const open = selected.filter(({ server }) => !server.closed);
  return merged(open.map((each) => steps(each, eventsOf(each, options, ss, signal), options)));
}

/** The events of a server. With an interval of 0 it is read once. */
function eventsOf(
  selected: Selected,
  { interval, timeout }: EachOptions,
  ss: Ss,
  signal: AbortSignal,
): AsyncIterable<SourceEvent> {
  const { target, again, hostOf } = watched(selected, hostname(), { ss });
  const source = openSource(target, {
    timeoutSeconds: timeout,
    interval: () => interval,
    again,
    hostOf: timely((snapshot, clock) => hostOf(snapshot, clock, null)),
  });
  return source.events(signal);
}

/** The observations of a server after each of its events. */
async function* steps(
  { server, target }: Selected,
  events: AsyncIterable<SourceEvent>,
  { interval, settings, long, paths, count = interval === 0 ? 1 : Number.POSITIVE_INFINITY }: EachOptions,
): AsyncGenerator<Step> {
  const { name } = server;
  let observation = nothingObserved(server.target);
  const isFixed = await hasOneDocument(target);
  let taken = 0;
  for await (const event of events) {
    // A later read can succeed only if the server starts or ends between the reads.
    if (event.kind === 'failure' && (isFixed || event.error instanceof MistakenError)) throw event.error;
    observation = observe(observation, event, { levels: settings.findings, long, paths });
    yield { name, observation, time: event.time };
    taken += 1;
    if (taken >= count) return;
  }
}

/** Whether a target is a file, or something else that is no socket. */
async function hasOneDocument(target: Target | null): Promise<boolean> {
  if (target?.kind !== 'path') return target?.kind === 'stdin';
  return statusOf(target.path).then(
    (found) => !found.isSocket(),
    () => false,
  );
}
