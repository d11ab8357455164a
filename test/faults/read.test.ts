import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { observeTarget } from '../../src/commands/observe-target.ts';
import type { DemoServer } from '../../src/demo/server.ts';
import { sampleOf } from '../../src/rates/rates.ts';
import type { Reading, Sample } from '../../src/rates/sample.ts';
import { TargetError } from '../../src/sources/errors.ts';
import { read } from '../../src/sources/read.ts';
import { decode } from '../../src/stats/decode.ts';
import { parseTarget } from '../../src/targets/parse.ts';
import { type Failure, OUTCOMES, type Outcome, type Reads } from './outcomes.ts';
import { asNobody, PLACES, type Place } from './places.ts';
import {
  FAILURE_ROWS,
  FAULT_NAMES,
  PATIENCE,
  plainSnapshot,
  READ_ROWS,
  type Row,
  serverOf,
  timeless,
  WORKERS,
} from './server.ts';
import { type OnFinish, sideBySide, type Task } from './side-by-side.ts';

it('every fault has an expected result', () => {
  expect(Object.keys(OUTCOMES).sort()).toEqual([...FAULT_NAMES].sort());
  expect(READ_ROWS.length + FAILURE_ROWS.length).toBe(FAULT_NAMES.length);
});

/** The request counters of the workers in the server's state. */
function requestsOf({ traffic: { state } }: DemoServer): number[] {
  return state.workers.map(({ requests }) => requests);
}

/** Reads once, and checks that the snapshot equals that of the same document without the fault. */
async function readRight(server: DemoServer, row: Reads): Promise<Reading> {
  const target = parseTarget(server.address);
  const { document, time, clock, clockError } = await read(target, {
    timeoutSeconds: row.timeout ?? PATIENCE,
  });
  const snapshot = decode(document);
  expect(timeless(snapshot)).toEqual(timeless(row.reads(plainSnapshot(server, row))));
  expect(snapshot.repaired).toBe(row.repaired);
  return { snapshot, time, clock, clockError };
}

/**
 * Checks that each rate is the increase of the server's counter divided by the interval, and `null` if the counter is
 * unknown.
 */
function expectRates(sample: Sample, before: number[], after: number[]): void {
  expect(sample.interval).toBeGreaterThan(0);
  if (sample.kind !== 'app' || sample.reset) return;
  const gains: number[] = [];
  for (const [place, { rps, worker }] of sample.workers.entries()) {
    const gained = (after[place] ?? Number.NaN) - (before[place] ?? Number.NaN);
    gains.push(gained);
    if (worker.requests === null) expect(rps).toBeNull();
    else expect((rps ?? Number.NaN) * (sample.interval ?? 0)).toBeCloseTo(gained, 6);
  }
  expect(sample.workers).toHaveLength(WORKERS);
  expect(Math.max(...gains)).toBeGreaterThan(0);
}

async function expectFailure(task: Promise<unknown>, target: string, failure: Failure) {
  const { says, advises } = failure;
  const error = await task.then(
    () => expect.fail('the read succeeded'),
    (reason) => reason,
  );
  expect(error).toBeInstanceOf(TargetError);
  const fails = failure.or && error instanceof failure.or ? failure.or : failure.fails;
  expect(error).toBeInstanceOf(fails);
  expect(error.name).toBe(fails.name);
  expect(error.cause).toMatch(says);
  expect(error.message.startsWith(`${target}: ${error.cause}`)).toBe(true);
  if (advises) expect(error.message).toMatch(advises);
}

async function expectRight(row: Row<Reads>, onFinish: OnFinish): Promise<void> {
  const server = await serverOf(row, onFinish);
  const [, outcome] = row;
  // As a client that remembers the protocol of the server.
  const timeout = outcome.timeout ?? PATIENCE;
  // The time doubles at each attempt. All servers and clients share this process, and the time of a document that
  // arrives while the process is blocked is uncertain.
  let seconds = 0.1;
  const longer = () => {
    seconds *= 2;
    return seconds;
  };
  const twice = async () =>
    (await observeTarget(parseTarget(server.address), { interval: longer(), timeout })).sample;
  if (outcome.next) await expectFailure(twice(), server.address, outcome.next);
  else await expect.poll(async () => (await twice()).interval).toBeGreaterThan(0);
  let previous = await readRight(server, outcome);
  seconds = 0.1;
  for (let known = 0; known < 2; ) {
    const before = requestsOf(server);
    await sleep(1000 * longer());
    const current = await readRight(server, outcome);
    const sample = sampleOf(server.address, current, previous);
    previous = current;
    if (sample.interval === null) continue;
    known += 1;
    seconds = 0.1;
    expectRates(sample, before, requestsOf(server));
  }
}

async function expectNamed(row: Row<Outcome & Failure>, onFinish: OnFinish): Promise<void> {
  const server = await serverOf(row, onFinish);
  const target = parseTarget(server.address);
  const [, outcome] = row;
  const once = async () =>
    (await observeTarget(target, { interval: 0, timeout: outcome.timeout ?? PATIENCE })).sample;
  for (let turn = 0; turn < 2; turn += 1) await expectFailure(once(), server.address, outcome);
  server.fault = null;
  expect(await once()).toMatchObject({ workers: { length: WORKERS } });
}

async function expectNoTarget(place: Place, onFinish: OnFinish): Promise<void> {
  const { target, mend } = await place.make(onFinish);
  const once = async () =>
    (await observeTarget(parseTarget(target), { interval: 0, timeout: place.timeout ?? PATIENCE })).sample;
  const tried = place.forbidden ? asNobody(once) : once();
  await expectFailure(tried, target, place);
  if (!mend) return;
  await mend();
  expect(await once()).toMatchObject({ kind: 'app' });
}

const TASKS = {
  harmless: READ_ROWS.map((row): Task => [row[0], (onFinish) => expectRight(row, onFinish), row[1].alone]),
  harmful: FAILURE_ROWS.map((row): Task => [row[0], (onFinish) => expectNamed(row, onFinish), row[1].alone]),
  // During these tasks the whole process runs as another user.
  places: PLACES.map(
    (place): Task => [place.name, (onFinish) => expectNoTarget(place, onFinish), place.forbidden],
  ),
};

const test = sideBySide(Object.values(TASKS).flat());

describe('a harmless fault', () => {
  it.for(TASKS.harmless)('%s is read correctly and repeatedly, with correct rates', test);
});

describe('a harmful fault', () => {
  it.for(TASKS.harmful)('%s is reported with its error class, also at the next read', test);
});

describe('a target without a server', () => {
  it.for(TASKS.places)('%s', test);
});
