import { lockId } from '../../rates/about.ts';
import type { AppSample } from '../../rates/sample.ts';
import * as format from '../../text/format.ts';
import { type Column, counts, numbers, timestamps, words } from '../column.ts';
import type { Role } from '../frame.ts';
import { type Numbered, numbered } from '../numbered.ts';
import { defineView } from '../view.ts';

/** A lock, a legion, or a member of a legion. */
interface LockRow {
  kind: 'lock' | 'legion' | 'member';
  name: string | null;
  state: string | null;
  role: Role;
  pid: number | null;
  valor: number | null;
  quorum: number | null;
  address: string | null;
  lastSeen: number | null;
}

const NOTHING: Omit<LockRow, 'kind' | 'name'> = {
  state: null,
  role: 'plain',
  pid: null,
  valor: null,
  quorum: null,
  address: null,
  lastSeen: null,
};

/** Returns a key that is not unique: one node can be in two legions, and two nodes can run on one host. */
function lockKey({ kind, name }: LockRow): string {
  return `${kind} ${name}`;
}

function rows({ snapshot }: AppSample): LockRow[] {
  const locks = snapshot.locks.map(({ name, holder }): LockRow => {
    const held = holder !== null;
    return {
      ...NOTHING,
      kind: 'lock',
      name,
      pid: holder,
      state: held ? 'held' : 'free',
      role: held ? 'busy' : 'dim',
    };
  });
  const legions = snapshot.legions.flatMap(({ members, ...legion }): LockRow[] => [
    {
      ...NOTHING,
      kind: 'legion',
      name: legion.name,
      state: legion.isLord === null ? null : legion.isLord ? 'lord' : 'no lord',
      role: legion.isLord ? 'good' : 'plain',
      valor: legion.valor,
      quorum: legion.quorum,
      address: [legion.address, ...legion.nodes].join(' '),
    },
    ...members.map(
      ({ name, valor, lastSeen, uuid }): LockRow => ({
        ...NOTHING,
        kind: 'member',
        name: `  ${name ?? uuid ?? format.UNKNOWN}`,
        state: uuid !== null && uuid === legion.lordUuid ? 'lord' : null,
        valor,
        lastSeen,
      }),
    ),
  ]);
  return [...legions, ...locks];
}

const LOCK_COLUMNS: readonly Column<LockRow>[] = [
  words<LockRow>({
    name: 'kind',
    title: 'KIND',
    key: 'D',
    width: 7,
    importance: 3,
    description: 'lock, legion, or member of the legion above',
    value: ({ kind }) => kind,
  }),
  words<LockRow>({
    name: 'name',
    title: 'NAME',
    key: 'M',
    width: 16,
    roomyWidth: 32,
    importance: 1,
    description: 'name',
    value: ({ name }) => name,
  }),
  words<LockRow>({
    name: 'state',
    title: 'STATE',
    key: 'E',
    width: 8,
    importance: 2,
    description: 'lock: held or free; legion: lord if this node is the lord',
    value: ({ state }) => state,
    role: ({ role }) => role,
  }),
  {
    ...numbers<LockRow>(format.orUnknown(String), {
      name: 'pid',
      title: 'PID',
      key: 'P',
      width: 7,
      importance: 4,
      description: 'ID of the process that holds the lock',
      value: ({ pid }) => pid,
    }),
    descending: false,
  },
  counts({
    name: 'valor',
    title: 'VALOR',
    key: 'V',
    width: 6,
    importance: 5,
    description: 'legion: the node with the highest valor is the lord',
    value: ({ valor }) => valor,
  }),
  counts({
    name: 'quorum',
    title: 'QUORUM',
    key: 'R',
    width: 7,
    importance: 6,
    description: 'votes that a legion needs to elect its lord',
    value: ({ quorum }) => quorum,
  }),
  timestamps({
    name: 'lastSeen',
    title: 'SEEN',
    width: 10,
    importance: 8,
    description: 'when the member last sent a packet',
    value: ({ lastSeen }) => lastSeen,
  }),
  words<LockRow>({
    name: 'address',
    title: 'ADDRESSES',
    width: 12,
    grows: true,
    importance: 7,
    description: 'legion: address of this node, and addresses of the other nodes',
    value: ({ address }) => address,
  }),
];

/** The view of the locks and legions. */
export const LOCKS = defineView<AppSample, Numbered<LockRow>>({
  name: 'locks',
  title: 'Locks',
  kind: 'app',
  columns: LOCK_COLUMNS,
  // Held locks come first, because a free lock has no process ID.
  sort: { column: 'pid', descending: false },
  order: 'held locks first, by process ID',
  rows: (sample) => numbered(rows(sample), lockKey),
  id: ({ kind, name, nth }) => lockId(kind, name, nth),
  label: ({ name }) => name?.trim() ?? format.UNKNOWN,
  has: ({ snapshot }) => snapshot.locks.length + snapshot.legions.length > 0,
  empty:
    'no locks: the server runs without a master (master = true). legion = ... in the configuration adds a legion',
});
