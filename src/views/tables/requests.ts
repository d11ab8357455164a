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
import { statusRole } from './worker-columns.ts';

/** A request in flight, and the status of its worker. */
export interface RequestRow {
  request: RequestInFlight;
  status: string;
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
    description: 'since it began, in whole seconds',
    value: ({ request }) => request.age,
    role: ({ request }, at) => ageRole(request, at),
  }),
  coreColumn<RequestRow>(
    { width: 7, importance: 2, description: 'worker:core that runs it' },
    ({ request }) => request,
  ),
  words<RequestRow>({
    name: 'status',
    title: 'STATUS',
    key: 'U',
    width: 7,
    importance: 7,
    description: 'status of its worker',
    value: ({ status }) => status,
    role: ({ status }) => statusRole(status),
  }),
  words<RequestRow>({
    name: 'method',
    title: 'METHOD',
    key: 'M',
    width: 7,
    importance: 4,
    description: 'its method; - before it has been read',
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
    name: 'host',
    title: 'HOST',
    key: 'O',
    width: 10,
    roomyWidth: 26,
    importance: 6,
    description: 'the host it asks for',
    value: ({ request }) => request.host,
    text: ({ request }, { mask }) => maskedVariable('HTTP_HOST', request.host, mask),
  }),
  words<RequestRow>({
    name: 'client',
    title: 'CLIENT',
    key: 'L',
    width: 15,
    importance: 5,
    description: 'address of the client, as the web server says it',
    value: ({ request }) => request.remote,
    text: ({ request }, { mask }) => maskedVariable('REMOTE_ADDR', request.remote, mask),
  }),
  words<RequestRow>({
    name: 'kind',
    title: 'KIND',
    key: 'K',
    width: 9,
    importance: 8.5,
    description:
      'why it is long on purpose and no finding: a WebSocket, a stream of events (text/event-stream), or a path that --long names',
    value: ({ request }) => request.long,
  }),
  numbers<RequestRow>(format.size, {
    name: 'body',
    title: 'BODY',
    key: 'B',
    width: 6,
    importance: 8,
    description: 'size of its body (Content-Length)',
    value: ({ request }) => bodySize(request.value('CONTENT_LENGTH')),
  }),
  words<RequestRow>({
    name: 'agent',
    title: 'AGENT',
    key: 'T',
    width: 18,
    roomyWidth: 30,
    importance: 9,
    description: 'what the client says it is (User-Agent)',
    value: ({ request }) => request.value('HTTP_USER_AGENT'),
    text: ({ request }, { mask }) =>
      maskedVariable('HTTP_USER_AGENT', request.value('HTTP_USER_AGENT'), mask),
  }),
];

function bodySize(length: string | null): number | null {
  return length !== null && /^\d{1,15}$/.test(length) ? Number(length) : null;
}

/** The view of the requests in flight, the oldest first. */
export const REQUESTS = defineView<AppSample, RequestRow>({
  name: 'requests',
  title: 'Requests',
  kind: 'app',
  columns: REQUEST_COLUMNS,
  sort: { column: 'age', descending: true },
  rows: (sample) =>
    requestsInFlight(sample).map((request) => ({
      request,
      status: sample.snapshot.workers[request.worker - 1]?.status ?? '',
    })),
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
  caption: (count) =>
    count === 0 ? 'no request in flight' : `${plural(count, 'request')} in flight, oldest first`,
  empty: 'no request runs at this moment (a server with stats-no-cores does not tell of any)',
});
