import { open } from 'node:fs/promises';
import { endianness } from 'node:os';

/** TCP_LISTEN, as written in the tables. */
const LISTENS = '0A';
const CHUNK_BYTES = 64 * 1024;

/**
 * Inodes of the sockets that listen on a port, at any address, in our network namespace.
 *
 * @throws Error if the tables cannot be read
 */
export async function tcpListeners(port: number, proc: string): Promise<string[]> {
  const all = await allTcpListeners(`${proc}/self`);
  return all.flatMap((each) => (each.port === port ? [each.inode] : []));
}

/** A TCP socket that accepts connections. */
export interface TcpListener {
  inode: string;
  /** Numeric, without brackets. `0.0.0.0` and `::` are all addresses of the machine. */
  host: string;
  port: number;
}

/**
 * TCP sockets that listen in the network namespace of a process.
 *
 * @param folder directory of the process, `/proc/PID`
 * @throws Error if the tables cannot be read
 */
export async function allTcpListeners(folder: string): Promise<TcpListener[]> {
  const tables = await Promise.all(['tcp', 'tcp6'].map((name) => listening(`${folder}/net/${name}`)));
  return tables.flat().flatMap(({ address, inode }) => {
    const place = tcpAddress(address);
    return place === null ? [] : [{ inode, ...place }];
  });
}

/**
 * Parses an address of the tables (proc_net_tcp.rst): each 32 bits of the address as a number of this machine in
 * hexadecimal, then the port.
 *
 * @returns `null` for another text
 */
export function tcpAddress(text: string): { host: string; port: number } | null {
  const [, digits = '', port = ''] = /^([0-9A-F]{8}|[0-9A-F]{32}):([0-9A-F]{4})$/.exec(text) ?? [];
  if (digits === '') return null;
  const words = (digits.match(/.{8}/g) ?? []).flatMap((word) => {
    const bytes = word.match(/../g) ?? [];
    return endianness() === 'LE' ? bytes.reverse() : bytes;
  });
  return {
    host:
      words.length === 4 ? words.map((byte) => Number.parseInt(byte, 16)).join('.') : ipv6(words.join('')),
    port: Number.parseInt(port, 16),
  };
}

/** The short form of an IPv6 address, which the URL parser computes (RFC 5952). */
function ipv6(digits: string): string {
  return new URL(`http://[${digits.match(/.{4}/g)?.join(':')}]`).hostname.slice(1, -1);
}

/**
 * Reads a table up to the first connection. The kernel lists the listening sockets first (proc_net_tcp.rst), and there
 * may be many connections.
 */
async function listening(path: string): Promise<{ address: string; inode: string }[]> {
  const file = await open(path).catch((error: NodeJS.ErrnoException) => {
    // The kernel has no IPv6.
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  if (file === null) return [];
  try {
    let text = '';
    for (;;) {
      const { bytesRead, buffer } = await file.read(Buffer.alloc(CHUNK_BYTES), 0, CHUNK_BYTES, null);
      text += buffer.toString('latin1', 0, bytesRead);
      // Columns: number, local and remote address, state, queues, timer, retransmits, user, timeout, inode.
      const whole = text.slice(0, text.lastIndexOf('\n') + 1);
      const rows = whole
        .split('\n')
        .slice(1, -1)
        .map((line) => line.trim().split(/\s+/));
      const found = rows.filter((row) => row[3] === LISTENS);
      if (bytesRead === 0 || found.length < rows.length) {
        return found.map((row) => ({ address: row[1] ?? '', inode: row[9] ?? '' }));
      }
    }
  } finally {
    await file.close();
  }
}
