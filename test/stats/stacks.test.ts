import { describe, expect, it } from 'vitest';
import { isGeventHub, parseStacks } from '../../src/stats/stacks.ts';
import { APPLICATION, block, frame, functions, RENDER, recorded, TITLE, WAIT } from './stacks.ts';

describe('stacks of a real tracebacker', () => {
  it('without threads: the only thread is core 0', () => {
    expect(recorded('plain')).toEqual([
      { thread: 'uWSGIWorker1Core0', worker: 1, core: 0, frames: [APPLICATION, RENDER, WAIT], whole: true },
    ]);
  });

  it('while idle: there are no stacks', () => {
    expect(recorded('idle')).toEqual([]);
  });

  it('with threads: each core has its own stack, with any text in its source lines', () => {
    const stacks = recorded('threads');
    expect(stacks.map(({ worker, core, whole }) => [worker, core, whole])).toEqual([
      [1, 3, true],
      [1, 1, true],
      [1, 0, true],
    ]);
    expect(stacks[0]?.frames.slice(1)).toEqual([
      frame(
        'shop.py',
        26,
        'generated',
        'exec(compile(f"import time\\ntime.sleep({float(seconds)})", "<string>", "exec"))',
      ),
      frame('<string>', 2, '<module>', null),
    ]);
    expect(stacks[1]?.frames).toEqual([APPLICATION, RENDER, WAIT]);
    expect(stacks[2]?.frames[1]).toEqual(
      frame(
        'shop.py',
        22,
        'tricky',
        'line = float(seconds); time.sleep(line); _ = " line = 1" + " lineno = 2 function = f line = 3"',
      ),
    );
  });

  it('with gevent: the thread has no name, and its event loop is distinguished from a running greenlet', () => {
    const [waiting, running] = [recorded('gevent-waiting'), recorded('gevent-running')];
    for (const stacks of [waiting, running])
      expect(stacks.map(({ thread, worker, core }) => [thread, worker, core])).toEqual([
        ['<UnnamedPythonThread>', null, null],
      ]);
    expect(functions(waiting[0])).toEqual(['run']);
    expect(functions(running[0])).toEqual(['application', 'spin']);
    expect(waiting.map(isGeventHub)).toEqual([true]);
    expect(running.map(isGeventHub)).toEqual([false]);
  });

  it('only the function run of gevent/hub.py is the event loop of gevent', () => {
    const hub = (file: string, name: string) =>
      parseStacks(`thread_id = t filename = ${file} lineno = 1 function = ${name} line = x\n\n`).map(
        isGeventHub,
      );
    expect(hub('/lib/gevent/hub.py', 'run')).toEqual([true]);
    expect(hub('/lib/gevent/hub.py', 'wait')).toEqual([false]);
    expect(hub('/srv/hub.py', 'run')).toEqual([false]);
  });

  it('with threads of the application and any names: each has one stack', () => {
    const stacks = recorded('named-threads');
    expect(stacks.map(({ thread, core, frames, whole }) => [thread, core, frames.length, whole])).toEqual([
      ['two\nlines', null, 4, true],
      ['a filename = b lineno = 3', null, 4, true],
      ['poller', null, 4, true],
      ['poller', null, 4, true],
      ['uWSGIWorker1Core1', 1, 3, true],
    ]);
    expect(stacks[1]?.frames[0]?.file).toBe('/usr/lib/python3.11/threading.py');
    expect(stacks[1]?.frames[3]).toEqual(frame('shop.py', 35, 'poll', 'time.sleep(1000)'));
  });

  it('with a space in the file name', () => {
    const file = 'my shop.py';
    expect(recorded('spaces')[0]?.frames).toEqual(
      [APPLICATION, RENDER, WAIT].map((each) => ({ ...each, file })),
    );
  });

  it('that end at a character beyond ASCII are marked as incomplete', () => {
    expect(recorded('broken-off')).toEqual([
      { thread: 'uWSGIWorker1Core3', worker: 1, core: 3, frames: [APPLICATION], whole: false },
    ]);
  });
});

