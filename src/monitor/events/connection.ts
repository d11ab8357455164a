import { duration } from '../../text/format.ts';
import type { Connection } from '../observation.ts';
import { closed, type Log, recorded } from './log.ts';

const LOST = 'lost';
const LIMITS = [{ group: LOST, most: 10, more: 'the connection is lost repeatedly' }];

/** The log after a failed read. Only the first failure of an outage is an event. */
export function withFailure(log: Log, before: Connection, why: string, now: number): Log {
  if (before.state === 'lost') return log;
  const text = before.state === 'connecting' ? `no data yet: ${why}` : why;
  return recorded(log, { kind: 'lost', text, about: null, open: LOST, limits: LIMITS }, now);
}

/** The log after a document. */
export function withDocument(log: Log, before: Connection, now: number): Log {
  if (before.state !== 'lost') return log;
  const begin = log.events.find(({ id }) => id === log.open.get(LOST))?.time;
  if (begin === undefined) return log;
  const text = `after ${duration(Math.max(0, now - (before.since ?? begin)))} without data`;
  return recorded(closed(log, LOST, now), { kind: 'restored', text, about: null, limits: [] }, now);
}
