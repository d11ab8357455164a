import { isCurrent, type Member } from '../monitor/observation.ts';
import { wrongs } from '../rates/finding.ts';
import { processorsOf } from '../rates/processors.ts';
import type { AppSample, Sample, Totals } from '../rates/sample.ts';
import { boundedMask, CELL_CHARACTERS } from '../text/bounds.ts';
import { isoTime } from './json.ts';
import { numberOf } from './performance.ts';
import type { StreamOptions } from './streamed.ts';

/** A column of `--stream csv`. Its name and unit stay the same, and new columns are added at the end. */
export interface CsvColumn {
  name: string;
  /** Unit, or kind of text, for the documentation. */
  unit: string;
  description: string;
  /**
   * @param time when a server that cannot be read was last tried, in Unix seconds
   * @returns `null` for an unknown value; a text is masked but not clean
   */
  value(member: Member, time: number, options: StreamOptions): string | number | null;
}

type Value = CsvColumn['value'];

/** A value of the last document. */
function ofSample(value: (sample: Sample) => string | number | null): Value {
  return ({ observation }) => (isCurrent(observation) ? value(observation.sample) : null);
}

function ofApp(value: (sample: AppSample) => number | null): Value {
  return ofSample((sample) => (sample.kind === 'app' ? value(sample) : null));
}

function total(name: keyof Totals): Value {
  return ofApp(({ totals }) => totals[name]);
}

/** A number of the performance data of `check`, under the same name. */
function datum(name: string, unit: string, description: string): CsvColumn {
  return { name, unit, description, value: ofSample((sample) => numberOf(sample, name)) };
}

const text = (whole: string, { mask }: StreamOptions) => boundedMask(mask, CELL_CHARACTERS).text(whole);

/** The findings of a server without hints. Those of a lost server are out of date. */
const faults = ({ observation }: Member) => (isCurrent(observation) ? wrongs(observation.findings) : null);

export const CSV_COLUMNS: readonly CsvColumn[] = [
  {
    name: 'time',
    unit: 'ISO 8601',
    description: 'when the document was read, in UTC and milliseconds; for a lost server, when a read failed',
    value: ({ observation }, time) => isoTime(isCurrent(observation) ? observation.sample.time : time),
  },
  {
    name: 'server',
    unit: 'text',
    description: 'name of the server, unique in the output',
    value: ({ name }, _, options) => text(name, options),
  },
  {
    name: 'target',
    unit: 'text',
    description: 'the target, as given on the command line',
    value: ({ observation }, _, options) => text(observation.target, options),
  },
  {
    name: 'kind',
    unit: 'word',
    description: '`app`, `emperor` or `router`; empty before the first document',
    value: ({ observation }) => observation.sample?.kind ?? null,
  },
  {
    name: 'state',
    unit: 'word',
    description: '`live`, `saved` for a file or a pipe, or `lost` if the server could not be read',
    value: ({ observation }) => observation.connection.state,
  },
  {
    name: 'error',
    unit: 'text',
    description: 'why the server could not be read; empty otherwise',
    value: ({ observation: { connection } }, _, options) =>
      'why' in connection ? text(connection.why, options) : null,
  },
  {
    name: 'missed',
    unit: 'count',
    description:
      'readings of this server since its last row that have no row, because the reader was too slow',
    value: (_, __, { missed = 0 }) => missed,
  },
  {
    name: 'interval',
    unit: 'seconds',
    description: 'since the reading before; empty for a first one, which has no rates',
    value: ofSample(({ interval }) => interval),
  },
  {
    name: 'reset',
    unit: '0 or 1',
    description:
      '1 if the server was restarted or reloaded since the reading before, so that there are no rates',
    value: ofSample(({ reset }) => Number(reset)),
  },
  {
    name: 'pid',
    unit: 'number',
    description: 'process id of the master, the emperor or the router',
    value: ofSample(({ snapshot }) => snapshot.server.pid),
  },
  datum('rps', 'per second', 'requests in the interval'),
  datum('response_time', 'seconds', 'mean of the requests that ended in the interval'),
  datum('requests', 'counter', 'requests since the start'),
  datum('busy_cores', 'count', 'cores in a request'),
  { name: 'cores', unit: 'count', description: 'running cores', value: total('cores') },
  datum('long_cores', 'count', 'cores in a request that is long on purpose'),
  { name: 'workers', unit: 'count', description: 'workers, in every state', value: total('workers') },
  { name: 'busy_workers', unit: 'count', description: 'workers in a request', value: total('busy') },
  {
    name: 'idle_workers',
    unit: 'count',
    description: 'workers that wait for a request',
    value: total('idle'),
  },
  {
    name: 'cheap_workers',
    unit: 'count',
    description: 'workers that `cheaper` has stopped',
    value: total('cheap'),
  },
  {
    name: 'loading_workers',
    unit: 'count',
    description: 'workers that load their application',
    value: total('loading'),
  },
  {
    name: 'down_workers',
    unit: 'count',
    description: 'workers whose process has ended',
    value: total('down'),
  },
  datum('queue', 'count', 'connections in the longest listen queue'),
  { name: 'max_queue', unit: 'count', description: 'limit of that queue', value: total('maxQueue') },
  {
    name: 'refused_delta',
    unit: 'count',
    description: 'TCP connections that the kernel refused in the interval because a queue was full',
    value: total('refusedDelta'),
  },
  datum('exceptions', 'counter', 'exceptions since the start'),
  {
    name: 'exceptions_delta',
    unit: 'count',
    description: 'exceptions in the interval',
    value: total('exceptionsDelta'),
  },
  datum('harakiris', 'counter', 'harakiris since the start'),
  {
    name: 'harakiris_delta',
    unit: 'count',
    description: 'harakiris in the interval',
    value: total('harakirisDelta'),
  },
  datum('respawns', 'counter', 'starts of workers after their first one, since the start'),
  {
    name: 'respawns_delta',
    unit: 'count',
    description: 'such starts in the interval',
    value: total('respawnsDelta'),
  },
  { name: 'tx', unit: 'counter', description: 'bytes sent since the start', value: total('tx') },
  {
    name: 'tx_rate',
    unit: 'bytes per second',
    description: 'bytes sent in the interval',
    value: total('txRate'),
  },
  datum('rss', 'bytes', 'resident memory of the running workers'),
  {
    name: 'cpu',
    unit: 'processors',
    description: 'processors that the workers use, if the server runs on this machine',
    value: ofApp(processorsOf),
  },
  {
    name: 'uptime',
    unit: 'seconds',
    description: 'since the start of the master, or of the first worker if only that is known',
    value: total('uptime'),
  },
  datum('vassals', 'count', 'vassals of an emperor'),
  datum('accepting', 'count', 'vassals that accept connections'),
  datum('failed', 'count', 'vassals that failed, and are tried again later'),
  datum('sessions', 'count', 'active sessions of a router'),
  datum('nodes', 'count', 'nodes of a router'),
  datum('dead_nodes', 'count', 'nodes that are marked as dead'),
  datum('hits', 'counter', 'requests to all keys and nodes of a router'),
  {
    name: 'findings',
    unit: 'count',
    description: 'findings without hints',
    value: (member) => faults(member)?.length ?? null,
  },
  {
    name: 'severity',
    unit: 'word',
    description: '`critical` or `warning`: that of the worst finding; empty without findings',
    value: (member) => faults(member)?.[0]?.severity ?? null,
  },
  {
    name: 'finding',
    unit: 'text',
    description: 'the worst finding',
    value: (member, _, options) => {
      const [worst] = faults(member) ?? [];
      return worst ? text(worst.text, options) : null;
    },
  },
];
