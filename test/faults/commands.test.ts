import { describe, expect, it } from 'vitest';
import type { DemoServer } from '../../src/demo/server.ts';
import { TruncatedError } from '../../src/sources/errors.ts';
import type { AppSnapshot, EmperorSnapshot } from '../../src/stats/snapshot.ts';
import { type Ended, statstop } from '../commands/run.ts';
import type { Failure, Reads } from './outcomes.ts';
import { otherUser, PLACES } from './places.ts';
import { FAILURE_ROWS, PATIENCE, plainSnapshot, READ_ROWS, type Row, serverOf } from './server.ts';
import { type OnFinish, sideBySide, type Task } from './side-by-side.ts';

/** Characters that a terminal obeys, hides or reorders. */
const OBEYED = /[^\n\P{Cc}]|[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/u;

/** Checks that the output is one line that names the target and the cause. */
function expectOneLine({ status, signal, stdout, stderr }: Ended, target: string, failure: Failure): void {
  expect(stderr).toMatch(/^statstop: [^\n]+\n$/);
  expect(stderr.startsWith(`statstop: ${target}: `)).toBe(true);
  expect(stderr).toMatch(failure.says);
  if (failure.advises) expect(stderr).toMatch(failure.advises);
  expect(stderr.length).toBeLessThan(500);
  expect(stderr).not.toMatch(OBEYED);
  expect(stderr).not.toMatch(/internal error|\bat \S+ \(|\.[cm]?[jt]s\b/);
  expect([status, signal, stdout.toString()]).toEqual([1, null, '']);
}

function expectSilentSuccess({ status, signal, stderr }: Ended): void {
  expect([status, signal, stderr]).toEqual([0, null, '']);
}

/** The expected content of the last document. The server writes no new document until the next command. */
function expected(server: DemoServer, row: Reads): AppSnapshot | EmperorSnapshot {
  const snapshot = row.reads(plainSnapshot(server, row));
  if (snapshot.kind === 'router') throw new Error('these tests start app servers and emperors only');
  return snapshot;
}

/** Checks that the document of `--json` has the numbers of the server. */
function expectNumbers(json: string, wanted: AppSnapshot | EmperorSnapshot, repaired: boolean): void {
  const document = JSON.parse(json);
  expect(document).toMatchObject({ schema: 'statstop.sample/1', kind: wanted.kind, repaired });
  if (wanted.kind === 'emperor') {
    const vassals = wanted.vassals.map(({ id, pid, attributes }) => ({ id, pid, attributes }));
    expect(document.vassals).toMatchObject(vassals);
    return;
  }
  const numbers = wanted.workers.map(({ id, pid, status, requests, tx, rss, exceptions }) => {
    return { id, pid, status, requests, tx, rss, exceptions };
  });
  expect(document.workers).toMatchObject(numbers);
}

/** Checks the table of `--once`: a line of totals, a heading, and one row per worker or vassal. */
function expectTable(text: string, wanted: AppSnapshot | EmperorSnapshot): void {
  expect(text).not.toMatch(OBEYED);
  const [, heading = '', ...rows] = text.split('\n');
  const [title, names] =
    wanted.kind === 'app'
      ? [/^ *WID /, wanted.workers.map(({ id }) => String(id))]
      : [/^VASSAL/, wanted.vassals.map(({ id }) => id)];
  expect(heading).toMatch(title);
  const firsts = rows.map((row) => row.trim().split(/\s+/)[0] ?? '');
  expect(firsts.slice(0, names.length).sort()).toEqual([...names].sort());
}

async function expectRead(row: Row<Reads>, onFinish: OnFinish): Promise<void> {
  const server = await serverOf(row, onFinish);
  const [, outcome] = row;
  const run = (output: string) =>
    // A mask would hide the values that the fault changes.
    statstop([output, '--show-secrets', '--interval', '0', '--timeout', String(PATIENCE), server.address]);
  if (outcome.next) await expectNextFails(server.address, outcome.next, outcome.timeout);
  const json = await run('--json');
  expectSilentSuccess(json);
  expect(json.stdout.toString()).not.toMatch(OBEYED);
  expectNumbers(json.stdout.toString(), expected(server, outcome), outcome.repaired);
  const once = await run('--once');
  expectSilentSuccess(once);
  expectTable(once.stdout.toString(), expected(server, outcome));
  const raw = await run('--raw');
  expectSilentSuccess(raw);
  expect(raw.stdout.includes(outcome.kind === 'emperor' ? '"vassals":' : '"workers":')).toBe(true);
}

/** Checks that the second of two reads fails. */
async function expectNextFails(target: string, next: Failure, timeout = PATIENCE): Promise<void> {
  for (const output of ['--json', '--once']) {
    const args = [output, '--interval', '0.1', '--timeout', String(timeout), target];
    expectOneLine(await statstop(args), target, next);
  }
}

const OUTPUTS = ['--json', '--once', '--raw'];

/** Checks each output in turn. */
async function expectFailures(
  target: string,
  failure: Failure & { timeout?: number },
  options: { uid?: number } = {},
): Promise<void> {
  for (const output of OUTPUTS) {
    const args = [output, '--interval', '0', '--timeout', String(failure.timeout ?? PATIENCE), target];
    const ended = await statstop(args, options);
    const isHalf = failure.or === TruncatedError && ended.stdout.length > 0;
    if (output !== '--raw' || !(failure.rawPrints || isHalf)) expectOneLine(ended, target, failure);
    else if (failure.fails === TruncatedError || isHalf) expectHalf(ended, target, failure);
    else expectSilentSuccess(ended);
  }
}

/** Checks that the received part of a document is printed, with an error that it is incomplete. */
function expectHalf(ended: Ended, target: string, failure: Failure): void {
  expect(ended.stdout.length).toBeGreaterThan(0);
  expectOneLine({ ...ended, stdout: Buffer.alloc(0) }, target, failure);
}

const TASKS = {
  harmless: READ_ROWS.map((row): Task => [row[0], (onFinish) => expectRead(row, onFinish), row[1].alone]),
  harmful: FAILURE_ROWS.map(
    (row): Task => [
      row[0],
      async (onFinish) => expectFailures((await serverOf(row, onFinish)).address, row[1]),
      row[1].alone,
    ],
  ),
  places: PLACES.map(
    (place): Task => [
      place.name,
      async (onFinish) => {
        const { target } = await place.make(onFinish);
        await expectFailures(target, place, place.forbidden ? otherUser() : {});
      },
    ],
  ),
};

const test = sideBySide(Object.values(TASKS).flat());

describe('the commands with a harmless fault', () => {
  it.for(TASKS.harmless)('%s', test);
});

describe('the commands with a harmful fault', () => {
  it.for(TASKS.harmful)('%s', test);
});

describe('the commands for a target without a server', () => {
  it.for(TASKS.places)('%s', test);
});
