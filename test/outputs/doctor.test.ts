import { describe, expect, it } from 'vitest';
import type { Locality } from '../../src/host/explain.ts';
import type { HostReading } from '../../src/host/reading.ts';
import { DOCTOR } from '../../src/outputs/doctor.ts';
import { reportText } from '../../src/outputs/report.ts';
import { createMask } from '../../src/text/secrets.ts';
import { observed, observing } from '../monitor/observing.ts';
import { app, core, hostReading, NOW, processReading, reading, socket, worker } from '../rates/builders.ts';
import { EMPEROR, router } from '../rates/routers.ts';
import { secondSample } from '../views/samples.ts';

const mask = createMask();
const OWNER: Locality = { proof: 'owner', why: null };

/** The report on a server of two running workers, one of which has a kernel reading. */
function report(host: HostReading | null, locality: Locality | null = OWNER): Record<string, string> {
  const snapshot = app([worker({ pid: 101 }), worker({ pid: 102 }), worker({ pid: null })], {
    sockets: [socket({ name: '/run/a', queue: null, maxQueue: null })],
  });
  return factsOf(DOCTOR.write(observing('/run/x', [{ ...reading(snapshot), host }]), { mask, locality }));
}

/** The facts of a report, by name. */
function factsOf(text: string): Record<string, string> {
  return Object.fromEntries(
    [...text.matchAll(/^ {2}(\S.*?) {2,}(.*)$/gm)].map(([, name, value]) => [name, value]),
  );
}

describe('the values of the kernel', () => {
  it('are counted, each with the reason why others are unknown', () => {
    expect(report(hostReading([processReading({ pid: 101, files: 7 })]))).toMatchObject({
      proved: expect.stringMatching(/^yes: the process of the document has opened the socket/),
      'workers: CPU, state': expect.stringMatching(/^1 of 2: the other processes have ended, or /),
      'processes: memory': '2 of 2',
      'processes: open files': expect.stringMatching(/^1 of 2: before Linux 6\.2, this needs root/),
      'worker: USS, PSS': expect.stringMatching(/^0 of 1: this needs root, or the user who started/),
      'queues of sockets': expect.stringMatching(/^0 of 1: this needs ss/),
      'refused connections': expect.stringMatching(/^0 of 1: /),
      'machine: memory, load': expect.stringMatching(/^0 of 2: /),
    });
  });

  it('have no reason if all are known, and no line if the server has no such object', () => {
    const memory = { clock: 50, pss: 1, uss: 1, swap: 0 };
    const host = hostReading([processReading({ pid: 101, memory }), processReading({ pid: 102 })], {
      queues: new Map([['/run/a', { queue: 1, limit: 100 }]]),
      listenOverflows: 0,
      resources: { processors: 4, memory: 1e9, available: 0, load: 0 },
      children: new Map([[103, { ...processReading({ pid: 103 }), command: 'redis' }]]),
    });
    const facts = report(host);
    expect(facts).toMatchObject({
      'workers: CPU, state': '2 of 2',
      'worker: USS, PSS': '1 of 1',
      'queues of sockets': '1 of 1',
      'refused connections': '1 of 1',
      'machine: memory, load': '2 of 2',
      'other children': '1, with 1 command lines of their own',
    });
    expect(facts).not.toHaveProperty('tasks of spoolers');
  });

  it('are not claimed without a proof', () => {
    expect(report(null, { proof: null, why: 'the document has no pid' })).toMatchObject({
      proved: 'no: the document has no pid',
    });
    expect(report(null, null).proved).toBe('not examined: the document does not come from a server');
    expect(report(null)['kernel values']).toMatch(/^no: the processes ended/);
    for (const snapshot of [EMPEROR, router({})])
      expect(factsOf(DOCTOR.write(observing('x', [reading(snapshot)]), { mask })).proved).toBe(
        'not examined: only app servers are',
      );
  });
});

describe('the document', () => {
  const of = (name: string) => factsOf(DOCTOR.write(observed(secondSample(name)), { mask }));

  it('has its kind, the version of uWSGI, and what it contains', () => {
    expect(of('threads')).toMatchObject({ kind: 'app server', uWSGI: '2.0.21-debian', defects: 'no' });
    expect(of('threads').contents).toMatch(/^workers 2, .*\bcores 8$/);
    expect(of('emperor').kind).toBe('emperor');
    expect(of('http-router').kind).toBe('router');
  });

  it('says that defects were repaired', () => {
    expect(of('hostile').defects).toMatch(/was repaired$/);
  });

  it('has - for what is unknown, never 0', () => {
    const server = { version: null, pid: null, uid: null, gid: null, cwd: null };
    const facts = factsOf(DOCTOR.write(observing('x', [reading(app([], { server }))]), { mask }));
    expect(facts).toMatchObject({
      ...{ uWSGI: '-', 'pid of the master': '-', 'uid, gid': '-, -', directory: '-' },
      contents: 'no',
    });
  });

  it('has findings by their names only, each once', () => {
    const vars = ['REQUEST_METHOD=GET', 'REQUEST_URI=/orders'];
    const stuck = core({ inRequest: true, requestStart: NOW - 1000, vars });
    const snapshot = app([worker({ cores: [stuck] })]);
    const last = observing('x', [{ ...reading(snapshot), time: NOW }], { maxWait: 0 });
    expect(last.findings[0]?.text).toContain('/orders');
    const text = DOCTOR.write({ ...last, findings: [...last.findings, ...last.findings] }, { mask });
    expect(factsOf(text).findings).toMatch(/\bcritical stuck \(2\)/);
    expect(text).not.toContain('/orders');
  });
});

describe('a report', () => {
  it('has all values in one column, and an empty line between its sections', () => {
    const text = reportText([
      { title: 'one', facts: [['a', 'x']] },
      { title: 'two', facts: [['a longer name', null]] },
    ]);
    expect(text).toBe('one\n  a              x\n\ntwo\n  a longer name  -\n');
  });

  it('shows control characters of names, values and titles as escapes', () => {
    const text = reportText([{ title: 't\x1b', facts: [['n\x9b', 'v\x07\nw\u202e']] }]);
    expect(text).toBe('t\\x1b\n  n\\x9b  v\\x07\\nw\\u{202e}\n');
  });
});
