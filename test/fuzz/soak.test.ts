import { describe, expect, it, onTestFinished } from 'vitest';
import type { Measure } from '../soak/measure.ts';
import { soak } from '../soak/soak.ts';
import { startSource } from '../soak/source.ts';
import { LIMITS, table, verdict } from '../soak/verdict.ts';

describe('the live view', () => {
  it('leaves nothing open and keeps nothing, however long it polls', async () => {
    const polls = 1500;
    const source = await startSource({ faultEvery: 300, tellEvery: 25 });
    onTestFinished(() => source.close());
    const { measures, writes } = await soak({ polls, looks: 12, source });
    expect(measures.at(-1)?.polls).toBeGreaterThanOrEqual(polls);
    expect(writes).toBeGreaterThan(100);
    // The history is not full yet, and the server lives in this process too.
    expect(verdict(measures, { heap: 0.5, open: 6 })).toEqual([]);
  });

  it('would be found out if it left a timer behind now and then', async () => {
    const source = await startSource({ faultEvery: 10_000, tellEvery: 25 });
    onTestFinished(() => source.close());
    const timers: NodeJS.Timeout[] = [];
    onTestFinished(() => timers.forEach(clearTimeout));
    const leaking = {
      ...source,
      onPolls: (listener: (polls: number) => void) =>
        source.onPolls((polls) => {
          timers.push(setTimeout(() => {}, 600_000));
          listener(polls);
        }),
    };
    const { measures } = await soak({ polls: 800, looks: 16, source: leaking });
    expect(verdict(measures, { heap: 0.5, open: 6 }).join()).toMatch(/handles/);
  });
});

/** Forty looks at a process of which a number grows by so much from one to the next. */
function looks(grows: Partial<Record<'heap' | 'files' | 'handles', number>>): Measure[] {
  const { heap = 0, files = 0, handles = 0 } = grows;
  return Array.from({ length: 40 }, (_, look) => ({
    polls: look,
    heap: 20e6 + heap * look,
    rss: 90e6,
    files: 20 + (look % 2) + files * look,
    handles: Array.from({ length: 6 + (look % 2) + handles * look }, () => 'Timeout'),
  }));
}

describe('the verdict', () => {
  it('is good where nothing grows', () => {
    expect(verdict(looks({}))).toEqual([]);
    expect(table(looks({})).split('\n')).toHaveLength(41);
  });

  it.each([
    ['heap', { heap: 100_000 }, /the heap has grown by \d/],
    ['files', { files: 1 }, /files/],
    ['handles', { handles: 1 }, /handles/],
  ] as const)('tells of %s that grow', (_what, grows, says) => {
    const found = verdict(looks(grows), LIMITS);
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(says);
  });

  it('is none where there was little to look at', () => {
    expect(verdict([])).not.toEqual([]);
  });
});
