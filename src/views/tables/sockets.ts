import { ratio } from '../../rates/delta.ts';
import type { AppSample } from '../../rates/sample.ts';
import type { Socket } from '../../stats/snapshot.ts';
import { type Column, counts, numbers, words } from '../column.ts';
import * as format from '../format.ts';
import type { Role } from '../frame.ts';
import { defineView } from '../view.ts';

const fill = ({ queue, maxQueue }: Socket) => ratio(queue, maxQueue);

function queueRole(socket: Socket): Role | null {
  const share = fill(socket);
  return share === null || share === 0 ? null : share >= 1 ? 'critical' : 'warning';
}

export const SOCKET_COLUMNS: readonly Column<Socket>[] = [
  words<Socket>({
    name: 'socket',
    title: 'SOCKET',
    key: 'S',
    width: 20,
    grows: true,
    importance: 1,
    description: 'address or path',
    value: ({ name }) => name,
  }),
  words<Socket>({
    name: 'protocol',
    title: 'PROTOCOL',
    key: 'O',
    width: 9,
    importance: 4,
    description: 'what is spoken there: uwsgi, http, fastcgi, ...',
    value: ({ proto }) => proto,
  }),
  counts<Socket>({
    name: 'queue',
    title: 'QUEUE',
    key: 'U',
    width: 6,
    importance: 2,
    description: 'connections that wait; of unix sockets the kernel knows, where the server runs here',
    value: ({ queue }) => queue,
    role: queueRole,
  }),
  counts<Socket>({
    name: 'limit',
    title: 'LIMIT',
    key: 'L',
    width: 6,
    importance: 3,
    description: 'connections that can wait (listen); more are refused or retried',
    value: ({ maxQueue }) => maxQueue,
  }),
  numbers<Socket>(format.percent, {
    name: 'fill',
    title: 'FILL%',
    key: 'I',
    width: 6,
    importance: 5,
    description: 'how full its queue is',
    value: fill,
    role: queueRole,
  }),
  words<Socket>({
    name: 'shared',
    title: 'SHARED',
    key: 'D',
    width: 7,
    importance: 7,
    description: 'a shared socket',
    value: ({ shared }) => (shared === null ? null : format.yesNo(shared)),
  }),
  words<Socket>({
    name: 'offloads',
    title: 'OFFLOADS',
    key: 'F',
    width: 9,
    importance: 6,
    description: 'its answers can be handed to an offload thread',
    value: ({ canOffload }) => (canOffload === null ? null : format.yesNo(canOffload)),
  }),
];

/** Where the server listens, and who waits there. */
export const SOCKETS = defineView<AppSample, Socket>({
  name: 'sockets',
  title: 'Sockets',
  kind: 'app',
  columns: SOCKET_COLUMNS,
  sort: { column: 'queue', descending: true },
  rows: ({ snapshot }) => snapshot.sockets,
  id: ({ name, proto }) => `${proto} ${name}`,
  has: ({ snapshot }) => snapshot.sockets.length > 0,
  empty: 'the server has no socket of its own (socket, http-socket, ...), as behind a Zerg server',
});
