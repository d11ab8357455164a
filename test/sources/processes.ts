import { readdirSync, readFileSync } from 'node:fs';
import { expect, vi } from 'vitest';
import { TIMEOUT_MS } from '../timeouts.ts';

/** A running process. A zombie does not run. */
export interface Running {
  pid: number;
  parent: number;
  words: readonly string[];
}

/** The running processes that have a text in one of their arguments. */
export function processesWith(text: string): Running[] {
  return readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name)) return [];
    try {
      const words = readFileSync(`/proc/${name}/cmdline`, 'utf8').split('\0').slice(0, -1);
      const [state, parent] = readFileSync(`/proc/${name}/stat`, 'utf8')
        .replace(/^.*\) /s, '')
        .split(' ');
      const isFound = state !== 'Z' && words.some((word) => word.includes(text));
      return isFound ? [{ pid: Number(name), parent: Number(parent), words }] : [];
    } catch {
      // It has ended.
      return [];
    }
  });
}

/** Waits until no process with that text runs. */
export async function expectNoProcess(text: string): Promise<void> {
  await vi.waitFor(() => expect(processesWith(text)).toEqual([]), { timeout: TIMEOUT_MS, interval: 50 });
}
