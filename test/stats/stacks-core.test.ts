import { describe, expect, it } from 'vitest';
import { parseStacks, stackOfCore } from '../../src/stats/stacks.ts';
import { block, functions, recorded, TITLE } from './stacks.ts';

describe('the stack of a core', () => {
  const worker = (busy: readonly number[], cores = 4, id = 1) => ({
    id,
    cores: Array.from({ length: cores }, (_, core) => ({ id: core, inRequest: busy.includes(core) })),
  });

  it('of a server without threads is the one of its only core', () => {
    const stacks = recorded('plain');
    expect(functions(stackOfCore(stacks, worker([0], 1), 0))).toEqual(['application', 'render', 'wait']);
    expect(stackOfCore(stacks, worker([0], 1, 2), 0)).toBeNull();
  });

  it('of a server with threads is its own', () => {
    const stacks = recorded('threads');
    const at = (core: number) => functions(stackOfCore(stacks, worker([0, 1, 3]), core))?.at(-1);
    expect([0, 1, 2, 3].map(at)).toEqual(['tricky', 'wait', undefined, '<module>']);
  });

  it('of the main thread is unknown if it may belong to another core', () => {
    // Two requests were in flight, and the only stack was named core 0.
    for (const name of ['gevent-unpatched', 'interpreters']) {
      const stacks = recorded(name);
      for (const core of [0, 1]) expect(stackOfCore(stacks, worker([0, 1]), core)).toBeNull();
      expect(stackOfCore(stacks, worker([2]), 0)).toBeNull();
      expect(stackOfCore(stacks, worker([]), 0)).toBeNull();
      expect(functions(stackOfCore(stacks, worker([0]), 0))).toEqual(['application', 'render', 'wait']);
    }
  });

  it('is neither the event loop of gevent nor a thread without a name', () => {
    for (const name of ['gevent-waiting', 'gevent-running'])
      expect(stackOfCore(recorded(name), worker([0], 1), 0)).toBeNull();
    const hub =
      TITLE +
      'thread_id = uWSGIWorker1Core0 filename = /x/gevent/hub.py lineno = 1 function = run line = x\n\n';
    expect(parseStacks(hub)).toHaveLength(1);
    expect(stackOfCore(parseStacks(hub), worker([0], 1), 0)).toBeNull();
  });

  it('is unknown if two threads have its name', () => {
    const one = block('uWSGIWorker1Core2', ['f']);
    expect(functions(stackOfCore(parseStacks(one), worker([2]), 2))).toEqual(['f']);
    expect(stackOfCore(parseStacks(one + one), worker([2]), 2)).toBeNull();
  });
});
