/** A vassal in the emperor's state. Timestamps are seconds since the start of the simulation; `null`: never. */
export interface VassalState {
  id: string;
  /** `null` while no process runs: the vassal is on demand or suspended. */
  pid: number | null;
  /** Modification time of its configuration when the emperor found it. */
  born: number;
  /** The current modification time. */
  lastModified: number;
  /** When the emperor found it. */
  firstRun: number;
  /** When the emperor last told it to reload; before that, `firstRun`. */
  lastRun: number;
  heartbeat: number | null;
  ready: boolean;
  lastReady: number | null;
  accepting: boolean;
  lastAccepting: number | null;
  loyal: boolean;
  lastLoyal: number | null;
  cursed: number | null;
  /** The socket whose connections start it; empty: the vassal is not on demand. */
  onDemand: string;
  /** It waits for a command that starts it. */
  suspended: boolean;
  /** Number of reloads. A reload keeps the process. */
  respawns: number;
  attributes: Readonly<Record<string, string>>;
}

/** A vassal that fails repeatedly. */
export interface BlacklistState {
  id: string;
  /** Milliseconds until the next attempt. */
  throttle: number;
  /** Attempts after the first one. */
  attempts: number;
  first: number;
  last: number;
}

export interface EmperorState {
  pid: number;
  vassals: VassalState[];
  blacklist: BlacklistState[];
}

const EMPEROR_PID = 700;

/**
 * Returns the emperor's state at `time`, in seconds since its start. Each vassal shows a different state. The fields
 * change as in uWSGI's core/emperor.c.
 */
export function emperorState(time: number): EmperorState {
  return {
    pid: EMPEROR_PID,
    vassals: [
      vassal('blog.ini', 1, {
        ...UP,
        loyal: true,
        lastLoyal: 4,
        heartbeat: Math.floor(time / 10) * 10,
        attributes: { tier: 'web' },
      }),
      vassal('shop.ini', 2, { ...UP, attributes: { tier: 'web', owner: 'sales' } }),
      vassal('staging.ini', 3, reloading(time)),
      vassal('reports.ini', 4, sleeping(time)),
      vassal('old.ini', 5, { ...UP, loyal: true, lastLoyal: 3, cursed: 8, respawns: 91 }),
      vassal('archive.ini', 6, { pid: null, suspended: true }),
    ],
    blacklist: [failing(time)],
  };
}

const UP = { ready: true, lastReady: 1, accepting: true, lastAccepting: 2 } as const;

function vassal(id: string, place: number, known: Partial<VassalState>): VassalState {
  return {
    id,
    pid: EMPEROR_PID + place,
    born: -86_400 * place,
    lastModified: -86_400 * place,
    firstRun: 0,
    lastRun: 0,
    heartbeat: null,
    ready: false,
    lastReady: null,
    accepting: false,
    lastAccepting: null,
    loyal: false,
    lastLoyal: null,
    cursed: null,
    onDemand: '',
    suspended: false,
    respawns: 0,
    attributes: {},
    ...known,
  };
}

/** Its configuration is modified every 20 seconds. It becomes ready 2 seconds later and never accepts requests. */
function reloading(time: number): Partial<VassalState> {
  const respawns = Math.floor(time / 20);
  const run = respawns * 20;
  const ready = time >= run + 2;
  const changed = respawns > 0 ? { lastModified: run } : {};
  return {
    lastRun: run,
    respawns,
    ready,
    lastReady: ready ? run + 2 : respawns > 0 ? run - 18 : null,
    ...changed,
  };
}

/** It has no process for 40 seconds. Then a connection to its socket starts it for 20 seconds. */
function sleeping(time: number): Partial<VassalState> {
  const nights = Math.floor((time + 20) / 60);
  const awake = nights > 0 && time < nights * 60;
  const woken = nights > 0 ? nights * 60 - 20 : null;
  return {
    pid: awake ? EMPEROR_PID + 100 + nights : null,
    ready: awake,
    lastReady: woken,
    accepting: awake,
    lastAccepting: woken,
    onDemand: '/run/reports.sock',
  };
}

/** Attempt n comes n seconds after the previous one, because each attempt adds one second to the throttle. */
function failing(time: number): BlacklistState {
  const attempts = Math.floor((Math.sqrt(8 * time + 1) - 1) / 2);
  const last = (attempts * (attempts + 1)) / 2;
  return { id: 'broken.ini', throttle: 1 + attempts * 1000, attempts, first: 0, last };
}
