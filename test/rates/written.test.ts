import { describe, expect, it } from 'vitest';
import { ageOf, isEarliestTime, writingTimeOf } from '../../src/rates/written.ts';
import { app, core, NOW, worker } from './builders.ts';

const server = (...starts: number[]) =>
  app([
    worker({
      lastSpawn: NOW - 3600,
      cores: starts.map((requestStart, id) => core({ id, inRequest: true, requestStart })),
    }),
  ]);

const file = (time: number) => ({ time, piped: false });
const pipe = (time: number) => ({ time, piped: true });

describe('the time of a saved document', () => {
  it('is that of its file if the document has a time just before it', () => {
    expect(writingTimeOf(server(NOW - 41, NOW - 1), file(NOW))).toEqual({
      time: NOW,
      timeIsExact: true,
      saved: true,
    });
  });

  it('is its own latest time if the file is newer, because it was copied', () => {
    const year = 365 * 86400;
    expect(writingTimeOf(server(NOW - 41, NOW - 1), file(NOW + 2 * year))).toEqual({
      time: NOW - 1,
      timeIsExact: false,
      saved: true,
    });
  });

  it('is now if it comes through a pipe, also for an idle server with one stuck request', () => {
    expect(writingTimeOf(server(NOW - 1800), pipe(NOW))).toMatchObject({ time: NOW, timeIsExact: true });
  });

  it('is its own latest time if a document through a pipe is older than a day', () => {
    expect(writingTimeOf(server(NOW - 1800), pipe(NOW + 86_400))).toMatchObject({
      time: NOW - 1800,
      timeIsExact: false,
    });
  });

  it('does not come from a time after that of the file', () => {
    expect(writingTimeOf(server(NOW - 41, NOW * 100), file(NOW)).time).toBe(NOW - 41);
  });

  it('is unknown if the document has no time', () => {
    expect(writingTimeOf(app([]), file(NOW))).toEqual({ time: NOW, timeIsExact: false, saved: true });
  });

  it('is the earliest possible one if it comes from the document, and otherwise the latest', () => {
    const copied = server(NOW - 41);
    expect(isEarliestTime(copied, writingTimeOf(copied, file(NOW + 1e6)).time)).toBe(true);
    expect(isEarliestTime(app([]), NOW)).toBe(false);
    // A time after that of the file is wrong.
    const later = app([worker({ lastSpawn: NOW * 100 })]);
    expect(isEarliestTime(later, writingTimeOf(later, file(NOW)).time)).toBe(false);
  });
});

describe('an age', () => {
  const copied = writingTimeOf(server(NOW - 41, NOW - 1), file(NOW + 1e6));

  it('counts from the latest time of a copied document', () => {
    expect(ageOf(copied, NOW - 41)).toBe(40);
  });

  it('is unknown for that time itself', () => {
    expect(ageOf(copied, NOW - 1)).toBeNull();
  });

  it('is never negative', () => {
    expect(ageOf({ time: NOW, timeIsExact: true }, NOW + 5)).toBe(0);
  });
});
