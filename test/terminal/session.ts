import { setTimeout as sleep } from 'node:timers/promises';
import { onTestFinished } from 'vitest';
import { initialState } from '../../src/app/state.ts';
import { parseTarget } from '../../src/targets/parse.ts';
import { type TerminalType, terminalType } from '../../src/terminal/blessed/terminfo.ts';
import { type Ending, type LoopOptions, runLoop } from '../../src/terminal/loop.ts';
import type { WatchedServer } from '../../src/terminal/readers.ts';
import type { ViewState } from '../../src/views/scene.ts';
import { TIMEOUT_SECONDS } from '../timeouts.ts';
import { VIEW } from '../views/samples.ts';
import { Emulator } from './emulator.ts';
import { NO_RECORDER } from './no-recorder.ts';

export interface SessionOptions {
  size?: { columns: number; rows: number };
  view?: Partial<ViewState>;
  terminal?: TerminalType;
  timeoutSeconds?: number;
  hostOf?: WatchedServer['hostOf'];
  changes?: LoopOptions['changes'];
  recorder?: LoopOptions['recorder'];
  /** Shows a recording of the targets instead. */
  recording?: LoopOptions['recording'];
}

/** A server of the live view, by its target. Its name is the end of the target. */
export function watchedServer(
  target: string,
  hostOf: WatchedServer['hostOf'] = async () => null,
): WatchedServer {
  const server = { target, name: target.replace(/.*\//, ''), node: 'web1' };
  return { server, target: parseTarget(target), hostOf, stacksOf: async () => [] };
}

/**
 * Runs the live view of one or more targets in a terminal without a window; it ends with the test.
 *
 * @returns the terminal, and a function that waits until the view has ended
 */
export function watch(
  targets: string | readonly string[],
  options: SessionOptions = {},
): Emulator & { ended(): Promise<Ending> } {
  const { size = { columns: 80, rows: 24 }, timeoutSeconds = TIMEOUT_SECONDS } = options;
  const watched = [targets].flat().map((target) => watchedServer(target, options.hostOf));
  const emulator = new Emulator(size.columns, size.rows);
  const ended = runLoop({
    servers: options.recording ? [] : watched,
    ...(options.recording ? { recording: options.recording } : {}),
    ...(options.changes ? { changes: options.changes } : {}),
    timeoutSeconds,
    keeper: { question: async () => null, save: async () => 'written' },
    recorder: options.recorder ?? NO_RECORDER,
    state: initialState({
      servers: watched.map(({ server }) => server),
      node: 'web1',
      now: Date.now() / 1000,
      view: { ...VIEW, interval: 0.2, ...options.view },
    }),
    streams: emulator,
    terminal: options.terminal ?? terminalType({ TERM: 'xterm-256color', LANG: 'C.UTF-8' }),
  });
  onTestFinished(async () => {
    emulator.type('q');
    await inTime(ended);
  });
  return Object.assign(emulator, { ended: () => inTime(ended) });
}

/** @throws Error if the view does not end */
function inTime(ended: Promise<Ending>): Promise<Ending> {
  const late = sleep(TIMEOUT_SECONDS * 1000, null, { ref: false }).then(() => {
    throw new Error('the view does not end');
  });
  return Promise.race([ended, late]);
}

/** The position of a word on the screen, in cells from 0. */
export function placeOf(lines: readonly string[], word: string): { x: number; y: number } {
  const y = lines.findIndex((line) => line.includes(word));
  return { x: lines[y]?.indexOf(word) ?? -1, y };
}

/** What a terminal sends when the left button is pressed and released (SGR, mode 1006). */
export function click({ x, y }: { x: number; y: number }): string {
  return `\x1b[<0;${x + 1};${y + 1}M\x1b[<0;${x + 1};${y + 1}m`;
}

export const WHEEL = { up: '\x1b[<64;10;10M', down: '\x1b[<65;10;10M' };

/** The ids in the first column of the table of workers, which STATUS follows. */
export function ids(lines: readonly string[]): string[] {
  return lines.flatMap((line) => /^ *(\d*:?\d+) +(?:[a-z]+|-)(?: |$)/.exec(line)?.[1] ?? []);
}
