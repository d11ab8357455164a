import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Schedule } from '../../src/sources/schedule.ts';

/** The interval in seconds and a sequence of reads. Each begins when it is due. */
interface Course {
  interval: number;
  reads: readonly { takes: number; fails?: boolean; work?: number }[];
}

/** Seconds from the start of each read to the due time of the next one. */
function pausesOf({ interval, reads }: Course, random = () => 0.5): number[] {
  const schedule = new Schedule(() => interval, 'start', random);
  let now = 100;
  return reads.map(({ takes, fails = false, work = 0 }) => {
    schedule.begin(now);
    schedule.work(work);
    if (fails) schedule.fail(now + takes);
    else schedule.succeed(now + takes, now + takes);
    const pause = schedule.due() - now;
    now = schedule.due();
    return Math.round(pause * 1e6) / 1e6;
  });
}

const quick = { takes: 0 };
const failed = { takes: 0, fails: true };
const all = <Value>(count: number, value: Value) => Array.from({ length: count }, () => value);

describe('the next read is due', () => {
  it.each<[when: string, course: Course, pauses: number[]]>([
    ['one interval after the start of a quick read', { interval: 1, reads: all(2, quick) }, [1, 1]],
    [
      'one interval after the start of a read that took half of it',
      { interval: 1, reads: [{ takes: 0.5 }] },
      [1],
    ],
    [
      'later after a read that took more than half of the interval',
      { interval: 1, reads: [{ takes: 0.6 }] },
      [1.2],
    ],
    ['later after a read that outlasted the interval', { interval: 1, reads: [{ takes: 3 }, quick] }, [6, 1]],
    [
      'at increasing delays after failures, until an answer arrives',
      { interval: 0.1, reads: [...all(7, failed), quick, failed] },
      [0.5, 1, 2, 4, 5, 5, 5, 0.1, 0.5],
    ],
    ['not sooner than the interval after failures', { interval: 10, reads: all(2, failed) }, [10, 10]],
    [
      'as late after a slow failure as after a slow answer',
      { interval: 0.1, reads: [{ takes: 3, fails: true }] },
      [6],
    ],
    [
      'after a failure, counted from its end',
      { interval: 0.1, reads: [{ takes: 0.25, fails: true }] },
      [0.75],
    ],
    [
      'later after a document that took this process long',
      { interval: 1, reads: [{ takes: 0.5, work: 0.3 }, quick, { takes: 0.5, work: 0.1 }] },
      [1.7, 1, 1],
    ],
    [
      'later after an answer that took this process long and was no document',
      { interval: 1, reads: [{ takes: 2, work: 2, fails: true }] },
      [10],
    ],
    [
      'not much later if this process was stopped while it worked',
      { interval: 1, reads: [{ takes: 0, work: 3600 }] },
      [30],
    ],
    ['at once with an interval of 0', { interval: 0, reads: all(2, quick) }, [0, 0]],
  ])('%s', (_, course, pauses) => {
    expect(pausesOf(course)).toEqual(pauses);
  });

  it('at once if there was no read', () => {
    expect(new Schedule(() => 60).due()).toBe(Number.NEGATIVE_INFINITY);
  });

  it.each([
    [0, 95],
    [0.5, 100],
    [1, 105],
  ])('a little earlier or later at random: %d', (chance, pause) => {
    expect(pausesOf({ interval: 100, reads: [quick] }, () => chance)).toEqual([pause]);
  });

  it('after a new interval, counted from the last read', () => {
    let interval = 60;
    const schedule = new Schedule(
      () => interval,
      'start',
      () => 0.5,
    );
    schedule.begin(100);
    schedule.succeed(100.1, 100.1);
    expect(schedule.due()).toBe(160);
    interval = 15;
    expect(schedule.due()).toBe(115);
  });

  it('one interval after the last document arrived, if an observation needs the whole interval', () => {
    const schedule = new Schedule(
      () => 1,
      'arrival',
      () => 0.5,
    );
    schedule.begin(100);
    schedule.succeed(100.4, 100.3);
    expect(schedule.due()).toBeCloseTo(101.3);
  });

  it('as before if a read was aborted', () => {
    const schedule = new Schedule(
      () => 1,
      'start',
      () => 0.5,
    );
    schedule.begin(100);
    schedule.succeed(100.4, 100.4);
    schedule.begin(101);
    expect(schedule.due()).toBe(102);
  });

  it('never before the server was left alone for as long as it was held', () => {
    const course = fc.record({
      interval: fc.double({ min: 0, max: 10, noNaN: true }),
      reads: fc.array(fc.record({ takes: fc.double({ min: 0, max: 20, noNaN: true }), fails: fc.boolean() })),
    });
    fc.assert(
      fc.property(course, fc.double({ min: 0, max: 1, noNaN: true }), (given, chance) => {
        for (const [place, pause] of pausesOf(given, () => chance).entries())
          expect(pause).toBeGreaterThanOrEqual(2 * (given.reads[place]?.takes ?? 0) - 1e-5);
      }),
    );
  });
});