describe('an incomplete stack', () => {
  it('ends at the next thread', () => {
    const stacks = parseStacks(
      TITLE + block('uWSGIWorker1Core3', ['a', 'b'], '') + block('uWSGIWorker1Core1', ['c']),
    );
    expect(stacks.map((each) => [each.core, functions(each), each.whole])).toEqual([
      [3, ['a', 'b'], false],
      [1, ['c'], true],
    ]);
  });

  it('ends at a thread of the same name', () => {
    const bootstrap = `thread_id = poller filename = /usr/lib/threading.py lineno = 1 function = _bootstrap line = x\n`;
    const stacks = parseStacks(bootstrap + block('poller', ['a'], '') + bootstrap + block('poller', ['b']));
    expect(stacks.map((each) => [functions(each), each.whole])).toEqual([
      [['_bootstrap', 'a'], false],
      [['_bootstrap', 'b'], true],
    ]);
  });

  it("does not end at a function with the name of a thread's start function", () => {
    const [stack, ...others] = parseStacks(block('t', ['_bootstrap', '_bootstrap', 'f']));
    expect([functions(stack), others]).toEqual([['_bootstrap', '_bootstrap', 'f'], []]);
  });

  it('can be truncated at any byte', () => {
    const text = TITLE + block('uWSGIWorker1Core0', ['a', 'b', 'c']);
    for (let end = 0; end < text.length; end++) {
      for (const { frames, whole } of parseStacks(text.slice(0, end))) {
        expect(whole).toBe(false);
        for (const each of frames) expect(each).toMatchObject({ file: 'a.py', source: 'x' });
      }
    }
    expect(parseStacks(text).map(({ whole }) => whole)).toEqual([true]);
  });
});

describe('a frame', () => {
  const only = (line: string) => parseStacks(`${line}\n\n`);

  it('of a core may have a file name that looks like the next field', () => {
    expect(
      only('thread_id = uWSGIWorker12Core7 filename = a filename = b.py lineno = 3 function = f line = x'),
    ).toEqual([
      {
        thread: 'uWSGIWorker12Core7',
        worker: 12,
        core: 7,
        frames: [frame('a filename = b.py', 3, 'f', 'x')],
        whole: true,
      },
    ]);
  });

  it('of a thread whose name only contains that of a core belongs to no core', () => {
    for (const thread of [
      'my uWSGIWorker1Core0',
      'uWSGIWorker1Core0 too',
      'uWSGIWorker1Core',
      'uWSGITraceBacker',
      'MainThread',
    ])
      expect(parseStacks(block(thread, ['f']))).toMatchObject([{ thread, worker: null, core: null }]);
  });

  it('without source, as Python 2 writes it, has no source', () => {
    expect(only('thread_id = t filename = a.py lineno = 3 function = <lambda>')[0]?.frames).toEqual([
      frame('a.py', 3, '<lambda>', null),
    ]);
  });

  it.each(['0', '-1', '99999999999999999999'])('has no line number for %s', (number) => {
    expect(only(`thread_id = t filename = a.py lineno = ${number} function = f line = x`)[0]?.frames).toEqual(
      [frame('a.py', null, 'f', 'x')],
    );
  });

  it('may have a source with any line end except the line feed', () => {
    const source = 'a\rb\u2028c';
    expect(
      only(`thread_id = t filename = a.py lineno = 1 function = f line = ${source}`)[0]?.frames[0]?.source,
    ).toBe(source);
  });

  it.each([
    'thread_id = t',
    'thread_id = t lineno = 1 function = f line = x',
    'thread_id = t filename = a.py lineno = one function = f line = x',
    'filename = a.py lineno = 1 function = f line = x',
    'thread_id = t\n\nx filename = a.py lineno = 1 function = f line = x',
    'HTTP/1.1 400 Bad Request',
    '{"version":"2.0.21","workers":[]}',
  ])('is not %s', (line) => {
    expect(only(line)).toEqual([]);
    expect(parseStacks(`${line}\n\n${block('t', ['f'])}`).map(functions)).toEqual([['f']]);
  });
});
