import { describe, expect, it } from 'vitest';
import { screen } from '../../src/views/screen.ts';
import { campaign } from './campaign.ts';
import { Pace } from './pace.ts';
import { STATSTOP } from './subject.ts';
import { drawing } from './wrong.ts';

describe('a campaign', () => {
  it('ends at the first failure and reports the number of the case', async () => {
    const wrong = { ...STATSTOP, screen: drawing('\x1b').screen ?? screen };
    const { failure, summary } = await campaign({ seed: 5, count: 50 }, wrong);
    expect(failure).toMatchObject({ oracle: 'views', complaint: expect.stringContaining('U+1b') });
    const number = failure?.trial.number ?? -1;
    expect(summary.cases).toBe(number + 1);
    const again = await campaign({ seed: 5, first: number, count: 1, thorough: true }, wrong);
    expect(again.failure?.trial.bytes.equals(failure?.trial.bytes ?? Buffer.alloc(0))).toBe(true);
  });

  it('treats an exception of an oracle as a failure', async () => {
    const sampleOf = () => {
      throw new RangeError('there is no sample');
    };
    const { failure } = await campaign({ seed: 5, count: 50 }, { ...STATSTOP, sampleOf });
    expect(failure).toMatchObject({ oracle: 'samples', complaint: expect.stringContaining('no sample') });
  });
});

/** A machine that needs this many seconds for the yardstick, one value per measurement. */
function paceOf(...units: readonly number[]): Pace {
  const remaining = [...units];
  return new Pace(async () => remaining.shift() ?? expect.fail('too many measurements'));
}

describe('a case is too slow', () => {
  const taken = (first: number, second: number) => ({ size: 1, seconds: first, again: async () => second });

  it('if it takes far longer than an undamaged document of its size, twice', async () => {
    expect(await paceOf(0.1, 0.1, 0.1).fault(taken(40, 40))).toMatch(/400 times as long/);
    expect(await paceOf(0.1, 0.1, 0.1).fault({ ...taken(40, 40), size: 100 })).toBeNull();
  });

  it('not if it is faster the second time, or if the machine is slow', async () => {
    expect(await paceOf(0.1, 0.1, 0.1).fault(taken(40, 1))).toBeNull();
    expect(await paceOf(0.1, 0.1, 4).fault(taken(40, 40))).toBeNull();
    expect(await paceOf(0.1, 4, 0.1).fault(taken(40, 40))).toBeNull();
  });

  it('and the campaign fails', async () => {
    const slow = new Pace(async () => 1e-9);
    const { failure } = await campaign({ seed: 5, count: 1 }, STATSTOP, slow);
    expect(failure).toMatchObject({ oracle: 'time', complaint: expect.stringContaining('the case took') });
  });
});
