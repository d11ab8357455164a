import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { sampleOf } from '../../src/rates/rates.ts';
import { decode } from '../../src/stats/decode.ts';
import { app, appBetween, core, NOW, reading, worker } from './builders.ts';

const captured = (name: string) => decode(readFileSync(`fixtures/cases/${name}.json`));

describe('the response time', () => {
  it('is that of the requests that uWSGI timed: one of 20, because 19 were static files', () => {
    const sample = sampleOf('x', reading(captured('static-b'), 2), reading(captured('static-a')));
    expect(sample).toMatchObject({
      totals: { requestsDelta: 20, timedRequestsDelta: 1, responseTime: expect.closeTo(0.2, 9) },
    });
  });

  it('is unknown if only static files were served', () => {
    const before = app([worker({ requests: 10, cores: [core({ requests: 10, staticRequests: 4 })] })]);
    const after = app([worker({ requests: 15, cores: [core({ requests: 15, staticRequests: 9 })] })]);
    expect(appBetween(before, after).totals).toMatchObject({
      requestsDelta: 5,
      timedRequestsDelta: 0,
      responseTime: null,
    });
  });

  it('is unknown without cores, which have the number of static files', () => {
    const before = app([worker({ requests: 10, cores: [] })]);
    const after = app([worker({ requests: 15, runningTime: 1, cores: [] })]);
    expect(appBetween(before, after).totals).toMatchObject({ requestsDelta: 5, responseTime: null });
  });

  it('is unknown while the transfer of a static file hides a request', () => {
    const before = app([worker({ requests: 10, cores: [core({ staticRequests: 4 })] })]);
    const after = app([worker({ requests: 10, cores: [core({ staticRequests: 5, inRequest: true })] })]);
    expect(appBetween(before, after).totals).toMatchObject({ timedRequestsDelta: null, responseTime: null });
  });
});

it('the average is unknown for a worker that has served only static files', () => {
  const document = { pid: 1, workers: [{ id: 1, pid: 2, requests: 3, running_time: 0, avg_rt: 0 }] };
  const snapshot = decode(Buffer.from(JSON.stringify(document)));
  expect(snapshot).toMatchObject({ workers: [{ requests: 3, averageResponseTime: null }] });
});

describe('a rate between two readings', () => {
  const before = { ...reading(app([worker({ requests: 0 })])) };
  const after = { ...reading(app([worker({ requests: 100 })]), 1) };
  const rps = (clockError: number) => {
    const sample = sampleOf('x', { ...after, clockError }, before);
    return sample.kind === 'app' ? sample.totals.rps : NOW;
  };

  it('is known if the error of the times is at most a tenth of the interval', () => {
    expect(rps(0.1)).toBe(100);
  });

  it('is unknown if the error is larger', () => {
    expect(rps(0.101)).toBeNull();
  });
});
