import { describe, expect, it } from 'vitest';
import { campaign } from '../../fuzz/campaign.ts';
import { STATSTOP } from '../../fuzz/subject.ts';
import { screen } from '../../src/views/screen.ts';
import { drawing } from './wrong.ts';

describe('a campaign', () => {
  it('ends at the first failure, and says which case it was', async () => {
    const wrong = { ...STATSTOP, screen: drawing('\x1b').screen ?? screen };
    const { failure, summary } = await campaign({ seed: 5, count: 50 }, wrong);
    expect(failure).toMatchObject({ oracle: 'views', complaint: expect.stringContaining('U+1b') });
    const number = failure?.trial.number ?? -1;
    expect(summary.cases).toBe(number + 1);
    const again = await campaign({ seed: 5, first: number, count: 1, thorough: true }, wrong);
    expect(again.failure?.trial.bytes.equals(failure?.trial.bytes ?? Buffer.alloc(0))).toBe(true);
  });

  it('takes what an oracle throws for a failure', async () => {
    const sampleOf = () => {
      throw new RangeError('no sample');
    };
    const { failure } = await campaign({ seed: 5, count: 50 }, { ...STATSTOP, sampleOf });
    expect(failure).toMatchObject({ oracle: 'samples', complaint: expect.stringContaining('no sample') });
  });
});
