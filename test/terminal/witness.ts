import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished } from 'vitest';
import { falsehood } from './live-screen.ts';
import { Tmux } from './tmux.ts';

const LOOK_MS = 100;

/** Far above the normal use of the view, and far below that of one that leaks. */
const MOST_GROWTH_BYTES = 100 * 2 ** 20;

/** Index of the line with the heading of the first table. */
const HEADING = 5;

/** The help, a detail, the charts or another table covers the workers. */
const COVERED = /Esc Close|^requests per second: |^Requests \d|^ {2}[A-Z]+_[A-Z_]+ /m;

/** A live view in a terminal of 80x24 whose screen is checked continuously. */
export interface Witness {
  readonly tmux: Tmux;
  readonly pid: number;
  /** Every screen that differs from the previous one, as one text. */
  readonly screens: readonly string[];
  /** Quits the view with `q`, and checks that no screen was false and that no process is left. */
  leave(): Promise<void>;
}

/**
 * Starts the live view and waits for its first rates.
 *
 * @param words the target and options
 * @param mostRps the highest possible requests per second; a higher rate on any screen is false
 */
export async function witness(words: string, mostRps: number): Promise<Witness> {
  const tmux = new Tmux();
  tmux.enter(`clear; statstop ${words}; echo "ended with $?"`);
  await tmux.untilText(/^RPS +\d/m);
  const pid = tmux.pid();
  const [files, memory] = [await leastFiles(pid), memoryOf(pid)];
  const screens: string[] = [];
  const falsehoods = new Set<string>();
  let stopped = false;
  const looking = (async () => {
    for (; !stopped; await sleep(LOOK_MS)) {
      const lines = tmux.lines();
      const screen = lines.join('\n');
      if (screen === screens.at(-1)) continue;
      screens.push(screen);
      const found =
        COVERED.test(screen) || /\bW:C\b/.test(lines[HEADING] ?? '') ? null : falsehood(lines, mostRps);
      if (found !== null) falsehoods.add(found);
    }
  })();
  const stop = async () => {
    stopped = true;
    await looking;
  };
  onTestFinished(stop);
  return {
    tmux,
    pid,
    screens,
    async leave() {
      await stop();
      expect([...falsehoods].slice(0, 3)).toEqual([]);
      expect(tmux.pid()).toBe(pid);
      expect(await leastFiles(pid)).toBe(files);
      expect(memoryOf(pid) - memory).toBeLessThan(MOST_GROWTH_BYTES);
      tmux.type('q');
      await tmux.untilText(/^ended with 0$/m);
      // Only the shell and the commands of this check: a process of the view would have its terminal.
      expect(await tmux.output('ps -o comm= -t $(tty) | sort')).toBe('bash\nps\nsort\nstatus 0');
    },
  };
}

/** Open file descriptors without those of a read in progress: the minimum over a second. */
async function leastFiles(pid: number): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (let turn = 0; turn < 20; turn += 1) {
    least = Math.min(least, readdirSync(`/proc/${pid}/fd`).length);
    await sleep(50);
  }
  return least;
}

/** Resident memory, in bytes. */
export function memoryOf(pid: number): number {
  const [, kilobytes] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kilobytes) * 1024;
}
