import { requestOf } from '../../rates/in-flight.ts';
import { memoize } from '../../rates/memoize.ts';
import { coreSamples } from '../../rates/rates.ts';
import type { AppSample, CoreSample, WorkerSample } from '../../rates/sample.ts';
import type { Core } from '../../stats/snapshot.ts';
import * as format from '../../text/format.ts';
import { type Column, counts, numbers, words } from '../column.ts';
import { coreColumn } from '../core-column.ts';
import { requestLine } from '../request-line.ts';
import { defineView, type Place } from '../view.ts';
import { ageRole, attentionAge, steadyAge } from './requests.ts';

export interface CoreRow {
  of: WorkerSample;
  core: CoreSample;
  at: AppSample;
}

const request = memoize(({ of, core, at }: CoreRow) =>
  core.core.inRequest ? requestOf(of.worker.id, core.core, at, at.long.get(core.core)) : null,
);

const placeOf = ({ of, core }: CoreRow): Place => ({ worker: of.worker.id, core: core.core.id });

const CORE_COLUMNS: readonly Column<CoreRow>[] = [
  coreColumn<CoreRow>({ width: 8, importance: 1, description: 'worker:core' }, placeOf),
  words<CoreRow>({
    name: 'state',
    title: 'STATE',
    width: 6,
    importance: 2,
    description: 'busy: runs a request; idle: does not',
    value: ({ core }) => (core.core.inRequest ? 'busy' : 'idle'),
    role: ({ core }) => (core.core.inRequest ? 'busy' : 'dim'),
  }),
  counts({
    name: 'requests',
    title: 'REQ',
    width: 9,
    importance: 4,
    description: 'requests since the start of the server',
    value: ({ core }) => core.core.requests,
  }),
  numbers<CoreRow>(format.rate, {
    name: 'rps',
    title: 'RPS',
    key: 'P',
    width: 6,
    importance: 3,
    description: 'requests per second in this interval',
    value: ({ core }) => core.rps,
  }),
  counts({
    name: 'static',
    title: 'STATIC',
    width: 7,
    importance: 10,
    description: 'static files served since the start',
    value: ({ core }) => core.core.staticRequests,
  }),
  counts({
    name: 'routed',
    title: 'ROUTED',
    key: 'D',
    width: 7,
    importance: 12,
    description: 'requests that the internal routing of uWSGI answered',
    value: ({ core }) => core.core.routedRequests,
  }),
  counts({
    name: 'offloaded',
    title: 'OFFLOAD',
    key: 'L',
    width: 8,
    importance: 11,
    description: 'requests passed to an offload thread',
    value: ({ core }) => core.core.offloadedRequests,
  }),
  counts({
    name: 'writeErrors',
    title: 'WERR',
    key: 'R',
    width: 5,
    importance: 8,
    description:
      'responses that could not be written because the client or the web server had closed the connection',
    value: ({ core }) => core.core.writeErrors,
  }),
  counts({
    name: 'readErrors',
    title: 'RERR',
    width: 5,
    importance: 9,
    description: 'requests that could not be read',
    value: ({ core }) => core.core.readErrors,
  }),
  numbers<CoreRow>(format.age, {
    name: 'age',
    title: 'AGE',
    key: 'E',
    width: 6,
    importance: 5,
    description: 'age of the request in whole seconds',
    value: (row) => request(row)?.age ?? null,
    sortKey: (row) => attentionAge(request(row)),
    steady: (row) => steadyAge(attentionAge(request(row))),
    role: (row, at) => ageRole(request(row), at),
  }),
  {
    ...words<CoreRow>({
      name: 'request',
      title: 'REQUEST',
      width: 20,
      preferredWidth: 34,
      grows: true,
      importance: 6,
      description: 'method and URI of the request in flight, with secrets masked',
      value: (row) => request(row)?.uri ?? null,
    }),
    text: (row, { mask }) => {
      const running = request(row);
      return running ? requestLine(running, mask) : format.UNKNOWN;
    },
  },
];

/**
 * Whether to list a core. A server can have thousands of cores that never ran a request; they would hide the others.
 */
function isUsed({ inRequest, requests }: Core): boolean {
  return inRequest || requests !== 0;
}

/** The view of the used cores (threads or greenlets) of all workers. The oldest requests in flight come first. */
export const CORES = defineView<AppSample, CoreRow>({
  name: 'cores',
  title: 'Cores',
  kind: 'app',
  columns: CORE_COLUMNS,
  sort: { column: 'age', descending: true, steady: true },
  order: 'what needs attention: requests of two seconds or more, the oldest first; then by worker and core',
  rows: (sample) =>
    sample.workers.flatMap((of) =>
      coreSamples(sample, of)
        .filter(({ core }) => isUsed(core))
        .map((core) => ({ of, core, at: sample })),
    ),
  id: ({ of, core }) => `${of.worker.id}:${core.core.id}`,
  isLast: ({ of: { worker } }) => worker.status === 'cheap',
  has: ({ workers }) => workers.some(({ worker }) => worker.cores.some(isUsed)),
  runs: placeOf,
  idle: ({ of: { worker }, core }) =>
    worker.status === 'cheap' ? 'cheap' : core.core.inRequest ? null : 'idle',
  empty: 'no core has run a request yet, or the server does not report cores (stats-no-cores)',
});
