import type { Server } from '../host/server.ts';
import { boundedMask, CELL_CHARACTERS, VALUE_CHARACTERS } from '../text/bounds.ts';
import { UNKNOWN } from '../text/format.ts';
import type { Mask } from '../text/secrets.ts';
import { gridLines } from './grid-lines.ts';
import { maskedJson } from './json.ts';

/**
 * Returns the servers of this machine as a plain table: a heading, and one line per server. The column STATS has the
 * target for statstop; the column NOTE what to do if there is none. All texts come from processes of any user.
 */
export function serversText(servers: readonly Server[], mask: Mask): string {
  const { text } = boundedMask(mask, CELL_CHARACTERS);
  const rows = servers.map((server) => {
    const { id, name } = server.user;
    const stats = server.sockets.map(({ target }) => target ?? UNKNOWN).join(' ') || UNKNOWN;
    const cells = [server.name, String(server.pid), name ?? String(id), server.kind ?? UNKNOWN, stats];
    return [...cells, noteOf(server) ?? ''].map(text);
  });
  const columns = TITLES.map((title) => ({ title, align: title === 'PID' ? 'right' : 'left' }) as const);
  const shown = rows.some((row) => row[5]) ? columns : columns.slice(0, -1);
  return gridLines({ columns: shown, rows })
    .map((line) => `${line.trimEnd()}\n`)
    .join('');
}

const TITLES = ['NAME', 'PID', 'USER', 'KIND', 'STATS', 'NOTE'] as const;

/** Returns the servers of this machine as one JSON document, `statstop.servers/1`. Its schema is in `schema/`. */
export function serversJson(servers: readonly Server[], mask: Mask): string {
  const { text } = boundedMask(mask, VALUE_CHARACTERS);
  return `${maskedJson(
    {
      schema: 'statstop.servers/1',
      servers: servers.map(({ command, sockets, startedAfterBoot, ...server }) => ({
        ...server,
        // The words of an option and its value belong together for the mask.
        command: text(command.join(' ')),
        sockets: sockets.map(({ inode: _, ...socket }) => socket),
        note: noteOf({ command, sockets, startedAfterBoot, ...server }),
      })),
    },
    mask,
  )}\n`;
}

/** Returns what a user can do to read a server. `null` if it has a target. */
export function noteOf(server: Server): string | null {
  const [socket] = server.sockets;
  if (!socket) return server.missing && MISSING[server.missing](server);
  return socket.why && UNREACHABLE[socket.why](server, socket);
}

const MISSING: Readonly<Record<NonNullable<Server['missing']>, (server: Server) => string>> = {
  none: ({ kind, name }) =>
    `add to its configuration: ${kind === 'emperor' ? 'emperor-stats' : 'stats'} = /run/${fileName(name)}.stats`,
  // The command has no text of the process: root would run what its user has chosen.
  permission: () => 'no permission: sudo statstop servers',
  unread: () => 'its open files could not be read in time',
  unclear: () => 'stats socket not certain: give the address of its option stats',
};

type Why = NonNullable<Server['sockets'][number]['why']>;

const UNREACHABLE: Readonly<Record<Why, (server: Server, socket: Server['sockets'][number]) => string>> = {
  network: ({ pid }, { name }) =>
    `in another network namespace: nsenter -t ${pid} -n statstop ${quoted(name)}`,
  path: (_, { name }) => `no socket at ${name}: its file was removed or replaced`,
  shared: (_, { name }) => `another process listens at ${name}, too`,
};

/** The characters of a name that are harmless in a path and in a configuration. */
function fileName(name: string): string {
  return name.replace(/[^\w.-]/g, '').slice(0, 64) || 'uwsgi';
}

/** An address as one word of a shell. An abstract name ends with `@` for the NUL that uWSGI binds. */
function quoted(name: string): string {
  const address = name.startsWith('@') ? name.replace(/@$/, '') : name.replace(/^0\.0\.0\.0:/, ':');
  return /^[\w@.:/-]+$/.test(address) ? address : `'${address.replaceAll("'", "'\\''")}'`;
}
