import { randomUUID } from 'node:crypto';
import { type Background, startShell } from './background.ts';

/** Runs a command with each line of options from its input. Ends each answer with the mark `$1` and the exit status. */
const SCRIPT = 'mark=$1; shift; while read -r options; do "$@" "$options" </dev/null; echo "$mark $?"; done';

const TIMEOUT_MS = 1000;
const MOST_CHARACTERS = 4 * 1024 * 1024;

/**
 * Runs a command repeatedly, one run at a time. To start a process, Node.js forks itself, which blocks the screen: for
 * 4 ms, and for 17 ms at 200 MB of memory. Therefore one shell is started and starts the other processes. It ends when
 * this process closes the only write end of its input pipe.
 */
export class Shell {
  readonly #command: readonly string[];
  /** Random, so that no user can make the command print it. Made with the shell, because `node:crypto` loads slowly. */
  #mark = '';
  #child: Background | null = null;

  /** @param command the program and its first arguments */
  constructor(...command: readonly string[]) {
    this.#command = command;
  }

  /**
   * @param options one word
   * @returns the output of the command
   * @throws Error if the command does not exist, fails, takes too long or prints too much
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
        reject(new Error(`${this.#command.join(' ')} ${why}`));
      };
      const onData = (text: string) => {
        output += text;
        if (output.length > MOST_CHARACTERS) return fail('prints too much');
        const found = end.exec(output.slice(-this.#mark.length - 10));
        if (found === null) return;
        settle();
        if (found[1] === '0') resolve(output.slice(0, output.lastIndexOf(this.#mark)));
        else reject(new Error(`${this.#command.join(' ')} ended with ${found[1]}`));
      };
      const onEnd = () => fail('lost its shell');
      // The timer also keeps the event loop alive. The shell does not, because it is unreferenced.
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

  /** Ends the shell and the command. */
  close(): void {
    if (this.#child !== null) this.#end(this.#child);
  }

  #start(): Background {
    this.#mark = randomUUID();
    const child = startShell(SCRIPT, [this.#mark, ...this.#command]);
    child.on('exit', () => {
      if (this.#child === child) this.#child = null;
    });
    return child;
  }

  #end(child: Background): void {
    this.#child = null;
    try {
      const hasEnded = child.exitCode !== null || child.signalCode !== null;
      if (child.pid !== undefined && !hasEnded) process.kill(-child.pid, 'SIGKILL');
    } catch {
      // The shell has already ended.
    }
  }
}
