import { describe, expect, it } from 'vitest';
import { type EmperorState, emperorState } from '../../src/demo/emperor.ts';
import { emperorDocument } from '../../src/demo/emperor-document.ts';
import { decode } from '../../src/stats/decode.ts';
import type { EmperorSnapshot } from '../../src/stats/snapshot.ts';
import { capture, layout } from './layout.ts';

function decoded(document: string): EmperorSnapshot {
  const snapshot = decode(Buffer.from(document));
  if (snapshot.kind !== 'emperor') throw new Error(`unexpected kind ${snapshot.kind}`);
  return snapshot;
}

const vassal = ({ vassals }: EmperorState, id: string) => vassals.find((each) => each.id === id);

describe('emperorDocument', () => {
  it('has the exact layout of uWSGI 2.0.21', () => {
    const state = emperorState(100);
    const two = { ...state, vassals: state.vassals.slice(0, 2) };
    const ours = layout(emperorDocument(two)).replaceAll('/srv/vassals', '/srv/app/vassals');
    expect(ours).toBe(layout(capture('emperor')));
  });

  it('contains a vassal in every state, and a blacklist', () => {
    const { vassals, blacklist, repaired } = decoded(emperorDocument(emperorState(30), { version: '2.1' }));
    expect(repaired).toBe(false);
    expect(vassals).toMatchObject([
      { id: 'blog.ini', ready: true, accepting: true, loyal: true, cursedAt: null },
      { id: 'shop.ini', ready: true, accepting: true, loyal: false },
      { id: 'staging.ini', ready: true, accepting: false },
      { id: 'reports.ini', pid: null, onDemand: '/run/reports.sock', ready: false },
      { id: 'old.ini', cursedAt: 1_800_000_008, respawns: 91 },
      { id: 'archive.ini', pid: null, suspended: true },
    ]);
    expect(blacklist).toMatchObject([{ id: 'broken.ini', attempts: 7, throttle: 7.001 }]);
  });

  it('writes attributes as 2.1 does, which is not JSON', () => {
    const text = emperorDocument(emperorState(30), { version: '2.1', attributes: true });
    expect(text).toContain('"attrs":[\n\t\t\t\t"tier":"web",\n\t\t\t\t"owner":"sales"\n\t\t\t],');
    expect(() => JSON.parse(text)).toThrow();
    expect(decoded(text).vassals[1]?.attributes).toEqual([
      { name: 'tier', value: 'web' },
      { name: 'owner', value: 'sales' },
    ]);
  });

  it('contains no fields of 2.1 in 2.0, and fits on one line if minified', () => {
    const text = emperorDocument(emperorState(30), { minified: true });
    expect(text).not.toMatch(/suspended|adopted|attrs|\s/);
    expect(decoded(text).vassals).toHaveLength(6);
  });
});

describe('emperorState', () => {
  it('reloads a vassal without a new pid', () => {
    const before = vassal(emperorState(39), 'staging.ini');
    const reloading = vassal(emperorState(41), 'staging.ini');
    const after = vassal(emperorState(43), 'staging.ini');
    expect(before).toMatchObject({ respawns: 1, ready: true, lastRun: 20, lastReady: 22 });
    expect(reloading).toMatchObject({
      respawns: 2,
      ready: false,
      lastRun: 40,
      lastReady: 22,
      pid: before?.pid,
    });
    expect(after).toMatchObject({ respawns: 2, ready: true, lastReady: 42 });
  });

  it('starts an on-demand vassal and stops it again', () => {
    const pids = [0, 39, 41, 59, 61, 101].map(
      (time) => vassal(emperorState(time), 'reports.ini')?.pid ?? null,
    );
    expect(pids).toEqual([null, null, expect.any(Number), expect.any(Number), null, expect.any(Number)]);
    expect(pids[2]).toBe(pids[3]);
    expect(pids[5]).not.toBe(pids[3]);
  });

  it('retries a failing vassal at increasing intervals', () => {
    const attempts = [0, 1, 2.9, 3, 5.9, 6, 55].map((time) => emperorState(time).blacklist[0]?.attempts);
    expect(attempts).toEqual([0, 1, 1, 2, 2, 3, 10]);
    expect(emperorState(4).blacklist).toEqual([
      { id: 'broken.ini', throttle: 2001, attempts: 2, first: 0, last: 3 },
    ]);
  });
});
