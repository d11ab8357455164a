import { expect, it } from 'vitest';
import { families, type Member } from '../../src/host/family.ts';

function member(pid: number, parent: number, image: string | null, command = 'uwsgi --ini a.ini'): Member {
  const words = command.split(' ');
  return { pid, parent, comm: 'uwsgi', startedAfterBoot: pid, image, uid: 0, pids: [pid], words };
}

/** Pids of root, forks, and the process above. */
const pids = (members: readonly Member[]) =>
  families(members).map(({ root, forks, above }) => [root.pid, forks.map(({ pid }) => pid), above?.pid]);

it('a master has the processes that were forked from it, also over several generations', () => {
  expect(pids([member(10, 1, 'a'), member(11, 10, 'a'), member(12, 10, 'a'), member(13, 12, 'a')])).toEqual([
    [10, [11, 12, 13], undefined],
  ]);
});

it('a vassal was executed by its emperor, even with the same command line', () => {
  expect(pids([member(10, 1, 'a'), member(20, 10, 'b'), member(21, 20, 'b')])).toEqual([
    [10, [], undefined],
    [20, [21], 10],
  ]);
});

it('without permission the command lines and names decide', () => {
  const all = [
    member(10, 1, null),
    member(11, 10, null),
    member(20, 10, null, 'uwsgi --ini b.ini'),
    member(30, 1, null, 'uWSGI'),
  ];
  expect(pids(all)).toEqual([
    [10, [11], undefined],
    [20, [], 10],
    [30, [], undefined],
  ]);
  const named = (pid: number, parent: number, name: string) => ({
    ...member(pid, parent, null),
    words: [name],
  });
  expect(
    pids([named(10, 1, 'a uWSGI master'), named(11, 10, 'a uWSGI worker 1'), named(20, 10, 'uWSGI master')]),
  ).toEqual([
    [10, [11], undefined],
    [20, [], 10],
  ]);
});

it('a worker with a name that was set is no server without permission', () => {
  const named = (pid: number, parent: number, name: string, comm = 'uwsgi') => ({
    ...member(pid, parent, null),
    words: [name],
    comm,
  });
  const all = [named(10, 1, 'shop'), named(11, 10, 'shop worker'), named(20, 10, 'blog', 'uwsgi-core')];
  expect(pids(all)).toEqual([
    [10, [11], undefined],
    [20, [], 10],
  ]);
});

it('processes that seem to be parents of each other cause no endless loop', () => {
  const found = families([member(10, 11, 'a'), member(11, 10, 'a'), member(12, 12, 'a')]);
  expect(
    found
      .flatMap(({ root, forks }) => [root, ...forks])
      .map(({ pid }) => pid)
      .sort(),
  ).toEqual([10, 11, 12]);
});
