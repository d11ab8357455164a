import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { contained, masterNamed, masters, OwnPids } from '../../src/host/elsewhere.ts';
import { createHost } from '../../src/host/host.ts';
import { prove } from '../../src/host/proof.ts';
import { Ss } from '../../src/host/ss.ts';
import { parseTarget } from '../../src/targets/parse.ts';
import { BOOT, fakeHost, MASTER, OWNER, type Process, put, WORKERS } from './fake-host.ts';

/** Pids of the server as it sees them. */
const OWN = { master: 1, workers: [5, 6] } as const;

/** A server in a container. Its processes have other pids here. */
async function container(given: Partial<Process> = {}, ownMaster: number = OWN.master) {
  const status = (...pids: number[]) => [OWNER, `NSpid:\t${pids.join('\t')}`];
  const fake = await fakeHost({ ...given, status: status(MASTER, ownMaster) });
  for (const [place, pid] of WORKERS.entries())
    put(fake.proc, pid, { sockets: [901], status: status(pid, OWN.workers[place] ?? 0) });
  const thread = join(fake.proc, String(MASTER), 'task', String(MASTER));
  mkdirSync(thread, { recursive: true });
  writeFileSync(join(thread, 'children'), `${WORKERS.join(' ')} `);
  const { snapshot } = fake;
  return {
    ...fake,
    snapshot: {
      ...snapshot,
      server: { ...snapshot.server, pid: OWN.master },
      workers: snapshot.workers.map((worker, place) => ({ ...worker, pid: OWN.workers[place] ?? null })),
    },
  };
}

async function verdict({ proc, target, snapshot, ss }: Awaited<ReturnType<typeof container>>) {
  const pids = new OwnPids(MASTER, proc);
  pids.refresh();
  return prove({
    target: parseTarget(target),
    snapshot,
    pid: MASTER,
    pids,
    bootTime: BOOT,
    proc,
    ss: new Ss(ss),
  });
}

describe('the pids of a container', () => {
  it('are mapped in both directions', async () => {
    const { proc } = await container();
    const pids = new OwnPids(MASTER, proc);
    expect(pids.here(OWN.master)).toBeNull();
    pids.refresh();
    expect([OWN.master, ...OWN.workers].map((own) => pids.here(own))).toEqual([MASTER, ...WORKERS]);
    expect([MASTER, ...WORKERS].map((here) => pids.own(here))).toEqual([OWN.master, ...OWN.workers]);
    expect(pids.here(MASTER)).toBeNull();
  });

  it('lead to processes that may be uWSGI and are in another PID namespace', async () => {
    const { proc } = await container();
    const found = async (own: number) => masters(own, await contained(proc));
    expect(await found(OWN.master)).toEqual([MASTER]);
    expect(await found(2)).toEqual([]);
    expect(await found(MASTER)).toEqual([]);
    put(proc, 300, { name: 'uwsgi', status: [OWNER, 'NSpid:\t300\t1'] });
    expect(masterNamed(OWN.master, '/proc/300/root/run/x', proc)).toEqual([300]);
    for (const path of ['/proc/9/root/run/x', '/run/x', null])
      expect(masterNamed(OWN.master, path, proc)).toEqual([]);
    expect(masterNamed(2, '/proc/300/root/run/x', proc)).toEqual([]);
    put(proc, 301, { name: 'other', status: [OWNER, 'NSpid:\t301\t1'] });
    expect(await found(OWN.master)).toEqual([MASTER, 300]);
  });
});

describe('a server in a container is proved', () => {
  it('by its pids, starts and socket', async () => {
    expect(await verdict(await container())).toBe('owner');
  });

  it('not with another pid of its own', async () => {
    expect(await verdict(await container({}, 2))).toBeNull();
  });

  it('not without its socket, and not without permission to see it', async () => {
    expect(await verdict(await container({ sockets: [902] }))).toBeNull();
    expect(await verdict(await container({ sockets: null }))).toBeNull();
  });

  it('not by workers with other starts', async () => {
    const fake = await container();
    const workers = fake.snapshot.workers.map((each) => ({ ...each, lastSpawn: (each.lastSpawn ?? 0) + 60 }));
    expect(await verdict({ ...fake, snapshot: { ...fake.snapshot, workers } })).toBeNull();
  });
});

it('the reading of a server in a container has the pids of its document', async () => {
  const { proc, target, snapshot, ss } = await container();
  const host = createHost({ target: parseTarget(target), proc, ss, whole: true });
  const reading = await host.read(snapshot, 1000);
  expect(reading?.master.pid).toBe(OWN.master);
  expect([...(reading?.processes ?? [])].map(([id, { pid }]) => [id, pid])).toEqual([
    [1, OWN.workers[0]],
    [2, OWN.workers[1]],
  ]);
});
