import { closeSync, constants, openSync, readSync, unlinkSync } from 'node:fs';
import { statOf } from '../host/stat.ts';
import { RecordingError } from './error.ts';
import { newFile, writeAll } from './new-file.ts';

const { O_NOFOLLOW, O_NONBLOCK, O_RDONLY } = constants;

/** Longest content of a lock in bytes. */
const LONGEST = 100;

/** A file that says which process records to a folder. */
export class Lock {
  readonly #path: string;
  readonly #content: string;

  private constructor(path: string, content: string) {
    this.#path = path;
    this.#content = content;
  }

  /**
   * Takes the lock. One that an ended process left behind is replaced.
   *
   * @throws RecordingError if another process has the lock
   */
  static take(path: string): Lock {
    const content = contentFor(process.pid);
    for (let tries = 0; ; tries += 1) {
      try {
        write(newFile(path), content);
        break;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST' || tries > 0) throw error;
        const pid = holderOf(path);
        if (pid !== null) throw new RecordingError(`process ${pid} records to it. Give another folder`);
        unlinkSync(path);
      }
    }
    const lock = new Lock(path, content);
    lock.check();
    return lock;
  }

  /** @throws RecordingError if another process has replaced the lock */
  check(): void {
    if (contentOf(this.#path) !== this.#content)
      throw new RecordingError('another process records to it, or its lock was removed');
  }

  release(): void {
    if (contentOf(this.#path) === this.#content) unlinkSync(this.#path);
  }
}

/** The start of a process distinguishes it from a later one with the same pid. */
function contentFor(pid: number): string {
  return `${pid} ${statOf(`/proc/${pid}`)?.startedAfterBoot ?? '-'}\n`;
}

function contentOf(path: string): string | null {
  try {
    return read(openSync(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK));
  } catch {
    return null;
  }
}

function write(file: number, content: string): void {
  try {
    writeAll(file, Buffer.from(content));
  } finally {
    closeSync(file);
  }
}

function read(file: number): string {
  try {
    const bytes = Buffer.alloc(LONGEST);
    return bytes.toString('latin1', 0, readSync(file, bytes, 0, LONGEST, 0));
  } finally {
    closeSync(file);
  }
}

/** The pid of the process that has the lock; `null` if it has ended. */
function holderOf(path: string): number | null {
  const content = contentOf(path) ?? '';
  const pid = Number.parseInt(content, 10);
  if (!(pid > 0) || !isRunning(pid)) return null;
  return content === contentFor(pid) ? pid : null;
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
