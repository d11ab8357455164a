import { onceFor } from '../../rates/once.ts';
import type { AppSample } from '../../rates/sample.ts';
import * as format from '../../text/format.ts';
import { type Column, counts, moments, numbers, words } from '../column.ts';
import type { Role } from '../frame.ts';
import { type Numbered, numbered } from '../numbered.ts';
import { schedule } from '../schedule.ts';
import { defineView } from '../view.ts';

/** What the server does beside answering requests. */
interface JobRow {
  kind: 'spooler' | 'cron' | 'daemon' | 'signals';
  what: string | null;
  state: string | null;
  role: Role;
  pid: number | null;
  waiting: number | null;
  done: number | null;
  respawns: number | null;
  schedule: string | null;
  since: number | null;
}

const RUNNING = { state: 'running', role: 'busy' } as const;
const WAITING = { state: 'waiting', role: 'dim' } as const;

/** One command can be run by two crons, and as two daemons. */
function jobKey({ kind, what, schedule }: JobRow): string {
  return `${kind} ${what} ${schedule}`;
}

const rows = onceFor(({ snapshot }: AppSample): JobRow[] => {
  const nothing = { pid: null, waiting: null, done: null, respawns: null, schedule: null, since: null };
  // Where nothing waits there is nothing to say.
  const queue = (what: string, waiting: number | null): JobRow[] =>
    !waiting ? [] : [{ ...nothing, kind: 'signals', what, waiting, state: null, role: 'plain' }];
  return [
    ...snapshot.spoolers.map(
      ({ dir, pid, tasks, waiting, respawns, running }): JobRow => ({
        ...nothing,
        waiting,
        kind: 'spooler',
        what: dir,
        pid,
        done: tasks,
        respawns,
        ...(running === null ? { state: null, role: 'plain' } : running ? RUNNING : WAITING),
      }),
    ),
    ...snapshot.crons.map(
      (cron): JobRow => ({
        ...nothing,
        kind: 'cron',
        what: cron.command,
        pid: cron.pid,
        schedule: schedule(cron),
        since: cron.startedAt,
        ...(cron.pid === null ? WAITING : RUNNING),
      }),
    ),
    ...snapshot.daemons.map(
      ({ command, pid, respawns }): JobRow => ({
        ...nothing,
        kind: 'daemon',
        what: command,
        pid,
        respawns,
        ...(pid === null ? { state: 'stopped', role: 'critical' } : RUNNING),
      }),
    ),
    ...queue('of the master', snapshot.signalQueue),
    ...snapshot.workers.flatMap(({ id, signalQueue }) => queue(`of worker ${id}`, signalQueue)),
  ];
});

export const JOB_COLUMNS: readonly Column<JobRow>[] = [
  words<JobRow>({
    name: 'kind',
    title: 'KIND',
    key: 'I',
    width: 8,
    importance: 2,
    description: 'spooler, cron, daemon, or queue of uWSGI signals',
    value: ({ kind }) => kind,
  }),
  words<JobRow>({
    name: 'state',
    title: 'STATE',
    key: 'T',
    width: 8,
    importance: 3,
    description: 'running, waiting for its time or for tasks, stopped',
    value: ({ state }) => state,
    role: ({ role }) => role,
  }),
  {
    ...numbers<JobRow>(format.orUnknown(String), {
      name: 'pid',
      title: 'PID',
      key: 'P',
      width: 7,
      importance: 5,
      description: 'process id; - while none runs',
      value: ({ pid }) => pid,
    }),
    descending: false,
  },
  counts<JobRow>({
    name: 'waiting',
    title: 'WAITING',
    key: 'W',
    width: 8,
    importance: 4,
    description:
      'tasks in the folder of a spooler on this machine, the one that runs too (uWSGI does not tell); signals that wait',
    value: ({ waiting }) => waiting,
    role: ({ kind, waiting }) => (waiting && kind === 'signals' ? 'warning' : null),
  }),
  counts({
    name: 'done',
    title: 'DONE',
    key: 'O',
    width: 7,
    importance: 9,
    description: 'tasks of a spooler that were done since it was started',
    value: ({ done }) => done,
  }),
  words<JobRow>({
    name: 'schedule',
    title: 'SCHEDULE',
    key: 'D',
    width: 20,
    ample: 32,
    importance: 6,
    description: 'when a cron runs',
    value: ({ schedule }) => schedule,
  }),
  moments({
    name: 'since',
    title: 'SINCE',
    key: 'E',
    width: 10,
    importance: 7,
    description: 'when a cron that runs was started',
    value: ({ since }) => since,
  }),
  counts({
    name: 'respawns',
    title: 'RESPAWN',
    key: 'R',
    width: 8,
    importance: 8,
    description: 'starts after the first one; - of daemons, of which uWSGI does not tell',
    value: ({ respawns }) => respawns,
  }),
  words<JobRow>({
    name: 'what',
    title: 'WHAT',
    key: 'A',
    width: 16,
    grows: true,
    importance: 1,
    description: 'directory of the spooler, command of the cron or daemon',
    value: ({ what }) => what,
  }),
];

/** Spoolers, crons, daemons and signals. */
export const JOBS = defineView<AppSample, Numbered<JobRow>>({
  name: 'jobs',
  title: 'Jobs',
  kind: 'app',
  columns: JOB_COLUMNS,
  sort: { column: 'kind', descending: false },
  rows: (sample) => numbered(rows(sample), jobKey),
  id: (row) => `${jobKey(row)} ${row.nth}`,
  label: ({ what }) => what ?? format.UNKNOWN,
  has: (sample) => rows(sample).length > 0,
  empty: 'no jobs: spooler = DIRECTORY, cron = ... or attach-daemon = COMMAND in the configuration make some',
});
