import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cpuTime } from './processes.ts';
import { startInPty } from './pty.ts';

/** Of one refresh. */
export interface Cost {
  /** User and system time. */
  cpuMs: number;
  /** Written to the terminal. */
  bytes: number;
}

/** A live view in a terminal, and the server that it reads. */
export interface Watched {
  /** Measures so many reads of its fast mode. */
  fast(reads: number): Promise<Cost>;
  /** Into the fast mode, or out of it. */
  pace(): void;
  /** Presses a key; resolves with the milliseconds until it had written that. */
  answers(key: string, text: string): Promise<number>;
  quit(): Promise<void>;
}

/** Key of the fast mode, in statstop as in uwsgitop. */
const FAST = 'f';
const QUIT = 'q';

/**
 * Starts a program on a server of its own that has its documents ready, so that nobody waits for the server.
 *
 * @param shown text of the first frame that has data
 */
export async function startWatched(
  program: readonly string[],
  documents: readonly Buffer[],
  shown: string,
): Promise<Watched> {
  const folder = await mkdtemp(join(tmpdir(), 'statstop-bench-'));
  const address = join(folder, 'stats.sock');
  const remove = () => rmSync(folder, { recursive: true, force: true });
  process.once('exit', remove);
  let reads = 0;
  const server = createServer({ pauseOnConnect: true }, (socket) => {
    const document = documents[reads % documents.length] ?? Buffer.alloc(0);
    reads += 1;
    socket.on('error', () => socket.destroy());
    socket.write(document, () => socket.destroy());
  });
  await once(server.listen(address), 'listening');
  const view = await startInPty([...program, address]);
  await view.shows(shown);

  /** At the beginning of a read, so that what lies between two of them is a whole number of refreshes. */
  const atNextRead = async () => {
    await once(server, 'connection');
    return { cpuMs: cpuTime(view.pid), bytes: view.bytes, reads };
  };

  return {
    async fast(wanted) {
      view.press(FAST);
      // The pause that was under way, and the first refresh after a change of pace.
      await once(server, 'connection');
      const start = await atNextRead();
      let end = start;
      while (end.reads - start.reads < wanted) end = await atNextRead();
      view.press(FAST);
      const refreshes = end.reads - start.reads;
      return {
        cpuMs: (end.cpuMs - start.cpuMs) / refreshes,
        bytes: (end.bytes - start.bytes) / refreshes,
      };
    },
    pace: () => view.press(FAST),
    answers: view.answers,
    async quit() {
      await view.quit(QUIT);
      server.close();
      remove();
      process.off('exit', remove);
    },
  };
}
