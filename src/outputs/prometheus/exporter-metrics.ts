import type { FleetSample, Observation } from '../../monitor/observation.ts';
import { type AnyGroup, group } from './metric.ts';

/** What the exporter knows about itself. Counters begin with its process. */
export interface ExporterState {
  version: string;
  /** Unix seconds of the start of the process. */
  started: number;
  /** Scrapes, with the one that is being answered. */
  scrapes: number;
  /** Scrapes for which at least one server could not be read. */
  scrapeErrors: number;
  /** Number of the answered scrapes, and the sum of their durations in seconds. */
  answered: number;
  seconds: number;
  /** Processor time of the process in seconds, and its memory in bytes. */
  cpuTime: number;
  memory: number;
}

/** All servers of one scrape. */
export interface Scrape {
  sample: FleetSample;
  /** `null` for an output that is printed once. */
  exporter: ExporterState | null;
}

const STATES: readonly Observation['connection']['state'][] = [
  'connecting',
  'live',
  'saved',
  'lost',
  'closed',
];

/** The states of the servers of a fleet. */
function statesOf({ members }: FleetSample): Observation['connection']['state'][] {
  return members.map(({ observation }) => observation.connection.state);
}

/** Whether a server of this fleet could not be read. */
export function hasLost(sample: FleetSample): boolean {
  return statesOf(sample).includes('lost');
}

/**
 * Whether all servers were read. `null` as long as it is unknown for one. False without servers, so that an alert for it
 * also covers the last server of this machine.
 */
function isUp(sample: FleetSample): boolean | null {
  const states = statesOf(sample).filter((state) => state !== 'closed');
  if (states.length === 0 || states.includes('lost')) return false;
  return states.includes('connecting') ? null : true;
}

const all = group<Scrape, FleetSample>({
  prefix: 'uwsgi_',
  labels: [],
  rows: ({ sample }) => [sample],
  labelsOf: () => [],
  metrics: [
    {
      name: 'up',
      type: 'gauge',
      help: 'Whether the last read of each server succeeded; uwsgi_target_up has each one. 0 without servers.',
      isShared: true,
      value: isUp,
    },
    {
      name: 'exporter_last_scrape_error',
      type: 'gauge',
      help: 'Whether the last read of a server failed.',
      isShared: true,
      value: hasLost,
    },
  ],
});

const states = group<Scrape, { state: string; count: number }>({
  prefix: 'uwsgi_',
  labels: ['state'],
  rows: ({ sample }) =>
    STATES.map((state) => ({ state, count: statesOf(sample).filter((each) => each === state).length })),
  labelsOf: ({ state }) => [state],
  metrics: [
    {
      name: 'servers',
      type: 'gauge',
      help: 'Servers by the state of their connection. The statistics of a closed server cannot be read.',
      value: ({ count }) => count,
    },
  ],
});

const exporter = group<Scrape, ExporterState>({
  prefix: '',
  labels: [],
  rows: ({ exporter }) => (exporter === null ? [] : [exporter]),
  labelsOf: () => [],
  metrics: [
    {
      name: 'uwsgi_exporter_scrapes_total',
      type: 'counter',
      help: 'Scrapes.',
      isShared: true,
      value: ({ scrapes }) => scrapes,
    },
    {
      name: 'uwsgi_exporter_scrape_errors_total',
      type: 'counter',
      help: 'Scrapes for which a server could not be read.',
      isShared: true,
      value: ({ scrapeErrors }) => scrapeErrors,
    },
    {
      name: 'uwsgi_exporter_scrape_duration_seconds',
      type: 'summary',
      unit: 'seconds',
      help: 'Duration of the answered scrapes.',
      isShared: true,
      value: ({ seconds }) => seconds,
      count: ({ answered }) => answered,
    },
    {
      name: 'process_cpu_seconds_total',
      type: 'counter',
      unit: 'seconds',
      help: 'CPU time of the exporter.',
      value: ({ cpuTime }) => cpuTime,
    },
    {
      name: 'process_resident_memory_bytes',
      type: 'gauge',
      unit: 'bytes',
      help: 'Resident memory of the exporter.',
      value: ({ memory }) => memory,
    },
    {
      name: 'process_start_time_seconds',
      type: 'gauge',
      unit: 'seconds',
      help: 'Unix time of the start of the exporter.',
      value: ({ started }) => started,
    },
  ],
});

const build = group<Scrape, ExporterState>({
  prefix: 'uwsgi_exporter_',
  labels: ['version'],
  rows: ({ exporter }) => (exporter === null ? [] : [exporter]),
  labelsOf: ({ version }) => [version],
  metrics: [
    { name: 'build_info', type: 'gauge', help: 'The version of statstop; always 1.', value: () => 1 },
  ],
});

/** The metrics of the exporter, and of all servers together. They have no label `stats_uri`. */
export const EXPORTER_METRICS: readonly AnyGroup<Scrape>[] = [all, states, exporter, build];
