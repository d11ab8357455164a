import type { ProcessReading } from '../../host/reading.ts';
import type { Observed } from '../../monitor/observation.ts';
import { jobId } from '../../rates/about.ts';
import { type Child, unlistedChildren } from '../../rates/children.ts';
import { NO_RESTARTS, type Restarts, restartsOf } from '../../rates/restarts.ts';
import type { AppSample } from '../../rates/sample.ts';
import { ageOf } from '../../rates/written.ts';
import * as format from '../../text/format.ts';
import { type Column, counts, numbers, timestamps, words } from '../column.ts';
import { cutBefore, distinctFrom } from '../distinct.ts';
import type { Role } from '../frame.ts';
import { type Numbered, numbered } from '../numbered.ts';
import { schedule } from '../schedule.ts';
import { defineView } from '../view.ts';

/** A task of the server other than answering requests. */
export interface JobRow {
  kind: 'spooler' | 'cron' | 'daemon' | 'signals' | Child['kind'];
  what: string | null;
  /** Index in `what` of the first word that differs from the similar text of another row. */
  distinct: number;
  state: string | null;
  role: Role;
  pid: number | null;
  waiting: number | null;
  tasks: number | null;
  respawns: number | null;
  restarts: number | null;
  schedule: string | null;
  /** Start time in unix seconds. */
  since: number | null;
  /** Seconds since the start. `null` if no process runs, or if the start is unknown. */
  age: number | null;
  /** The values of the process that the kernel of this machine reports. */
  process: ProcessReading | null;
}

type Job = Omit<JobRow, 'distinct' | 'age' | 'process'>;

const RUNNING = { state: 'running', role: 'busy' } as const;
const WAITING = { state: 'waiting', role: 'dim' } as const;

const NOTHING = {
  pid: null,
  waiting: null,
  tasks: null,
  respawns: null,
  restarts: null,
  schedule: null,
  since: null,
};

/** Returns a key that is not unique: two crons, or two daemons, can run the same command. */
function jobKey({ kind, what }: JobRow): string {
  return `${kind} ${what}`;
}

function spoolerJobs({ snapshot }: AppSample): Job[] {
  return snapshot.spoolers.map(({ dir, pid, tasks, waiting, respawns, running }) => ({
    ...NOTHING,
    waiting,
    kind: 'spooler',
    what: dir,
    pid,
    tasks,
    respawns,
    ...(running === null ? { state: null, role: 'plain' } : running ? RUNNING : WAITING),
  }));
}

function cronJobs({ snapshot }: AppSample): Job[] {
  return snapshot.crons.map((cron) => ({
    ...NOTHING,
    kind: 'cron',
    what: cron.command,
    pid: cron.pid,
    schedule: schedule(cron),
    since: cron.startedAt,
    ...(cron.pid === null ? WAITING : RUNNING),
  }));
}

function daemonJobs({ snapshot }: AppSample, restarts: Restarts): Job[] {
  return snapshot.daemons.map(({ command, pid, respawns }) => ({
    ...NOTHING,
    kind: 'daemon',
    what: command,
    pid,
    respawns,
    restarts: restartsOf(restarts, 'daemon', command ?? '', pid),
    ...(pid === null ? { state: 'stopped', role: 'critical' } : RUNNING),
  }));
}

function childJobs(sample: AppSample, restarts: Restarts): Job[] {
  return unlistedChildren(sample).map(({ kind, name, process: { pid } }) => ({
    ...NOTHING,
    kind,
    what: name ?? 'child of the master',
    pid,
    restarts: restartsOf(restarts, 'child', name ?? '', pid),
    ...RUNNING,
  }));
}

function signalJobs({ snapshot: { signalQueue, workers } }: AppSample): Job[] {
  // An empty or unknown queue has no row.
  const queue = (what: string, waiting: number | null): Job[] =>
    !waiting ? [] : [{ ...NOTHING, kind: 'signals', what, waiting, state: null, role: 'plain' }];
  return [
    ...queue('of the master', signalQueue),
    ...workers.flatMap(({ id, signalQueue }) => queue(`of worker ${id}`, signalQueue)),
  ];
}

const JOBS_OF = [spoolerJobs, cronJobs, daemonJobs, childJobs, signalJobs];

function rows({ sample, history: { restarts } }: Observed<AppSample>): JobRow[] {
  const jobs = JOBS_OF.flatMap((of) => of(sample, restarts));
  const distinct = distinctFrom(jobs.flatMap(({ what }) => what ?? []));
  return jobs.map((job) => {
    const process = (job.pid !== null && sample.host?.children.get(job.pid)) || null;
    const since = job.since ?? process?.started ?? null;
    return {
      ...job,
      since,
      age: job.pid === null ? null : ageOf(sample, since),
      process,
      distinct: distinct.get(job.what ?? '') ?? 0,
    };
  });
}

/** Cuts a common prefix first: `./manage.py run_` in each row would leave no room for the rest. */
function cutWhat(text: string, { what, distinct }: JobRow, columns: number, ellipsis: string): string {
  // A masked secret before the index `distinct` changes the position of the word.
  const isSame = what !== null && text.slice(0, distinct) === what.slice(0, distinct);
  return isSame ? cutBefore(text, distinct, columns, ellipsis) : text;
}

