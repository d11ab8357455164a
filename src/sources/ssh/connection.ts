import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { setTimeout as sleep, setImmediate as turn } from 'node:timers/promises';
import { letGo, withStreams } from '../../host/background.ts';
import type { Address, Login } from '../../targets/target.ts';
import { endGroup } from '../children/group.ts';
import { guarded } from '../children/guard.ts';
import { lastLines } from '../children/last-lines.ts';
import { RunError, run } from '../children/run.ts';
import { SYSTEM_CLOCK } from '../source.ts';
import { reasonOf } from './messages.ts';
import { privateFolder } from './private-folder.ts';
import { connectWords, forwardWords } from './words.ts';

/**
 * Why there is no connection: `ssh` is not installed, it ended, it did not connect in time, or there is no place for its
 * sockets.
 */
export type SshFailure = 'MISSING' | 'ENDED' | 'TIMEOUT' | 'NO_FOLDER';

/** `ssh` could not connect. The message is the reason that it gave. */
export class SshError extends Error {
  override name = 'SshError';
  readonly code: SshFailure;

  constructor(code: SshFailure, message = '') {
    super(message);
    this.code = code;
  }
}

/** Milliseconds between two checks whether `ssh` has connected. It creates its control socket then. */
const CHECK_MS = 20;

/** Maximum bytes of messages of `ssh` to keep. */
const MOST_MESSAGES = 16 * 1024;

/** Maximum bytes that a request for a forwarding can print. */
const MOST_PRINTED = 64 * 1024;

type Child = ChildProcessByStdio<null, null, Readable>;

/** One process of `ssh` that is connected to a machine, and the private folder with its sockets. */
export class SshConnection {
  readonly #login: Login;
  readonly #folder: string;
  readonly #child: Child;
  /** The local socket of each forwarding, by the address there. */
  readonly #forwardings = new Map<string, Promise<string>>();
  readonly #gone: Promise<void>;
  #messages = Buffer.alloc(0);
  #count = 0;
  #written = 0;
  #failure: NodeJS.ErrnoException | null = null;
  #hasEnded = false;

  /**
   * Starts `ssh` and waits until it has connected.
   *
   * @throws SshError
   */
  static async open(login: Login, timeoutSeconds: number): Promise<SshConnection> {
    const folder = await privateFolder().catch((error: Error) => {
      throw new SshError('NO_FOLDER', error.message);
    });
    let connection: SshConnection;
    try {
      connection = new SshConnection(login, folder, timeoutSeconds);
    } catch (error) {
      await rm(folder, { recursive: true, force: true });
      throw new SshError('ENDED', (error as Error).message);
    }
    try {
      await connection.#connected(timeoutSeconds);
    } catch (error) {
      connection.end();
      throw error;
    }
    return connection;
  }

  private constructor(login: Login, folder: string, timeoutSeconds: number) {
    this.#login = login;
    this.#folder = folder;
    // A session of its own: a prompt of `ssh` or of a proxy command cannot reach the terminal.
    const words = connectWords(login, this.#control, timeoutSeconds);
    const { child, release } = guarded(
      () => withStreams(spawn('ssh', words, { detached: true, stdio: ['ignore', 'ignore', 'pipe'] })),
      folder,
    );
    this.#child = child;
    const { pid } = child;
    this.#child.stderr.on('data', (chunk: Buffer) => {
      this.#messages = Buffer.concat([this.#messages, chunk]).subarray(-MOST_MESSAGES);
      this.#written += chunk.length;
    });
    this.#gone = new Promise((resolve) => {
      this.#child.on('error', (error) => {
        this.#failure ??= error;
        resolve();
      });
      this.#child.once('exit', () => resolve());
    });
    void this.#gone.then(async () => {
      this.#hasEnded = true;
      // A proxy command may still run.
      if (pid !== undefined) await endGroup(pid);
      await rm(folder, { recursive: true, force: true });
      release();
    });
  }

  get #control(): string {
    return join(this.#folder, 'control');
  }

  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  /** A mark for `messagesSince`. */
  get mark(): number {
    return this.#written;
  }

  /** The lines that `ssh` has written since a mark. */
  async messagesSince(mark: number): Promise<string[]> {
    // What `ssh` wrote before it closed a connection is read in the next turn of the event loop.
    for (let turns = 0; turns < 2; turns += 1) await turn();
    const length = this.#written - mark;
    return length === 0 ? [] : lastLines(this.#messages.subarray(-length));
  }

  /** The error for a connection that has ended. */
  async failure(): Promise<SshError> {
    const { code, message } = this.#failure ?? {};
    if (code === 'ENOENT') return new SshError('MISSING');
    return new SshError('ENDED', message ?? reasonOf(await this.messagesSince(0)) ?? '');
  }

  /**
   * Returns the path of a local socket that leads to an address there. All calls with the same address share it.
   *
   * @throws SshError
   */
  async forward(there: Address, timeoutSeconds: number): Promise<string> {
    const key = JSON.stringify(there);
    const known = this.#forwardings.get(key);
    if (known) return known;
    const local = join(this.#folder, String(this.#count++));
    const asked = this.#ask(local, there, timeoutSeconds);
    this.#forwardings.set(key, asked);
    asked.catch(() => this.#forwardings.delete(key));
    return asked;
  }

  /** Ends `ssh`, and removes its folder. */
  end(): void {
    const { pid } = this.#child;
    if (!this.#hasEnded && pid !== undefined) void endGroup(pid);
  }

  async #connected(timeoutSeconds: number): Promise<void> {
    const deadline = SYSTEM_CLOCK.monotonic() + timeoutSeconds;
    while (!existsSync(this.#control)) {
      if (this.#hasEnded) throw await this.failure();
      if (SYSTEM_CLOCK.monotonic() > deadline)
        throw new SshError('TIMEOUT', reasonOf(await this.messagesSince(0)) ?? '');
      await Promise.race([sleep(CHECK_MS), this.#gone]);
    }
    // From now on, only reads keep this process alive.
    this.#child.unref();
    letGo(this.#child.stderr);
  }

  async #ask(local: string, there: Address, timeoutSeconds: number): Promise<string> {
    try {
      const words = forwardWords(this.#login, this.#control, local, there);
      const { status, errors } = await run('ssh', words, { timeoutSeconds, maxBytes: MOST_PRINTED }).ended;
      if (status === 0) return local;
      throw new SshError('ENDED', reasonOf(lastLines(errors.bytes)) ?? '');
    } catch (error) {
      if (!(error instanceof RunError)) throw error;
      throw new SshError(error.code === 'TIMEOUT' ? 'TIMEOUT' : 'ENDED', error.code);
    }
  }
}
