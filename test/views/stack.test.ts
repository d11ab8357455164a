import { describe, expect, it } from 'vitest';
import { parseStacks } from '../../src/stats/stacks.ts';
import { createMask } from '../../src/text/secrets.ts';
import type { CellContext } from '../../src/views/column.ts';
import { createKeymap } from '../../src/views/keymap.ts';
import type { StackReading } from '../../src/views/scene.ts';
import { stackSection } from '../../src/views/stack.ts';
import { THRESHOLDS } from '../../src/views/thresholds.ts';
import { KEYMAP } from './keymap.ts';
import { LOOKED_AT } from './samples.ts';

const AT: CellContext = { time: LOOKED_AT, timeIsExact: true, mask: createMask(), thresholds: THRESHOLDS };
const PLACE = { worker: 2, core: 1 };
const frame = (name: string, line: number | null = 7, source: string | null = null) => ({
  file: '/srv/app/shop/orders.py',
  line,
  function: name,
  source,
});
const stack = (thread: string, ...frames: ReturnType<typeof frame>[]) => ({
  thread,
  worker: 2,
  core: 1,
  frames,
  whole: true,
});
const reading = (result: StackReading['result'], place = PLACE): StackReading => ({ ...place, result });

/** The section for a stack read of the place. */
const shown = (result: StackReading['result']) =>
  stackSection(PLACE, reading(result), AT, KEYMAP) ?? expect.fail('no section');

describe('the Python stack of a place', () => {
  it('is absent until it was requested, and while that of another place is', () => {
    for (const other of [null, reading({ state: 'reading' }, { worker: 2, core: 0 })])
      expect(stackSection(PLACE, other, AT, KEYMAP)).toBeNull();
    const all: StackReading = { worker: 2, core: null, result: { state: 'reading' } };
    expect(stackSection(PLACE, all, AT, KEYMAP)).toBeNull();
    expect(stackSection({ worker: 2, core: null }, all, AT, KEYMAP)?.hint).toBe('reading');
  });

  it('shows that the read is in progress', () => {
    expect(shown({ state: 'reading' })).toMatchObject({
      hint: 'reading',
      fields: [],
    });
  });

  it('shows why the read failed, with secrets masked', () => {
    const failed = shown({ state: 'failed', why: 'no: token=hunter2' });
    expect(failed).toMatchObject({ hint: 't reads again', fields: [{ value: 'no: token=***' }] });
  });

  it('names the key of the user', () => {
    const keys = createKeymap({ stack: ['x'] });
    expect(stackSection(PLACE, reading({ state: 'failed', why: 'no' }), AT, keys)?.hint).toBe(
      'x reads again',
    );
  });

  it('has its innermost frame first, with the end of its path and its line', () => {
    const stacks = [
      stack('uWSGIWorker2Core1', frame('<module>', 1), frame('pay', 120, "f('token=hunter2')")),
    ];
    const section = shown({ state: 'read', time: LOOKED_AT, stacks });
    expect(section.hint).toContain('08:17:20');
    expect(section.fields).toEqual([
      { name: 'shop/orders.py:120', value: "pay   f('***')" },
      { name: 'app/shop/orders.py:1', value: '<module>' },
    ]);
    for (const { name } of section.fields) expect(name.length).toBeLessThanOrEqual(21);
  });

  it('shows a dash if the line is unknown', () => {
    const stacks = [stack('a', frame('main', null))];
    const [field] = shown({ state: 'read', time: LOOKED_AT, stacks }).fields;
    expect(field?.name).toMatch(/orders\.py:-$/);
  });

  it('names the threads if there are several', () => {
    const stacks = [stack('MainThread', frame('wait')), stack('worker', frame('run'))];
    const { fields } = shown({ state: 'read', time: LOOKED_AT, stacks });
    expect(fields.map(({ name, value }) => [name.slice(0, 6), value])).toEqual([
      ['thread', 'MainThread'],
      [expect.anything(), 'wait'],
      ['thread', 'worker'],
      [expect.anything(), 'run'],
    ]);
  });

  it("shows uWSGI's names of the threads of cores, and masks names that can be secrets", () => {
    const threads = ['uWSGIWorker2Core0', 'uWSGIWorker2Core11', 'uWSGIWorker2CoreX9', 'aB3dE5gH7jK9mN1pQ'];
    const stacks = parseStacks(
      threads.map((name) => `thread_id = ${name} filename = a.py lineno = 1 function = f\n\n`).join(''),
    );
    const { fields } = shown({ state: 'read', time: LOOKED_AT, stacks });
    expect(fields.filter(({ name }) => name === 'thread').map(({ value }) => value)).toEqual([
      'uWSGIWorker2Core0',
      'uWSGIWorker2Core11',
      '***',
      '***',
    ]);
  });

  it('masks a number in such a name that can be a secret', () => {
    const thread = 'uWSGIWorker1Core4111111111111111';
    const stacks = parseStacks(
      ['a', thread].map((name) => `thread_id = ${name} filename = a.py lineno = 1 function = f\n\n`).join(''),
    );
    const text = JSON.stringify(shown({ state: 'read', time: LOOKED_AT, stacks }));
    expect(text).not.toContain('4111111111111111');
  });

  it('can have no stacks at all', () => {
    const section = shown({ state: 'read', time: LOOKED_AT, stacks: [] });
    expect(section.fields).toEqual([]);
  });
});
