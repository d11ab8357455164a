import { describe, expect, it } from 'vitest';
import type { HostReading } from '../../src/host/reading.ts';
import { withHost } from '../../src/rates/with-host.ts';
import { header } from '../../src/views/header.ts';
import type { Scene } from '../../src/views/scene.ts';
import { screen } from '../../src/views/screen.ts';
import { app, appBetween, hostReading, processReading, socket, worker } from '../rates/builders.ts';
import { makeScene, plain, secondSample, textOf } from './samples.ts';
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
  const usage = [
    {
      stretch: 'minute',
      seconds: 60,
      requests: 60,
      rps: 1,
      responseTime: 0.5,
      busy: 0.5,
    },
  ] as const;
  return makeScene({ ...sample, host }, { usage, view });
}

const headerOf = (host: HostReading | null, columns: number) =>
  header(sceneWith(host), columns, 5).map(textOf).join('\n');

describe('the header', () => {
  it('contains the CPU usage of the workers, and the host resources if there is room', () => {
    expect(headerOf(HOST, 200)).toContain('CPU 175%');
    expect(headerOf(HOST, 200)).toContain('MACHINE 4 cpu, 3.0G free, load 2.3');
    const untold = { ...HOST, resources: { ...HOST.resources, available: null, load: null } };
    expect(headerOf(untold, 200)).toMatch(/MACHINE 4 cpu {2}/);
  });

  it('contains nothing about the host without a host reading', () => {
    expect(headerOf(null, 200)).not.toMatch(/CPU|MACHINE/);
  });

  it('contains the busy share of the last minute', () => {
    expect(headerOf(null, 80)).toMatch(/BUSY\/MIN +50% {2}UP/);
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
    expect(detailOf(null)).not.toContain('As the kernel');
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
