import { emperorState } from '../../src/demo/emperor.ts';
import * as errors from '../../src/sources/errors.ts';
import type { AppSnapshot, EmperorSnapshot, Snapshot, Worker } from '../../src/stats/snapshot.ts';
import { LONG, QUOTED } from '../demo/faults/document-faults.ts';
import type { FaultName } from '../demo/faults/table.ts';
import { TCP } from '../demo/wire.ts';

interface Common {
  /** The address of the server, if it matters. */
  address?: string;
  kind?: 'app' | 'emperor';
  /** Timeout of a read in seconds, if the read ends by it or needs long. */
  timeout?: number;
  /** The server waits for a request. A client that knows it as a raw server fails once with a timeout. */
  asks?: boolean;
  /** The task must run alone: it uses the whole machine, or needs a server that answers at once. */
  alone?: boolean;
  /** A later text of the live view. */
  shows?: RegExp;
}

/** The document is read correctly. */
export interface Reads extends Common {
  /** Returns the expected snapshot, from the snapshot of the same document without the fault. */
  reads(plain: Snapshot): Snapshot;
  repaired: boolean;
  /** The failure of the next read, if statstop expects the server to behave as before. */
  next?: Failure;
}

/** A failure: its class, and the text for the user. */
export interface Failure {
  fails: new (...args: never[]) => errors.TargetError;
  says: RegExp;
  /**
   * An alternative class. If libuv sees a reset together with data, Node.js reports the end of the data
   * (`uv__stream_io`). This depends on the load of the machine.
   */
  or?: new (
    ...args: never[]
  ) => errors.TargetError;
  /** The advice in the message. */
  advises?: RegExp;
  /** The document itself is wrong, so `--raw` prints it. */
  rawPrints?: boolean;
}

export type Outcome = Reads | (Failure & Common);

const asItIs = (plain: Snapshot) => plain;
const AS_IT_IS = { reads: asItIs, repaired: false };
const REPAIRED = { reads: asItIs, repaired: true };

const APP = /application's socket/;
const NO_BYTE = { fails: errors.NoAnswerError, says: /closed the connection without sending data/ };
/**
 * Timeout of a read in seconds if the fault is silence. Other reads of the same test must end in this time: 16 servers
 * and their clients share one process, and an answer takes several turns of its event loop.
 */
export const SILENCE = 3;

export const SILENT = { fails: errors.SilentError, says: /sent nothing within 3s/ };

