import { jobId } from '../../rates/about.ts';
import type { About } from '../../rates/finding.ts';
import { firstBy } from '../../rates/first-by.ts';
import type { History } from '../../rates/history.ts';
import type { AppSnapshot, EmperorSnapshot } from '../../stats/snapshot.ts';
import { plural } from '../../text/words.ts';
import type { EventKind } from '../event.ts';
import { type Log, recorded } from './log.ts';

/** A thing with a name of its own, and the row that shows it. */
interface Named {
  name: string;
  about: About;
}

/** The log after restarts of daemons, mules, routers and spoolers. */
export function withJobs(
  log: Log,
  before: AppSnapshot,
  { spoolers }: AppSnapshot,
  { restarts }: History,
  now: number,
): Log {
  const again: Named[] = [];
  for (const alike of restarts.values())
    for (const { kind, name, times } of alike)
      if (times.at(-1) === now)
        again.push({
          name: kind === 'daemon' ? `daemon ${name}` : name || 'mule or router',
          about: { view: 'jobs', row: kind === 'daemon' ? jobId('daemon', name, 0) : null },
        });
  for (const [place, { dir, respawns }] of spoolers.entries()) {
    const old = before.spoolers[place];
    if (old?.dir === dir && (respawns ?? 0) > (old.respawns ?? Number.POSITIVE_INFINITY))
      again.push({ name: `spooler ${dir ?? '-'}`, about: { view: 'jobs', row: jobId('spooler', dir, 0) } });
  }
  return withAll(log, again, 'respawn', 'started again', now);
}

/** The log after restarts and reloads of vassals. */
export function withVassals(
  log: Log,
  before: EmperorSnapshot,
  { vassals }: EmperorSnapshot,
  { starts }: History,
  now: number,
): Log {
  const olds = firstBy(before.vassals, ({ id }) => id);
  const named = (id: string): Named => ({ name: `vassal ${id}`, about: { view: 'vassals', row: id } });
  const again = vassals.filter(({ id }) => starts.get(id)?.starts.at(-1) === now);
  const reloaded = vassals.filter(({ id, pid, respawns }) => {
    const old = olds.get(id);
    return old?.pid === pid && (respawns ?? 0) > (old?.respawns ?? Number.POSITIVE_INFINITY);
  });
  const next = withAll(
    log,
    again.map(({ id }) => named(id)),
    'respawn',
    'started again',
    now,
  );
  return withAll(
    next,
    reloaded.map(({ id }) => named(id)),
    'reload',
    'reloaded',
    now,
  );
}

/** Names that one event lists. */
const MOST_NAMES = 5;

/** One event for all things to which the same happened between two readings. */
function withAll(log: Log, all: readonly Named[], kind: EventKind, what: string, now: number): Log {
  const [first] = all;
  if (first === undefined) return log;
  const names = all.slice(0, MOST_NAMES).map(({ name }) => name);
  const others = all.length - names.length;
  const text = `${names.join(', ')}${others > 0 ? ` and ${plural(others, 'other')}` : ''}: ${what}`;
  const about = all.length === 1 ? first.about : { view: first.about.view, row: null };
  const group = `${kind} ${first.about.view}`;
  return recorded(log, { kind, text, about, limits: [{ group, most: 10, more: `often: ${what}` }] }, now);
}
