import { describe, expect, it, onTestFinished } from 'vitest';
import type { Measure } from '../soak/measure.ts';
import { soak } from '../soak/soak.ts';
import { startSource } from '../soak/source.ts';
import { LIMITS, table, verdict } from '../soak/verdict.ts';

describe('the live view', () => {
  it('does not grow and leaves no open handles over many polls', async () => {
    const polls = 1500;
    const source = await startSource({ faultEvery: 300, tellEvery: 25 });
    onTestFinished(() => source.close());
    const { measures, writes } = await soak({ polls, looks: 12, source });
    expect(measures.at(-1)?.polls).toBeGreaterThanOrEqual(polls);
    expect(writes).toBeGreaterThan(100);
    // The history is not full yet, and the server runs in this process too.
    expect(verdict(measures, { heap: 0.5, open: 6 })).toEqual([]);
  });

  it('fails this check if it leaves a timer behind occasionally', async () => {
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

/** Forty measurements of a process. The given numbers grow by this much per measurement. */
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
  it('is empty without growth', () => {
    expect(verdict(looks({}))).toEqual([]);
    expect(table(looks({})).split('\n')).toHaveLength(41);
  });

  it.each([
    ['heap', { heap: 100_000 }, /the heap has grown by \d/],
    ['files', { files: 1 }, /files/],
    ['handles', { handles: 1 }, /handles/],
  ] as const)('reports growing %s', (_what, grows, says) => {
    const found = verdict(looks(grows), LIMITS);
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(says);
  });

  it('fails if there are too few measurements', () => {
    expect(verdict([])).not.toEqual([]);
  });
});
