import { socketId } from '../../rates/about.ts';
import { ratio } from '../../rates/delta.ts';
import type { AppSample } from '../../rates/sample.ts';
import { queueSource } from '../../rates/with-host.ts';
import type { Socket } from '../../stats/snapshot.ts';
import * as format from '../../text/format.ts';
import { type Column, counts, numbers, words } from '../column.ts';
import type { Role } from '../frame.ts';
import { defineView } from '../view.ts';

/** A socket, and the source of the length of its queue. */
export interface SocketRow {
  socket: Socket;
  source: 'uwsgi' | 'kernel' | null;
  /** How often the server found a TCP queue full. `null` instead of 0, because uWSGI reports 0 even after overflows. */
  errors: number | null;
}

/** Whether a socket is a TCP socket. uWSGI treats a name with a colon as an address (core/socket.c). */
function isTcp({ name }: Socket): boolean {
  return name?.includes(':') ?? false;
}

const fill = ({ socket: { queue, maxQueue } }: SocketRow) => ratio(queue, maxQueue);

function queueRole(row: SocketRow): Role | null {
  const share = fill(row);
  return share === null || share === 0 ? null : share >= 1 ? 'critical' : 'warning';
}

const SOCKET_COLUMNS: readonly Column<SocketRow>[] = [
  words<SocketRow>({
    name: 'socket',
    title: 'SOCKET',
    width: 20,
    preferredWidth: 32,
    grows: true,
    importance: 1,
    description: 'address or path',
    value: ({ socket }) => socket.name,
  }),
  words<SocketRow>({
    name: 'protocol',
    title: 'PROTOCOL',
    key: 'P',
    width: 9,
    importance: 4,
    description: 'protocol: uwsgi, http, fastcgi, ...',
    value: ({ socket }) => socket.proto,
  }),
  counts<SocketRow>({
    name: 'queue',
    title: 'QUEUE',
    key: 'E',
    width: 6,
    importance: 2,
    description: 'connections that wait in the listen queue',
    value: ({ socket }) => socket.queue,
    role: queueRole,
  }),
  counts<SocketRow>({
    name: 'limit',
    title: 'LIMIT',
    key: 'M',
    width: 6,
    importance: 3,
    description:
      'maximum of waiting connections (option listen); the kernel refuses or retries more. 0 is a finding',
    value: ({ socket }) => socket.maxQueue,
  }),
  numbers<SocketRow>(format.percent, {
    name: 'fill',
    title: 'FILL%',
    key: 'L',
    width: 6,
    importance: 5,
    description: 'waiting connections in percent of the limit',
    value: fill,
    role: queueRole,
  }),
  counts<SocketRow>({
    name: 'errors',
    title: 'QERR',
    key: 'R',
    width: 5,
    importance: 9,
    description:
      'how often the server found the queue of any TCP socket full (listen_queue_errors); - for 0, because uWSGI up to 2.1 never counts it',
    value: ({ errors }) => errors,
    role: ({ errors }) => (errors === null ? null : 'warning'),
  }),
  words<SocketRow>({
    name: 'source',
    title: 'SOURCE',
    width: 7,
    importance: 6,
    description: 'source of the queue length: uWSGI, or the kernel of this machine',
    value: ({ source }) => source,
  }),
  words<SocketRow>({
    name: 'shared',
    title: 'SHARED',
    key: 'D',
    width: 7,
    importance: 8,
    description: 'whether it is a shared socket',
    value: ({ socket: { shared } }) => (shared === null ? null : format.yesNo(shared)),
  }),
  words<SocketRow>({
    name: 'offloads',
    title: 'OFFLOADS',
    width: 9,
    importance: 7,
    description: 'whether responses can be passed to an offload thread',
    value: ({ socket: { canOffload } }) => (canOffload === null ? null : format.yesNo(canOffload)),
  }),
];

/** The view of the sockets of the server and their listen queues. */
export const SOCKETS = defineView<AppSample, SocketRow>({
  name: 'sockets',
  title: 'Sockets',
  kind: 'app',
  columns: SOCKET_COLUMNS,
  sort: { column: 'fill', descending: true, ties: [{ column: 'queue', descending: true }] },
  order: 'what needs attention: the fullest queue first, then the longest queue',
  rows: ({ snapshot, host }) =>
    snapshot.sockets.map((socket) => ({
      socket,
      source: queueSource(socket, host),
      errors: isTcp(socket) ? snapshot.listenQueueErrors || null : null,
    })),
  id: ({ socket }) => socketId(socket),
  has: ({ snapshot }) => snapshot.sockets.length > 0,
  empty:
    'the server has no socket of its own (socket, http-socket, ...). A server behind a Zerg server has none',
});
