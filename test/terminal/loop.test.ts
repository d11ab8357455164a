import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { startServer } from '../../src/demo/server.ts';
import { serve } from '../demo/wire.ts';
import { UNTOUCHED } from './emulator.ts';
import { ids, watch } from './session.ts';

const EIGHT = { workers: 8, cores: 2, rate: 200 };

describe('the live view', () => {
  it('shows the table with the first document and updates it', async () => {
    const server = await serve(EIGHT);
    const terminal = watch(server.address);
    const lines = await terminal.until((lines) => ids(lines).length === 8);
    expect(lines[1]).toContain(server.address.slice(0, 20));
    expect(lines.at(-1)).toMatch(/^ q Quit {2}h Help/);
    expect(terminal.state()).toMatchObject({
      alternateScreen: true,
      mouse: 'vt200',
      bracketedPaste: true,
      raw: true,
    });
    const time = (screen: string) => / (\d\d:\d\d:\d\d)/.exec(screen)?.[1];
    const before = time(terminal.text());
    await terminal.until((lines) => time(lines.join('\n')) !== before, 'a later document');
    await terminal.untilText(/RPS +\d/);
  });

  it('restores the terminal when it ends and writes nothing afterwards', async () => {
    const server = await serve(EIGHT);
    const terminal = watch(server.address);
    await terminal.untilText('WID');
    terminal.type('q');
    expect(await terminal.ended()).toBe('quit');
    await terminal.settled();
    expect(terminal.state()).toEqual(UNTOUCHED);
    expect(terminal.text().trim()).toBe('');
    const { length } = terminal.written;
    await sleep(1200);
    expect(terminal.written).toHaveLength(length);
    for (const event of ['data', 'end'])
      expect([event, terminal.input.listenerCount(event)]).toEqual([event, 0]);
  });

  it.each([
    ['Ctrl-C', '\x03'],
    ['q', 'q'],
  ])('ends with %s', async (_name, key) => {
    const server = await serve(EIGHT);
    const terminal = watch(server.address);
    terminal.type(key);
    expect(await terminal.ended()).toBe('quit');
    await terminal.settled();
    expect(terminal.state()).toEqual(UNTOUCHED);
  });

  it('ends when the terminal is closed', async () => {
    const server = await serve(EIGHT);
    const terminal = watch(server.address);
    await terminal.untilText('WID');
    terminal.input.end();
    expect(await terminal.ended()).toBe('SIGHUP');
  });
});

describe('a closed terminal', () => {
  it('ends the view once and is not written to repeatedly', async () => {
    const server = await serve(EIGHT);
    const terminal = watch(server.address);
    await terminal.untilText('WID');
    let writes = 0;
    // Like the standard output of a process: each write fails with an error event.
    Object.assign(terminal.output, {
      write() {
        writes += 1;
        process.nextTick(() => terminal.output.emit('error', new Error('EIO')));
        return false;
      },
    });
    terminal.output.emit('error', new Error('EIO'));
    expect(await terminal.ended()).toBe('SIGHUP');
    await sleep(100);
    expect(writes).toBeLessThan(50);
  });
});

describe('the size of the terminal', () => {
  it('is followed, also through many quick changes', async () => {
    const server = await serve(EIGHT);
    const terminal = watch(server.address, { view: { interval: 60 } });
    await terminal.until((lines) => ids(lines).length === 8);
    for (let turn = 0; turn < 50; turn += 1)
      terminal.resize(30 + ((turn * 37) % 150), 6 + ((turn * 13) % 40));
    terminal.resize(100, 30);
    // Redrawn before the next reading, which comes after 60 s.
    await terminal.until((lines) => lines[0]?.length === 100 && /^ q Quit/.test(lines[29] ?? ''));
    expect(ids(terminal.lines())).toHaveLength(8);
    for (const word of ['WID', 'q Quit', 'HARAKIRI ']) {
      expect(terminal.lines().filter((line) => line.includes(word))).toHaveLength(1);
    }
  });

  it('is reported if it is too small, and the table returns when it is large enough', async () => {
    const server = await serve(EIGHT);
    const terminal = watch(server.address);
    await terminal.untilText('WID');
    terminal.resize(10, 3);
    await terminal.untilText('too small');
    terminal.resize(80, 24);
    await terminal.until((lines) => ids(lines).length === 8);
  });
});

describe('a server', () => {
  it('that stops is reported as lost, and the view recovers when it is back', async () => {
    const server = await startServer({ ...EIGHT, address: '127.0.0.1:0' });
    const terminal = watch(server.address);
    await terminal.until((lines) => ids(lines).length === 8);
    await server.close();
    const lost = await terminal.untilText('✗ no data for');
    expect(lost.join('\n')).toContain('connection refused');
    expect(ids(lost)).toHaveLength(8);
    const again = await startServer({ ...EIGHT, warm: false, address: server.address });
    await terminal.until((lines) => !lines.join('\n').includes('no data'));
    await terminal.untilText('counters restarted');
    terminal.type('q');
    await terminal.ended();
    await again.close();
  });

  it('that never answered is retried', async () => {
    const terminal = watch('/nonexistent/uwsgi.stats');
    await terminal.untilText('✗ no data yet: no such socket or file');
    terminal.type('h');
    await terminal.untilText('Esc Close');
  });
});

it('a terminal without a size is treated as 80x24', async () => {
  const server = await serve(EIGHT);
  const terminal = watch(server.address, { view: { interval: 60 } });
  Object.assign(terminal.output, { columns: 0, rows: 0 });
  terminal.output.emit('resize');
  await terminal.until((lines) => ids(lines).length === 8 && /^ q Quit/.test(lines[23] ?? ''));
});

it('a file is shown with the time at which it was saved', async () => {
  const file = fileURLToPath(new URL('../../fixtures/uwsgi-2.0.21/threads.1.stats', import.meta.url));
  const terminal = watch(file);
  await terminal.untilText(/saved \d{4}-\d\d-\d\d \d\d:\d\d:\d\d or later$/m);
});