/** The order of the column STATE: what needs attention first. A queue of signals has no state. */
const URGENCY: readonly (string | null)[] = ['stopped', 'signals', 'running', 'waiting'];

/** Sort key of the state of a job; `null` for an unknown state. */
function urgency({ kind, state }: JobRow): number | null {
  const rank = URGENCY.indexOf(kind === 'signals' ? kind : state);
  return rank < 0 ? null : rank;
}

const JOB_COLUMNS: readonly Column<JobRow>[] = [
  words<JobRow>({
    name: 'kind',
    title: 'KIND',
    width: 8,
    importance: 2,
    description:
      'spooler, cron, daemon or signals (a queue of uWSGI signals). On this machine also mule, router or child: processes of the master; auto-procname names them',
    value: ({ kind }) => kind,
  }),
  words<JobRow>({
    name: 'state',
    title: 'STATE',
    width: 8,
    importance: 3,
    description: 'running, waiting (for its time or for tasks), or stopped',
    value: ({ state }) => state,
    sortKey: urgency,
    role: ({ role }) => role,
  }),
  {
    ...numbers<JobRow>(format.orUnknown(String), {
      name: 'pid',
      title: 'PID',
      key: 'D',
      width: 7,
      importance: 5,
      description: 'process ID; - if no process runs',
      value: ({ pid }) => pid,
    }),
    descending: false,
  },
  counts<JobRow>({
    name: 'waiting',
    title: 'WAITING',
    width: 8,
    importance: 4,
    description:
      'tasks in the directory of a spooler on this machine, including the running one, in the row of its first process; waiting signals',
    value: ({ waiting }) => waiting,
    role: ({ kind, waiting }) => (waiting && kind === 'signals' ? 'warning' : null),
  }),
  counts({
    name: 'took',
    title: 'TOOK',
    width: 7,
    importance: 13,
    description:
      'tasks that a spooler has run to their end since its own start, including failed ones, without the running one',
    value: ({ tasks }) => tasks,
  }),
  words<JobRow>({
    name: 'schedule',
    title: 'SCHEDULE',
    key: 'L',
    width: 20,
    roomyWidth: 32,
    importance: 6,
    description: 'times at which the cron runs',
    value: ({ schedule }) => schedule,
  }),
  numbers<JobRow>(format.age, {
    name: 'age',
    title: 'AGE',
    key: 'E',
    width: 7,
    importance: 7,
    description: 'run time of a cron, or of a process on this machine',
    value: ({ age }) => age,
  }),
  numbers<JobRow>(format.wholePercent, {
    name: 'cpu',
    title: 'CPU',
    key: 'P',
    width: 5,
    importance: 9,
    description: 'processor time in percent of one processor, on this machine',
    value: ({ process }) => process?.cpu ?? null,
  }),
  numbers<JobRow>(format.size, {
    name: 'rss',
    title: 'MEM',
    key: 'M',
    width: 6,
    importance: 10,
    description: 'resident memory (RSS), on this machine',
    value: ({ process }) => process?.rss ?? null,
  }),
  timestamps({
    name: 'since',
    title: 'SINCE',
    width: 10,
    importance: 12,
    description: 'start time of a running cron, or of a process on this machine',
    value: ({ since }) => since,
  }),
  counts({
    name: 'respawns',
    title: 'RESPAWN',
    width: 8,
    importance: 11,
    description: 'starts of a spooler after the first one',
    value: ({ respawns }) => respawns,
  }),
  counts<JobRow>({
    name: 'restarts',
    title: 'RESTARTS',
    key: 'R',
    width: 9,
    importance: 8,
    description:
      'restarts of a daemon, mule or router since statstop began to watch; uWSGI does not report them',
    value: ({ restarts }) => restarts,
    role: ({ restarts }) => (restarts ? 'warning' : null),
  }),
  words<JobRow>({
    name: 'what',
    title: 'WHAT',
    width: 16,
    grows: true,
    importance: 1,
    description: 'directory of the spooler, command of the cron or daemon, or name of the process',
    value: ({ what }) => what,
    cut: cutWhat,
  }),
];

/** The view of spoolers, crons, daemons, other processes that the master has started, and signal queues. */
export const JOBS = defineView<AppSample, Numbered<JobRow>>({
  name: 'jobs',
  title: 'Jobs',
  kind: 'app',
  columns: JOB_COLUMNS,
  sort: { column: 'state', descending: false, ties: [{ column: 'kind', descending: false }] },
  order: 'what needs attention: stopped jobs first, then waiting signals, running and waiting jobs, by kind',
  rows: (_, observed) => numbered(rows(observed), jobKey),
  id: ({ kind, what, nth }) => jobId(kind, what, nth),
  label: ({ what }) => what ?? format.UNKNOWN,
  has: (sample) => JOBS_OF.some((of) => of(sample, NO_RESTARTS).length > 0),
  empty: 'no jobs. spooler = DIRECTORY, cron = ... or attach-daemon = COMMAND in the configuration adds some',
});
