import { describe, expect, it } from 'vitest';
import type { HostReading } from '../../src/host/reading.ts';
import { withHost } from '../../src/rates/with-host.ts';
import { header } from '../../src/views/header.ts';
import type { Scene } from '../../src/views/scene.ts';
import { screen } from '../../src/views/screen.ts';
import { app, appBetween, hostReading, processReading, socket, worker } from '../rates/builders.ts';
import { firstSample, makeScene, plain, secondSample, textOf } from './samples.ts';
import { doing, SIZE } from './updating.ts';

/** Tests of the values of the host reading on the screen. */

const MIB = 2 ** 20;
const HOST = hostReading(
  [
    processReading({ pid: 101, rss: 30 * MIB, cpu: 0.5 }),
    processReading({ pid: 102, rss: 30 * MIB, cpu: 1.25 }),
  ],
  {
    master: processReading({ pid: 100, rss: 10 * MIB, cpu: 0.01 }),
    resources: { processors: 4, memory: 8192 * MIB, available: 3072 * MIB, load: 2.345 },
  },
);

function sceneWith(host: HostReading | null, view: Partial<Scene['view']> = {}): Scene {
  const sample = secondSample('threads');
  if (sample.kind !== 'app') throw new Error(`kind ${sample.kind}`);
  return makeScene({ ...sample, host }, { view });
}

const headerOf = (host: HostReading | null, columns: number) =>
  header(sceneWith(host), columns, 4).map(textOf).join('\n');

describe('the header', () => {
  it('shows the processors that the workers use, and on wide screens the load and the free memory', () => {
    expect(headerOf(HOST, 200)).toContain('CPU 175%');
    expect(headerOf(HOST, 80)).toContain('CPU 175%');
    expect(headerOf(HOST, 200)).toMatch(/ LOAD +2\.3$/m);
    expect(headerOf(HOST, 200)).toMatch(/ FREE +3\.0G$/m);
  });

  it('contains nothing about the host without a host reading', () => {
    for (const name of ['CPU', 'LOAD', 'FREE'])
      expect(headerOf(null, 200)).toMatch(new RegExp(` ${name} +-( |$)`, 'm'));
  });
});

describe('the detail of the usage', () => {
  const detailOf = (host: HostReading | null) =>
    plain(
      screen(doing(sceneWith(host, { tab: 'usage' }), { kind: 'detail' }), {
        columns: 120,
        rows: 60,
      }),
    );

  it('contains the process and the totals, for which the header has no room', () => {
    const text = detailOf(null);
    expect(text).toMatch(/^Server$/m);
    expect(text).toMatch(/ version +2\.0\.21/);
    expect(text).toMatch(/ uid:gid +\d+:\d+$/m);
    expect(text).toMatch(/ cwd +\/\S+$/m);
    expect(text).toMatch(/ up +\S+ +since the start of the master$/m);
    expect(text).toMatch(/ workers +2: \d busy/m);
    for (const name of ['requests', 'exceptions', 'harakiris', 'respawns', 'sent'])
      expect(text).toMatch(new RegExp(` ${name} +\\S+ +since the start or the last full reload$`, 'm'));
    expect(text).toMatch(/ sent per second +\S+ +in the last interval$/m);
  });

  it('contains them also after a first reading', () => {
    const first = makeScene(firstSample('threads'), { view: { tab: 'usage' } });
    const text = plain(screen(doing(first, { kind: 'detail' }), { columns: 120, rows: 60 }));
    expect(text).toMatch(/ requests +60 +since/);
    expect(text).toMatch(/ sent per second +- /);
    expect(plain(screen(first, SIZE))).toMatch(/^interval +- +- +- +- +-$/m);
  });

  it('contains the sums of all processes, and the host resources', () => {
    const text = detailOf(HOST);
    expect(text).toMatch(/ cpu +176% /);
    expect(text).toMatch(/ rss +70\.0M /);
    expect(text).toMatch(/ processors +4$/m);
    expect(text).toMatch(/ load +2\.3[45] /);
    expect(text).toMatch(/ memory +8\.0G$/m);
    expect(text).toMatch(/ available +3\.0G /);
  });

  it('contains nothing about the host without a host reading', () => {
    expect(detailOf(null)).not.toContain('This machine');
  });

  it('has no sum if the value of one process is unknown', () => {
    const first = { ...HOST, master: { ...HOST.master, cpu: null } };
    expect(detailOf(first)).toMatch(/ cpu +- /);
  });
});

it('the sockets show the origin of their queue', () => {
  const sockets = [
    socket({ name: '/run/app.sock', queue: null, maxQueue: null }),
    socket({ name: '/run/other.sock', queue: null, maxQueue: null }),
    socket({ name: ':8000', queue: 3, maxQueue: 100 }),
  ];
  const host = hostReading([], { queues: new Map([['/run/app.sock', { queue: 7, limit: 50 }]]) });
  const sample = { ...appBetween(null, withHost(app([worker()], { sockets }), host)), host };
  const lines = plain(screen(makeScene(sample, { view: { tab: 'sockets' } }), SIZE)).split('\n');
  const rowOf = (name: string) =>
    lines
      .find((line) => line.startsWith(name))
      ?.split(/\s+/)
      .slice(2, 6);
  expect(rowOf('/run/app.sock')).toEqual(['7', '50', '14.0', 'kernel']);
  expect(rowOf('/run/other.sock')).toEqual(['-', '-', '-', '-']);
  expect(rowOf(':8000')).toEqual(['3', '100', '3.0', 'uwsgi']);
});
