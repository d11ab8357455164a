import { type ChildProcessByStdio, spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import { letGo, withStreams } from '../../host/background.ts';
import { Attention } from '../attention.ts';
import { afterSilence } from '../silence.ts';
import { SYSTEM_CLOCK } from '../source.ts';
import { endGroup } from './group.ts';
import { type Guarded, guarded } from './guard.ts';

/** The output of a command on one stream. */
export interface Printed {
  bytes: Buffer;
  /** When the first byte arrived, in monotonic seconds; 0 without a byte. */
  clock: number;
  /** Largest possible error of `clock`, in seconds: see `Exchange`. */
  clockError: number;
}

/** A command that has ended. */
export interface Ended {
  /** The exit status; `null` if a signal ended it. */
  status: number | null;
  signal: NodeJS.Signals | null;
  output: Printed;
  errors: Printed;
}

/** One run of a command. */
export interface Run {
  /** Rejects with a `RunError`. */
  ended: Promise<Ended>;
  /** Resolves when the command has ended, which may be later than a failure. Never rejects. */
  gone: Promise<void>;
}

export interface RunOptions {
  /** Limit for the whole run. */
  timeoutSeconds: number;
  /** Limit for the output on both streams together. */
  maxBytes: number;
  signal?: AbortSignal | undefined;
  /** Called for each chunk that arrives. */
  onBytes?: (() => void) | undefined;
}

/** A command that could not be run to its end. */
export class RunError extends Error {
  override name = 'RunError';
  /** A code of the operating system, or `TIMEOUT`, `TOO_LARGE` or `ABORTED`. */
  readonly code: string;
  /** What it wrote to standard error until then. */
  readonly errors: Buffer;
  /** Bytes that it wrote to both streams. */
  readonly received: number;

  constructor(code: string, errors: Buffer = Buffer.alloc(0), received = 0) {
    super(code);
    this.code = code;
    this.errors = errors;
    this.received = received;
  }
}

/**
 * Seconds without output after which a command that has ended is complete, although another process holds its output
 * open. With `ControlPersist`, ssh starts such a process.
 */
const HELD_SECONDS = 0.1;

type Child = ChildProcessByStdio<null, Readable, Readable>;

/**
 * Runs a command without a shell, with an empty input and without a terminal. Its processes form a group of a session of
 * its own, so no prompt for a password reaches the screen. No process of the group is left behind after a failure, after
 * the end of the command, or after the end of this process.
 */
export function run(program: string, args: readonly string[], options: RunOptions): Run {
  if (options.signal?.aborted) return failed('ABORTED');
  // In the bundle, this loads `node:child_process`. `attention` would take the time for a pause of this process.
  const start = spawn;
  const attention = new Attention();
  let command: Guarded<Child>;
  try {
    command = guarded(() =>
      withStreams(start(program, args, { detached: true, stdio: ['ignore', 'pipe', 'pipe'] })),
    );
  } catch (error) {
    attention.stop();
    return failed(codeOf(error));
  }
  const { child } = command;
  const gone = new Promise<void>((resolve) => {
    child.once('exit', () => resolve()).once('error', () => resolve());
  });
  const ended = new Promise<Ended>((resolve, reject) => watch(command, options, attention, resolve, reject));
  return { ended: ended.finally(() => attention.stop()), gone };
}

function failed(code: string): Run {
  return { ended: Promise.reject(new RunError(code)), gone: Promise.resolve() };
}

function codeOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return code ?? message;
}

function watch(
  { child, release }: Guarded<Child>,
  { timeoutSeconds, maxBytes, signal, onBytes }: RunOptions,
  attention: Attention,
  resolve: (ended: Ended) => void,
  reject: (error: RunError) => void,
): void {
  const output = new Stream(attention);
  const errors = new Stream(attention);
  const received = () => output.length + errors.length;
  const fail = (code: string) => finish(() => reject(new RunError(code, errors.printed().bytes, received())));
  const stopDeadline = afterSilence(timeoutSeconds, () => fail('TIMEOUT'));
  let stopHold = () => {};
  let complete: (() => void) | null = null;
  let isOver = false;
  const abort = () => fail('ABORTED');
  signal?.addEventListener('abort', abort, { once: true });

  function finish(settle: () => void) {
    if (isOver) return;
    isOver = true;
    stopDeadline();
    stopHold();
    signal?.removeEventListener('abort', abort);
    void dismiss(child).then(release);
    settle();
  }
  function done() {
    if (complete) finish(complete);
  }
  /** After the end of the command, waits for the rest of its output. */
  function hold() {
    stopHold();
    if (!isOver) stopHold = afterSilence(HELD_SECONDS, done);
  }
  for (const [stream, into] of [
    [child.stdout, output],
    [child.stderr, errors],
  ] as const) {
    stream.on('data', (chunk: Buffer) => {
      into.push(chunk);
      onBytes?.();
      if (received() > maxBytes) fail('TOO_LARGE');
      else if (complete) hold();
    });
    stream.on('error', () => {});
  }
  child.on('error', (error) => fail(codeOf(error)));
  child.once('exit', (status, by) => {
    complete = () => resolve({ status, signal: by, output: output.printed(), errors: errors.printed() });
    hold();
  });
  child.once('close', done);
}

/** Ends what is left of a command, without keeping this process alive. */
async function dismiss(child: Child): Promise<void> {
  child.unref();
  const streams = [child.stdout, child.stderr];
  for (const stream of streams) {
    // Discard the rest: a program that writes a last message must not be ended by a closed pipe before it has cleaned up.
    stream.removeAllListeners('data').resume();
    letGo(stream);
  }
  if (child.pid !== undefined) await endGroup(child.pid);
  for (const stream of streams) stream.destroy();
}

/** Collects the output of one stream. */
class Stream {
  length = 0;
  readonly #chunks: Buffer[] = [];
  readonly #attention: Attention;
  #clock = 0;
  #clockError = 0;

  constructor(attention: Attention) {
    this.#attention = attention;
  }

  push(chunk: Buffer): void {
    if (this.length === 0) {
      this.#clockError = this.#attention.lateness() / 2;
      this.#clock = SYSTEM_CLOCK.monotonic() - this.#clockError;
    }
    this.#chunks.push(chunk);
    this.length += chunk.length;
  }

  printed(): Printed {
    return {
      bytes: Buffer.concat(this.#chunks, this.length),
      clock: this.#clock,
      clockError: this.#clockError,
    };
  }
}
