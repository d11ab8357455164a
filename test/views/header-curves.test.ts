import { describe, expect, it } from 'vitest';
import type { Sample } from '../../src/rates/sample.ts';
import { ASCII } from '../../src/views/glyphs.ts';
import { header } from '../../src/views/header.ts';
import type { Scene } from '../../src/views/scene.ts';
import { app, appBetween, socket, worker } from '../rates/builders.ts';
import { historyOf } from './histories.ts';
import { makeScene, secondSample, textOf } from './samples.ts';

describe('curves beside the numbers', () => {
  const rising = historyOf(
    Array.from({ length: 60 }, (_, at) => ({
      requests: at,
      runningTime: at * at,
      tx: at,
      exceptions: at,
      busy: at / 60,
      queue: at,
      memory: at * 1024 ** 2,
    })),
  );
  const known = appBetween(
    app([worker()]),
    app([worker({ requests: 30 })], { sockets: [socket({ queue: 3, maxQueue: 100 })] }),
  );
  const lines = (columns: number, sample: Sample = known, view: Partial<Scene['view']> = {}) =>
    header(makeScene(sample, { history: rising, view }), columns, 5).map(textOf);
  const CURVE = /[▁-█]+/;

  /** The labels that are followed by a curve, with the width of the curve. */
  function curves(columns: number, sample?: Sample): Record<string, number> {
    const facts = lines(columns, sample).flatMap((line) => line.trimEnd().split(/ {2,}(?=[A-Z▁-█])/));
    return Object.fromEntries(
      facts.flatMap((fact, at) =>
        /^[▁-█]+$/.test(fact) ? [[(facts[at - 1] ?? '').replace(/[ \d].*/, ''), fact.length] as const] : [],
      ),
    );
  }

  it.each([
    [40, []],
    [71, []],
    [72, ['RPS', 'RESP', 'QUEUE', 'CORES']],
    [80, ['RPS', 'RESP', 'QUEUE', 'CORES']],
    [119, ['RPS', 'RESP', 'QUEUE', 'CORES']],
    [120, ['RPS', 'RESP', 'QUEUE', 'CORES', 'TX', 'RSS', 'EXC']],
    [200, ['RPS', 'RESP', 'QUEUE', 'CORES', 'TX', 'RSS', 'EXC']],
  ])('at %d columns are those of %j, each an eighth of the line', (columns, labels) => {
    const width = Math.floor(columns / 8);
    expect(curves(columns)).toEqual(Object.fromEntries(labels.map((label) => [label, width])));
  });

  /** A sample with the widest possible numbers. */
  const wide = appBetween(
    app(Array.from({ length: 900 }, () => worker())),
    app(
      Array.from({ length: 900 }, (_, at) =>
        worker({
          requests: 2000,
          tx: 5e8,
          exceptions: 5e6,
          status: ['busy', 'idle', 'pause', 'sig1'][at % 4] ?? '',
        }),
      ),
      { sockets: [socket({ queue: 4096, maxQueue: 4096 })] },
    ),
  );

  it.each([
    ['small', known],
    ['wide', wide],
  ])('are removed before any number if the numbers are %s', (_, sample) => {
    for (let columns = 20; columns <= 250; columns += 1) {
      const text = lines(columns, sample).slice(1, 4);
      for (const [at, labels] of [
        ['RPS', 'RESP', 'QUEUE'],
        ['WORKERS', 'CORES', 'TX', 'RSS'],
        ['EXC', 'HARAKIRI', 'RESPAWN', 'REQ', 'UP'],
      ].entries()) {
        const line = text[at] ?? '';
        const missing = labels.filter((label) => !line.includes(`${label} `));
        if (CURVE.test(line)) expect([columns, missing]).toEqual([columns, []]);
      }
    }
  });

  it('each belong to the number before it', () => {
    const happened: Readonly<Record<string, object>> = {
      RPS: { requests: 9 },
      RESP: { runningTime: 9 },
      QUEUE: { queue: 9 },
      CORES: { busy: 1 },
      TX: { tx: 9 },
      RSS: { memory: 9 },
      EXC: { exceptions: 9 },
    };
    // Each request takes a second, unless the response time is tested.
    const quiet = { requests: 1, runningTime: 1 };
    for (const [label, given] of Object.entries(happened)) {
      const after = label === 'RPS' ? { ...given, runningTime: 9 } : given;
      const history = historyOf([...Array(59).fill(quiet), { ...quiet, ...after }]);
      const text = header(makeScene(known, { history }), 200, 5).map(textOf).join('\n');
      const rising = [...text.matchAll(/([A-Z]{2,}) +\S+ +[▁-▇]{9,}█/g)].map(([, before]) => before);
      expect(rising).toEqual([label]);
    }
  });

  it('are complete or absent', () => {
    for (let columns = 20; columns <= 200; columns += 1)
      for (const width of Object.values(curves(columns))) expect(width).toBe(Math.floor(columns / 8));
  });

  it('end with the latest value', () => {
    for (const line of lines(200).slice(1, 4))
      for (const curve of line.match(/[▁-█]+/g) ?? []) expect(curve.at(-1)).toBe('█');
  });

  it('are absent for measures that were always unknown, and leave no room', () => {
    const unix = appBetween(app([worker()]), app([worker({ requests: 30, rss: null })]));
    const near = rising.near.map((point) => ({ ...point, queue: null, memory: null }));
    const text = header(makeScene(unix, { history: { ...rising, near } }), 200, 5).map(textOf);
    expect(text[1]).toMatch(/QUEUE -$/);
    expect(text[2]).toMatch(/RSS -$/);
    // Before the second reading, all values are unknown.
    expect(header(makeScene(known), 200, 5).map(textOf).slice(1, 4).join('\n')).not.toMatch(/[▁-█]| {3}TX/);
  });

  it('do not move labels when the numbers before these change', () => {
    const at = (requests: number) =>
      textOf(
        header(makeScene(appBetween(app([worker()]), app([worker({ requests })]))), 120, 5)[1] ?? {
          spans: [],
        },
      );
    // 0, 10 and 4,995 requests per second.
    const places = [at(10), at(30), at(10_000)].map((line) => line.indexOf('RESP'));
    expect(new Set(places).size).toBe(1);
    expect(places[0]).toBeGreaterThan(0);
  });

  it('use ASCII characters with the ASCII glyphs', () => {
    const text = lines(200, known, { glyphs: ASCII });
    expect(text.join('\n')).toMatch(/^[\x20-\x7e\n]*$/);
    expect(text[1]).toMatch(/RPS +10\.0 {2}[.:=+*#-]{25} {2}RESP/);
  });

  it('are absent for other kinds of servers', () => {
    for (const name of ['emperor', 'routers'])
      expect(lines(200, secondSample(name)).join('\n')).not.toMatch(CURVE);
  });
});
