import { expect, it } from 'vitest';
import { explain } from '../../src/host/explain.ts';
import { parseTarget } from '../../src/targets/parse.ts';
import { SERVER } from '../rates/builders.ts';
import { type FakeHost, fakeHost, listening, MASTER, OWNER, type Process, put } from './fake-host.ts';
import { line } from './fake-proc.ts';

const explained = ({ proc, ss, target, snapshot }: FakeHost, from = target) =>
  explain(parseTarget(from), snapshot, { proc, ss });

/** Each fact that is missing, and the reason that is given. */
const CASES: readonly (readonly [string, Partial<Process>, RegExp])[] = [
  ['a container', { status: [OWNER, `NSpid:\t${MASTER}\t7`] }, /^process 100 has another pid in its own/],
  ['another socket', { sockets: [7] }, /^process 100 does not listen at this address/],
  ['another program', { sockets: null, name: 'nginx' }, /^process 100 is not named uwsgi, and its sockets/],
  ['another start', { startTicks: 1_000_000 }, /^no child of process 100 has the pid and the start/],
];

it.each(CASES)('the reason is %s', async (_what, given, says) => {
  const fake = await fakeHost();
  put(fake.proc, MASTER, { parent: 1, ...given });
  expect(await explained(fake)).toEqual({ proof: null, why: expect.stringMatching(says) });
});

it('the proof is that of the host', async () => {
  expect(await explained(await fakeHost())).toEqual({ proof: 'owner', why: null });
  expect(await explained(await fakeHost({ sockets: null }))).toEqual({ proof: 'likeness', why: null });
});

it('a socket that no process could own has its own reason', async () => {
  const fake = await fakeHost({ sockets: null });
  listening(fake.proc, MASTER, [line(900, '/elsewhere')]);
  expect((await explained(fake)).why).toMatch(/^no socket of this machine/);
});

it('a process, a pid or a socket that is missing is a reason, not an error', async () => {
  const fake = await fakeHost();
  const other = { ...fake, snapshot: { ...fake.snapshot, server: { ...SERVER, pid: 4_000_000 } } };
  expect((await explained(other)).why).toMatch(/^there is no process 4000000 here, or hidepid hides it$/);
  const unknown = { ...fake, snapshot: { ...fake.snapshot, server: { ...SERVER, pid: null } } };
  expect((await explained(unknown)).why).toBe('the document has no pid');
  expect((await explained(fake, '-')).why).toBe('the target is not a socket');
  expect((await explained({ ...fake, proc: '/nonexistent' })).why).toMatch(/./);
});
