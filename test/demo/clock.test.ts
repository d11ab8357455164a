import { expect, it, onTestFinished, vi } from 'vitest';
import { Clock } from '../../src/demo/clock.ts';
import { createTraffic } from '../../src/demo/traffic.ts';

it('advances the simulation by the elapsed time and keeps its start', () => {
  const monotonic = vi.spyOn(performance, 'now').mockReturnValue(5_000);
  const wall = vi.spyOn(Date, 'now').mockReturnValue(1_900_000_000_000);
  onTestFinished(() => void vi.restoreAllMocks());
  const traffic = createTraffic();
  traffic.advance(100);
  const clock = new Clock(traffic);
  const at = (milliseconds: number, wallMilliseconds: number) => {
    monotonic.mockReturnValue(5_000 + milliseconds);
    wall.mockReturnValue(1_900_000_000_000 + wallMilliseconds);
    const start = clock.tick();
    return { start, time: Math.round(traffic.state.time * 1000) / 1000 };
  };
  const start = 1_900_000_000 - 100;
  expect(at(0, 0)).toEqual({ start, time: 100 });
  expect(at(1_500, 1_500)).toEqual({ start, time: 101.5 });
  // A drift between the clocks has no effect.
  expect(at(3_000, 4_000)).toEqual({ start, time: 103 });
  // The wall clock was set, or the machine was suspended for an hour.
  expect(at(4_000, 3_604_000)).toEqual({ start: start + 3600, time: 104 });
  expect(at(5_000, 3_605_000)).toEqual({ start: start + 3600, time: 105 });
});
