import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cpuTime } from './processes.ts';
import { startInPty } from './pty.ts';

/** The cost of one refresh. */
export interface Cost {
  /** User and system time. */
  cpuMs: number;
  /** Bytes written to the terminal. */
  bytes: number;
}

/** A live view in a terminal, and the server that it reads. */
export interface Watched {
  /** Measures at least `reads` reads in fast mode. */
  fast(reads: number): Promise<Cost>;
  /** Switches the fast mode on or off. */
  pace(): void;
  /** Presses a key. Resolves with the milliseconds until new output contained the text, a regular expression. */
  answers(key: string, text: string): Promise<number>;
  quit(): Promise<void>;
}

/** Key of the fast mode, in statstop and in uwsgitop. */
const FAST = 'f';
const QUIT = 'q';

/**
 * Starts a program, with a server that has all documents ready, so that the program never waits for the server.
 *
 * @param shown text of the first frame that has data, a regular expression
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

  /** Takes the figures at the start of a read, so that the span between two calls contains whole refreshes. */
  const atNextRead = async () => {
    await once(server, 'connection');
    return { cpuMs: cpuTime(view.pid), bytes: view.bytes, reads };
  };

  return {
    async fast(wanted) {
      view.press(FAST);
      // Skip the current pause and the first refresh after the change of interval.
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
