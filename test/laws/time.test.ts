import { describe, expect, it } from 'vitest';
import { sampleJson } from '../../src/outputs/json.ts';
import { sampleOf } from '../../src/rates/rates.ts';
import type { Reading } from '../../src/rates/sample.ts';
import { decode } from '../../src/stats/decode.ts';
import { NO_MASK } from '../../src/text/secrets.ts';
import { CORE_MODES } from '../../src/views/core-modes.ts';
import { screen } from '../../src/views/screen.ts';
import { observed } from '../monitor/observing.ts';
import { capture, NAMES } from '../stats/captures.ts';
import { LOOKED_AT, makeScene, plain } from '../views/samples.ts';

/** Law 6: rates use the monotonic clock. Ages use the wall clock and are never negative. */

const HOUR = 3600;

function sampleAt(name: string, wallClock: number) {
  const reading = (read: 1 | 2, time: number): Reading => ({
    snapshot: decode(capture(name, read)),
    time,
    clock: 100 + 2 * read,
  });
  return sampleOf('x', reading(2, wallClock), reading(1, LOOKED_AT));
}

describe.each(NAMES)('%s', (name) => {
  it('has the same rates, even if the wall clock is set between two reads', () => {
    const {
      time: _,
      interval,
      ...still
    } = JSON.parse(sampleJson(observed(sampleAt(name, LOOKED_AT + 2)), NO_MASK));
    for (const wallClock of [LOOKED_AT - HOUR, LOOKED_AT, LOOKED_AT + 24 * HOUR]) {
      const moved = JSON.parse(sampleJson(observed(sampleAt(name, wallClock)), NO_MASK));
      expect(moved.interval).toBe(interval);
      expect(moved.totals?.rps).toBe(still.totals?.rps);
      expect(moved.totals?.txRate).toBe(still.totals?.txRate);
      expect(moved.nodes?.map(({ rps }: { rps: number }) => rps)).toEqual(
        still.nodes?.map(({ rps }: { rps: number }) => rps),
      );
    }
  });

  it('has no negative age on the screen or in JSON, even if the clock is behind that of the server', () => {
    const sample = sampleAt(name, LOOKED_AT - 24 * HOUR);
    const json = sampleJson(observed(sample), NO_MASK);
    expect(json).not.toMatch(/"(age|uptime)": -/);
    const lost = { state: 'lost', since: LOOKED_AT, why: 'x', advice: '', retryAt: LOOKED_AT } as const;
    for (const cores of CORE_MODES) {
      for (const connection of [{ state: 'live' } as const, lost]) {
        const scene = makeScene(sample, { now: LOOKED_AT - 24 * HOUR, connection, view: { cores } });
        expect(plain(screen(scene, { columns: 200, rows: 60 }))).not.toMatch(/(^|\s)-\d/);
      }
    }
  });
});