/** The result of statstop for each fault. */
export const OUTCOMES: Readonly<Record<FaultName, Outcome>> = {
  'refuse-first-byte': { ...SILENT, advises: APP, timeout: SILENCE },
  'close-empty': NO_BYTE,
  uwsgi: { ...NO_BYTE, advises: APP, asks: true },
  late: AS_IT_IS,
  cut: { fails: errors.TruncatedError, says: /cut off after \d+ characters/, rawPrints: true },
  trickle: {
    fails: errors.StalledError,
    // The first byte must arrive within this time on a busy machine too.
    says: /not complete after 5s \(\d+ bytes received\)/,
    timeout: 5,
  },
  reset: {
    fails: errors.ResetError,
    or: errors.TruncatedError,
    says: /closed the connection before the document|cut off after \d+ characters/,
    address: TCP,
  },
  huge: { fails: errors.TooLargeError, says: /sent more than 64 MiB/, alone: true },
  html: { fails: errors.HttpStatusError, says: /returned HTTP 404 Not Found/, asks: true },
  'status-500': { fails: errors.HttpStatusError, says: /returned HTTP 500 .{1,8}\[2J/, asks: true },
  'long-status': {
    fails: errors.NotStatsError,
    says: /headers of the HTTP response do not end/,
    asks: true,
  },
  chunked: { ...AS_IT_IS, asks: true },
  'content-length': { ...AS_IT_IS, asks: true },
  flap: { ...AS_IT_IS, timeout: SILENCE, next: SILENT, alone: true },
  'control-chars': { ...REPAIRED, shows: /\/search\?q=.{1,20}pwned/ },
  'bad-utf8': {
    reads: forRequests((variable) => variable.replaceAll('\ue000', '\udcff\udcfe\udcc3(')),
    repaired: true,
    shows: /\/search\?q=/,
  },
  wide: { ...AS_IT_IS, shows: /\/日本語\/서울\// },
  long: {
    // The opening quote counts as one of the bytes.
    reads: forRequests((variable) => variable.replace(/^HTTP_\w+=/, (start) => start.padEnd(LONG - 1, 'x'))),
    repaired: false,
    shows: /\/long\/long\//,
  },
  'no-brace': REPAIRED,
  bom: REPAIRED,
  garbage: { fails: errors.NotStatsError, says: /not a stats document/, rawPrints: true },
  nul: REPAIRED,
  'trailing-comma': REPAIRED,
  quotes: {
    reads: forApp((plain) => ({
      ...plain,
      server: { ...plain.server, cwd: QUOTED },
      workers: plain.workers.map((worker) => ({
        ...worker,
        apps: worker.apps.map((app) => ({ ...app, chdir: QUOTED })),
      })),
    })),
    repaired: true,
  },
  attrs: { reads: withAttributes, repaired: true, kind: 'emperor' },
  duplicate: AS_IT_IS,
  deep: AS_IT_IS,
  'wrong-types': {
    reads: forApp((plain) => ({ ...plain, workers: plain.workers.map(withoutFirst) })),
    repaired: false,
    shows: /^ +1 unknown( +-){5}/m,
  },
  proto: {
    reads: forApp((plain) => ({
      ...plain,
      metrics: [
        ...['__proto__', 'constructor', 'toString'].map(
          (name) => ({ name, type: 'counter', oid: '1', value: 7 }) as const,
        ),
        ...plain.metrics,
      ],
    })),
    repaired: false,
  },
  u64: {
    reads: forApp((plain) => ({
      ...plain,
      listenQueue: null,
      load: null,
      signalQueue: null,
      workers: plain.workers.map((worker, place) =>
        place === 0 ? { ...worker, rss: null, vsz: null } : worker,
      ),
    })),
    repaired: false,
  },
  'big-integers': {
    reads: forApp((plain) => ({
      ...plain,
      workers: plain.workers.map((worker) => ({
        ...worker,
        tx: null,
        exceptions: null,
        runningTime: null,
        lastSpawn: null,
        averageResponseTime: null,
        apps: worker.apps.map((app) => ({ ...app, exceptions: null })),
      })),
    })),
    repaired: false,
    shows: /EXC +- /,
  },
  reload: { ...AS_IT_IS, shows: /counters restarted/ },
};

function forApp(change: (plain: AppSnapshot) => AppSnapshot): (plain: Snapshot) => Snapshot {
  return (plain) => {
    if (plain.kind !== 'app') throw new Error(`only for an app server, not for kind ${plain.kind}`);
    return change(plain);
  };
}

/** Changes the variables of the requests in flight. */
function forRequests(change: (variable: string) => string): (plain: Snapshot) => Snapshot {
  return forApp((plain) => ({
    ...plain,
    workers: plain.workers.map((worker) => ({
      ...worker,
      cores: worker.cores.map((core) => ({ ...core, vars: core.vars.map(change) })),
    })),
  }));
}

/** A worker without any known value. Only its place is known. */
function withoutFirst(worker: Worker, place: number): Worker {
  if (place > 0) return worker;
  const unknown = Object.fromEntries(Object.keys(worker).map((name) => [name, null]));
  return { ...(unknown as unknown as Worker), id: 1, alive: false, status: 'unknown', apps: [], cores: [] };
}

function withAttributes(plain: Snapshot): EmperorSnapshot {
  if (plain.kind !== 'emperor') throw new Error(`only for an emperor, not for kind ${plain.kind}`);
  const states = emperorState(0).vassals;
  return {
    ...plain,
    vassals: plain.vassals.map((vassal, place) => ({
      ...vassal,
      attributes: Object.entries(states[place]?.attributes ?? {}).map(([name, value]) => ({ name, value })),
    })),
  };
}
