import { describe, expect, it } from 'vitest';
import { initialState } from '../../src/app/state.ts';
import { terminalType } from '../../src/terminal/blessed/terminfo.ts';
import { runLoop } from '../../src/terminal/loop.ts';
import { NO_MASK } from '../../src/text/secrets.ts';
import type { FaultyServer } from '../demo/faults/server.ts';
import type { FaultName } from '../demo/faults/table.ts';
import { Emulator } from '../terminal/emulator.ts';
import { NO_RECORDER } from '../terminal/no-recorder.ts';
import { ids, watchedServer } from '../terminal/session.ts';
import { VIEW } from '../views/samples.ts';
import { type Failure, type Outcome, type Reads, SILENCE, SILENT } from './outcomes.ts';
import { asNobody, PLACES, type Place } from './places.ts';
import { FAILURE_ROWS, PATIENCE, READ_ROWS, type Row, serverOf, WORKERS } from './server.ts';
import { type OnFinish, sideBySide, type Task } from './side-by-side.ts';

/** Output that shows that the terminal obeyed a fault: a title, a cleared screen, reordered text. */
const OBEYED = /pwned\x07|\x1b\[2J\x1b\[31m|[\u200b\u202a-\u202e\u2066-\u2069\ufeff]/;

/** Runs the live view in an emulated terminal. It is one of several that run at the same time. */
function watch(target: string, timeoutSeconds: number, onFinish: OnFinish): Emulator {
  const emulator = new Emulator(160, 60);
  // A mask would hide the values that the fault changes.
  const view = { ...VIEW, interval: 0.2, cores: 'tree', mask: NO_MASK } as const;
  const state = initialState({
    servers: [{ target, name: target, node: 'web1' }],
    node: 'web1',
    now: Date.now() / 1000,
    view,
  });
  const terminal = terminalType({ TERM: 'xterm-256color', LANG: 'C.UTF-8' });
  const ended = runLoop({
    servers: [watchedServer(target)],
    timeoutSeconds,
    keeper: { question: async () => null, save: async () => 'written' },
    recorder: NO_RECORDER,
    state,
    streams: emulator,
    terminal,
  });
  onFinish(async () => {
    emulator.type('q');
    await ended;
  });
  return emulator;
}

const hasMessage = (lines: string[]) => lines.some((line) => line.includes('✗ no data'));

/** Whether there is a row for each worker or vassal. */
function hasTable(lines: string[]): boolean {
  const workers = ids(lines).filter((id) => !id.includes(':')).length;
  return workers === WORKERS || lines.some((line) => line.startsWith('blog.ini '));
}

const isWell = (lines: string[]) => hasTable(lines) && !hasMessage(lines);

const isMessage = (text: RegExp, says: RegExp) => (line: string) => text.test(line) && says.test(line);

/** Whether the message gives the cause, and there is no data yet. */
function isMissed(lines: string[], { says }: Failure): boolean {
  return lines.some(isMessage(/✗ no data yet: .+ next try in/, says)) && !hasTable(lines);
}

/** Whether the message gives the cause, and the last data is still shown. */
function isLost(lines: string[], { says }: Failure): boolean {
  return lines.some(isMessage(/✗ no data for .+ next try in/, says)) && hasTable(lines);
}

/** What a user sees of a server and its fault, step by step. */
class Watched {
  readonly server: FaultyServer;
  readonly terminal: Emulator;
  private readonly outcome: Outcome;

  constructor(server: FaultyServer, outcome: Outcome, onFinish: OnFinish) {
    this.server = server;
    this.outcome = outcome;
    // The timeout detects that a server has begun to wait for a request.
    const timeoutSeconds = outcome.asks ? SILENCE : (outcome.timeout ?? PATIENCE);
    this.terminal = watch(server.address, timeoutSeconds, onFinish);
  }

  async isWell(): Promise<void> {
    await this.terminal.until(isWell, 'the table');
    // The state must last for some documents.
    for (let turn = 0; turn < 2; turn += 1) {
      await this.document();
      expect(this.terminal.lines().filter((line) => line.includes('✗ no data'))).toEqual([]);
    }
    expect(isWell(this.terminal.lines())).toBe(true);
  }

  async isMissed(failure: Failure): Promise<void> {
    await this.terminal.until((lines) => isMissed(lines, failure), `the message ${failure.says}`);
  }

  async isLost(failure: Failure): Promise<void> {
    await this.terminal.until(
      (lines) => isLost(lines, failure),
      `the table with the message ${failure.says}`,
    );
  }

  /** Sets the fault while the view is running. */
  async strike(fault: FaultName): Promise<void> {
    this.server.fault = fault;
    if (this.outcome.asks) await this.isLost(SILENT);
  }

  /** Waits for the next document. */
  private async document(): Promise<void> {
    const { time } = this.server.traffic.state;
    await this.terminal.until(() => this.server.traffic.state.time > time, 'a document');
  }
}

async function expectHarmless(row: Row<Reads>, onFinish: OnFinish): Promise<void> {
  const [fault, outcome] = row;
  const watched = new Watched(await serverOf(row, onFinish), outcome, onFinish);
  const { server, terminal } = watched;
  const struck = async () => {
    if (outcome.next) await watched.isLost(outcome.next);
    else await watched.isWell();
    if (outcome.shows) await terminal.untilText(outcome.shows);
  };
  await struck();
  server.fault = null;
  await watched.isWell();
  await watched.strike(fault);
  await struck();
  server.fault = null;
  await watched.isWell();
  expect(terminal.written).not.toMatch(OBEYED);
}

async function expectSaid(row: Row<Outcome & Failure>, onFinish: OnFinish): Promise<void> {
  const [fault, outcome] = row;
  const watched = new Watched(await serverOf(row, onFinish), outcome, onFinish);
  const { server, terminal } = watched;
  await watched.isMissed(outcome);
  server.fault = null;
  await watched.isWell();
  await watched.strike(fault);
  await watched.isLost(outcome);
  server.fault = null;
  await watched.isWell();
  expect(terminal.written).not.toMatch(OBEYED);
}

async function expectMissed(place: Place, onFinish: OnFinish): Promise<void> {
  const { target, mend } = await place.make(onFinish);
  const missed = async () => {
    const shown = watch(target, place.timeout ?? PATIENCE, onFinish);
    await shown.until((lines) => isMissed(lines, place), `the message ${place.says}`);
    return shown;
  };
  const shown = await (place.forbidden ? asNobody(missed) : missed());
  if (!mend) return;
  await mend();
  await shown.until((lines) => ids(lines).length > 0 && !hasMessage(lines), 'the table');
}

const TASKS = {
  harmless: READ_ROWS.map((row): Task => [row[0], (onFinish) => expectHarmless(row, onFinish)]),
  harmful: FAILURE_ROWS.map((row): Task => [row[0], (onFinish) => expectSaid(row, onFinish), row[1].alone]),
  // During these tasks the whole process runs as another user.
  places: PLACES.map(
    (place): Task => [place.name, (onFinish) => expectMissed(place, onFinish), place.forbidden],
  ),
};

const test = sideBySide(Object.values(TASKS).flat());

describe('the live view with a harmless fault', () => {
  it.for(TASKS.harmless)('%s', test);
});

describe('the live view with a harmful fault', () => {
  it.for(TASKS.harmful)('%s', test);
});

describe('the live view of a target without a server', () => {
  it.for(TASKS.places)('%s', test);
});
