import { keyOf, type Profile } from '../../insights/paths/profile.ts';
import { requestId } from '../../rates/about.ts';
import { type RequestInFlight, requestsInFlight } from '../../rates/in-flight.ts';
import type { AppSample } from '../../rates/sample.ts';
import { bounded } from '../../text/bounds.ts';
import * as format from '../../text/format.ts';
import { plural } from '../../text/words.ts';
import { type CellContext, type Column, numbers, words } from '../column.ts';
import { coreColumn } from '../core-column.ts';
import type { Role } from '../frame.ts';
import { maskedVariable } from '../request-line.ts';
import { defineView } from '../view.ts';
import { statusRole } from './worker-row.ts';

/** A request in flight, the status of its worker and its path. */
export interface RequestRow {
  request: RequestInFlight;
  status: string;
  /** Pattern of its path; `null` if it is unknown, or if the request is long on purpose. */
  path: string | null;
}

/** Returns the role of the age of a request by the thresholds. `null` for a request that is long on purpose. */
export function ageRole(
  request: Pick<RequestInFlight, 'age' | 'long'> | null,
  { thresholds }: Pick<CellContext, 'thresholds'>,
): Role | null {
  const { age = null, long = null } = request ?? {};
  if (age === null || long !== null) return null;
  if (age >= thresholds.tooLongRequest) return 'critical';
  return age >= thresholds.longRequest ? 'warning' : null;
}

export const REQUEST_COLUMNS: readonly Column<RequestRow>[] = [
  numbers<RequestRow>(format.age, {
    name: 'age',
    title: 'AGE',
    key: 'E',
    width: 6,
    importance: 1,
    description: 'age of the request in whole seconds',
    value: ({ request }) => request.age,
    sortKey: ({ request }) => attentionAge(request),
    role: ({ request }, at) => ageRole(request, at),
  }),
  coreColumn<RequestRow>(
    { width: 7, importance: 2, description: 'worker:core that runs the request' },
    ({ request }) => request,
  ),
  words<RequestRow>({
    name: 'status',
    title: 'STATUS',
    width: 7,
    importance: 7,
    description: 'status of the worker',
    value: ({ status }) => status,
    role: ({ status }) => statusRole(status),
  }),
  words<RequestRow>({
    name: 'method',
    title: 'METHOD',
    key: 'M',
    width: 7,
    importance: 4,
    description: 'method; - until uWSGI has read the request',
    value: ({ request }) => request.method,
    text: ({ request }, { mask }) => maskedVariable('REQUEST_METHOD', request.method, mask),
  }),
  words<RequestRow>({
    name: 'uri',
    title: 'URI',
    key: 'R',
    width: 18,
    preferredWidth: 30,
    grows: true,
    importance: 3,
    description: 'path and query string, secrets masked',
    value: ({ request }) => request.uri,
    text: ({ request }, { mask }) => maskedVariable('REQUEST_URI', request.uri, mask),
  }),
  words<RequestRow>({
    name: 'path',
    title: 'PATH',
    width: 18,
    roomyWidth: 30,
    importance: 10,
    description: 'pattern of the path, as in Paths; shown only if it is chosen with c',
    value: ({ path }) => path,
    text: ({ path }, { mask }) => maskedVariable('REQUEST_URI', path, mask),
  }),
  words<RequestRow>({
    name: 'host',
    title: 'HOST',
    width: 10,
    roomyWidth: 26,
    importance: 6,
    description: 'host name in the request',
    value: ({ request }) => request.host,
    text: ({ request }, { mask }) => maskedVariable('HTTP_HOST', request.host, mask),
  }),
  words<RequestRow>({
    name: 'client',
    title: 'CLIENT',
    key: 'L',
    width: 15,
    importance: 5,
    description: 'address of the client, as the web server reports it',
    value: ({ request }) => request.remote,
    text: ({ request }, { mask }) => maskedVariable('REMOTE_ADDR', request.remote, mask),
  }),
  words<RequestRow>({
    name: 'kind',
    title: 'KIND',
    key: 'D',
    width: 9,
    importance: 8.5,
    description:
      'kind of intentionally long request, which is not a finding: WebSocket, event stream (text/event-stream), or a path that --long names',
    value: ({ request }) => request.long,
  }),
  numbers<RequestRow>(format.size, {
    name: 'body',
    title: 'BODY',
    key: 'B',
    width: 6,
    importance: 8,
    description: 'size of the request body (Content-Length)',
    value: ({ request }) => bodySize(request.value('CONTENT_LENGTH')),
  }),
  words<RequestRow>({
    name: 'agent',
    title: 'AGENT',
    width: 18,
    roomyWidth: 30,
    importance: 9,
    description: 'name that the client reports (User-Agent)',
    value: ({ request }) => request.value('HTTP_USER_AGENT'),
    text: ({ request }, { mask }) =>
      maskedVariable('HTTP_USER_AGENT', request.value('HTTP_USER_AGENT'), mask),
  }),
];

