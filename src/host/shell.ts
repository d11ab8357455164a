import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import type { Readable, Writable } from 'node:stream';

type Child = ChildProcessByStdio<Writable, Readable, null>;

/** Runs `$1` with the options of each line that it reads, and ends each answer with the mark `$2` and the status. */
const SCRIPT = 'while read -r options; do "$1" "$options" </dev/null; echo "$2 $?"; done';

/**
 * The only variables that the command gets. Only directories of the system are searched: a directory of the user's PATH
 * may belong to another user, who could put a program there that root would run.
 */
const ENVIRONMENT = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C' };

const TIMEOUT_MS = 1000;
const MOST_CHARACTERS = 4 * 1024 * 1024;

/**
 * Runs a command again and again, one at a time. To start a process, Node.js makes a copy of its own, and the screen
 * stands still meanwhile: 4 ms, and 17 ms where it has 200 MB. So a shell is started once, and starts the others. It
 * ends with the pipe that only this process holds.
 */
export class Shell {
  readonly #command: string;
  /** Nobody can guess it and write it into what the command prints. */
  readonly #mark = randomUUID();
  #child: Child | null = null;

  constructor(command: string) {
    this.#command = command;
  }

  /**
   * @param options one word
   * @returns what the command printed
   * @throws Error when there is no such command, when it fails, takes too long or prints too much
   */
  run(options: string): Promise<string> {
    this.#child ??= this.#start();
    const child = this.#child;
    const end = new RegExp(`${this.#mark} (\\d+)\\n$`);
    return new Promise((resolve, reject) => {
      let output = '';
      const fail = (why: string) => {
        settle();
        this.#end(child);
        reject(new Error(`${this.#command} ${why}`));
      };
      const onData = (text: string) => {
        output += text;
        if (output.length > MOST_CHARACTERS) return fail('prints too much');
        const found = end.exec(output.slice(-this.#mark.length - 10));
        if (found === null) return;
        settle();
        if (found[1] === '0') resolve(output.slice(0, output.lastIndexOf(this.#mark)));
        else reject(new Error(`${this.#command} ended with ${found[1]}`));
      };
      const onEnd = () => fail('lost its shell');
      // It also keeps this process from ending: the shell does not.
      const timer = setTimeout(() => fail('takes too long'), TIMEOUT_MS);
      const settle = () => {
        clearTimeout(timer);
        child.stdout.off('data', onData);
        child.off('exit', onEnd).off('error', onEnd);
      };
      child.stdout.on('data', onData);
      child.on('exit', onEnd).on('error', onEnd);
      child.stdin.write(`${options}\n`);
    });
  }

  #start(): Child {
    const child = spawn('/bin/sh', ['-c', SCRIPT, 'sh', this.#command, this.#mark], {
      env: ENVIRONMENT,
      // No key of the terminal reaches it, and it is ended together with what it runs.
      detached: true,
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    child.stdout.setEncoding('utf8');
    for (const each of [child, child.stdin]) each.on('error', () => {});
    child.on('exit', () => {
      if (this.#child === child) this.#child = null;
    });
    child.unref();
    for (const pipe of [child.stdin, child.stdout]) letGo(pipe);
    return child;
  }

  #end(child: Child): void {
    this.#child = null;
    try {
      const hasEnded = child.exitCode !== null || child.signalCode !== null;
      if (child.pid !== undefined && !hasEnded) process.kill(-child.pid, 'SIGKILL');
    } catch {
      // It has ended.
    }
  }
}

/** This process may end without waiting for it. The type does not say so, but a pipe to a child is a net.Socket. */
function letGo(pipe: Readable | Writable): void {
  (pipe as { unref?: () => void }).unref?.();
}
