import { type Counters, WORKER_FIELDS, type WorkerCounters } from '../rates/changes.ts';

/** The counters of servers, by a key that identifies each. */
export type State = ReadonlyMap<string, Counters>;

const SCHEMA = 'statstop.state/1';

/** Maximum number of servers in a file. Those that were read longest ago are left out first. */
const MOST_SERVERS = 1000;

type Row = Readonly<Record<string, unknown>>;

/** The content of a state file. Numbers of a worker are a list, in the order of `WORKER_FIELDS`. */
export function stateText(state: State): string {
  const newest = [...state].sort(([, one], [, other]) => other.time - one.time).slice(0, MOST_SERVERS);
  const servers = newest.map(([key, { workers, ...others }]) => [
    key,
    { ...others, workers: workers.map((worker) => WORKER_FIELDS.map((name) => worker[name])) },
  ]);
  return `${JSON.stringify({ schema: SCHEMA, servers: Object.fromEntries(servers) })}\n`;
}

/** The state in a text; `null` if it is damaged or something else. */
export function stateOf(text: string): State | null {
  try {
    const { schema, servers } = JSON.parse(text);
    if (schema !== SCHEMA || !isRow(servers)) return null;
    const all = Object.entries(servers).map(([key, value]) => [key, countersIn(value)] as const);
    const known = all.flatMap(([key, counters]) => (counters === null ? [] : [[key, counters] as const]));
    return known.length === all.length ? new Map(known) : null;
  } catch {
    return null;
  }
}

function countersIn(value: unknown): Counters | null {
  if (!isRow(value)) return null;
  const { time, kind, pid, queueErrors, workers } = value;
  const isValid =
    typeof time === 'number' &&
    isKind(kind) &&
    isNumber(pid) &&
    isNumber(queueErrors) &&
    Array.isArray(workers);
  if (!isValid) return null;
  const all = workers.map(workerIn);
  const known = all.flatMap((worker) => worker ?? []);
  return known.length === all.length ? { time, kind, pid, queueErrors, workers: known } : null;
}

function workerIn(value: unknown): WorkerCounters | null {
  if (!Array.isArray(value) || value.length !== WORKER_FIELDS.length || !value.every(isNumber)) return null;
  return Object.fromEntries(WORKER_FIELDS.map((name, at) => [name, value[at]])) as WorkerCounters;
}

function isRow(value: unknown): value is Row {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isNumber(value: unknown): value is number | null {
  return value === null || typeof value === 'number';
}

function isKind(value: unknown): value is Counters['kind'] {
  return value === 'app' || value === 'emperor' || value === 'router';
}