function bodySize(length: string | null): number | null {
  return length !== null && /^\d{1,15}$/.test(length) ? Number(length) : null;
}

/** Sort key of the age of a request: requests that are long on purpose come last. */
export function attentionAge(request: Pick<RequestInFlight, 'age' | 'long'> | null): number | null {
  return request === null || request.long !== null ? null : request.age;
}

/**
 * Age from which a request moves its worker or core to the top, in seconds. Starts are whole seconds, so a request that
 * has just begun can have an age of 1.
 */
const LEAST_AGE = 2;

/** Age of a request for default orders; `null` if it is too young to need attention. */
export function steadyAge(age: number | null): number | null {
  return age !== null && age >= LEAST_AGE ? age : null;
}

/** The columns that are shown unless the user chooses others. */
export function withoutPath<Row>(columns: readonly Column<Row>[]): readonly Column<Row>[] {
  return columns.filter(({ name }) => name !== 'path');
}

export function requestRows(sample: AppSample, { inFlight }: Profile): RequestRow[] {
  return requestsInFlight(sample).map((request) => ({
    request,
    path: inFlight.get(keyOf(request.worker, request.core))?.path ?? null,
    status: sample.snapshot.workers[request.worker - 1]?.status ?? '',
  }));
}

function caption(sample: AppSample): string {
  const count = requestsInFlight(sample).length;
  if (count > 0) return `${plural(count, 'request')} in flight, oldest first`;
  const isUnknown = sample.totals.cores === null && sample.workers.some(({ worker }) => worker.alive);
  return isUnknown
    ? 'requests in flight: not known (the server reports no cores: stats-no-cores)'
    : 'no request in flight';
}

const SHOWN_COLUMNS = withoutPath(REQUEST_COLUMNS);

/** The view of the requests in flight, the oldest first. */
export const REQUESTS = defineView<AppSample, RequestRow>({
  name: 'requests',
  title: 'Requests',
  kind: 'app',
  columns: REQUEST_COLUMNS,
  sort: { column: 'age', descending: true },
  order: 'the oldest request first; intentionally long requests last',
  rows: (sample, { paths }) => requestRows(sample, paths),
  shownColumns: () => SHOWN_COLUMNS,
  // The next request of the same core is a different row.
  id: ({ request }) => requestId(request),
  label: ({ request }) => `${request.worker}:${request.core}`,
  has: ({ totals }) => Boolean(totals.coresBusy),
  count: ({ totals }) => totals.coresBusy,
  more: ({ request }, _, { mask }) => [
    {
      title: 'Variables',
      fields: bounded(request.vars, ({ name, value }) => ({ name, value: mask.variable(name, value) })),
    },
  ],
  runs: ({ request }) => request,
  caption,
  empty: 'no requests in flight; a server with stats-no-cores does not report any',
});
