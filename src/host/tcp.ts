import { open } from 'node:fs/promises';

/** TCP_LISTEN, as written in the tables. */
const LISTENS = '0A';
const CHUNK_BYTES = 64 * 1024;

/**
 * Inodes of the sockets that listen on a port, at any address, in our network namespace.
 *
 * @throws Error if the tables cannot be read
 */
export async function tcpListeners(port: number, proc: string): Promise<string[]> {
  const tables = await Promise.all(['tcp', 'tcp6'].map((name) => listening(`${proc}/self/net/${name}`)));
  const hex = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  return tables.flat().flatMap(({ address, inode }) => (address.endsWith(hex) ? [inode] : []));
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
