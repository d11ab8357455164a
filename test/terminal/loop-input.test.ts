import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, vi } from 'vitest';
import { serve } from '../demo/wire.ts';
import { TIMEOUT_MS } from '../timeouts.ts';
import { keysTo, tabsTo } from '../views/tabs-to.ts';
import { click, ids, placeOf, WHEEL, watch } from './session.ts';

const EIGHT = { workers: 8, cores: 2, rate: 200 };

describe('keys', () => {
  it('sort by the column of a letter, reverse the order when repeated, and < and > choose the neighbours', async () => {
    const server = await serve(EIGHT);
    const terminal = watch(server.address);
    await terminal.untilText('OLDEST▼');
    terminal.type('d');
    await terminal.untilText('PID▲');
    terminal.type('D');
    await terminal.untilText('PID▼');
    terminal.type('<');
    await terminal.untilText('EXC▼');
    terminal.type('>');
    await terminal.untilText('PID▲');
    terminal.type('o');
    await terminal.untilText('OLDEST▼');
  });

  it('show the cores, freeze and unfreeze, and change the interval', async () => {
    const server = await serve(EIGHT);
    const terminal = watch(server.address, { view: { interval: 1 } });
    await terminal.untilText('WID');
    terminal.type('aa');
    await terminal.until((lines) => ids(lines).some((id) => /^:\d/.test(id)), 'a tree of cores');
    terminal.type('a');
    await terminal.until((lines) => ids(lines).length === 8);
    terminal.type(' ');
    await terminal.untilText('frozen at');
    terminal.type(' ');
    await terminal.until((lines) => !lines.join('\n').includes('frozen'));
    terminal.type('f');
    await terminal.untilText(/ 0\.1s$/m);
    terminal.type('f');
    await terminal.untilText(/ 1s$/m);
    terminal.type('+');
    await terminal.untilText(/ 2s$/m);
    terminal.type('-');
    await terminal.untilText(/ 1s$/m);
  });

  it('move the selection, scroll and clear the selection', async () => {
    const server = await serve({ workers: 40, cores: 1, rate: 10 });
    const sort = { column: 'id', descending: false };
    const terminal = watch(server.address, { view: { interval: 1, sort } });
    await terminal.until((lines) => ids(lines)[0] === '1');
    const selected = () => ids(terminal.lines().filter((_, y) => terminal.isInverse(y)));
    const until = (id: string) => terminal.until(() => selected().join() === id, `worker ${id} selected`);
    terminal.type('\x1b[B');
    await until('1');
    terminal.type('\x1bOB');
    await until('2');
    terminal.type('\x1b[A');
    await until('1');
    terminal.type('G');
    await until('40');
    terminal.type('g');
    await until('1');
    terminal.type('\x1b[6~');
    const page = await terminal.until(() => selected().length === 1 && selected()[0] !== '1');
    expect(ids(page)).toContain(selected()[0]);
    terminal.type('\x1b[F');
    await until('40');
    terminal.type('\x1b[H');
    await until('1');
    terminal.type('\x1b');
    await until('');
  });

  it('open the detail of a row and copy it to the clipboard', async () => {
    const server = await serve(EIGHT);
    const terminal = watch(server.address, { view: { interval: 0.1 } });
    await terminal.untilText('WID');
    terminal.type('y');
    await sleep(100);
    expect(terminal.written).not.toContain('\x1b]52');
    terminal.type('\r');
    await terminal.untilText(/^ {2}PID +\d/m);
    terminal.type('y');
    await vi.waitFor(() => expect(terminal.written).toContain('\x1b]52;c;'), TIMEOUT_MS);
    const [, base64 = ''] = /\x1b\]52;c;([^\x07]*)\x07/.exec(terminal.written) ?? [];
    expect(Buffer.from(base64, 'base64').toString()).toMatch(/^WID=\d+ STATUS=\w+ /);
    terminal.type('\x1b');
    await terminal.until((lines) => ids(lines).length === 8);
  });

  it('show the charts and the table again; a frozen screen does not change', async () => {
    const server = await serve(EIGHT);
    const terminal = watch(server.address, { view: { interval: 0.1 } });
    await terminal.untilText('WID');
    terminal.type(keysTo('charts'));
    await terminal.untilText(/requests per second: \d/);
    await terminal.untilText(/[\u2801-\u28ff]/);
    terminal.type(' ');
    await terminal.untilText('frozen at');
    const frozen = terminal.text();
    await sleep(500);
    expect(terminal.text()).toBe(frozen);
    terminal.type(` ${'\t'.repeat(tabsTo('workers', 'charts'))}`);
    // The tabs wrap around.
    await terminal.untilText('WID');
    expect(terminal.text()).not.toMatch(/[\u2801-\u28ff]/);
  });

  it('open and close the help', async () => {
    const server = await serve(EIGHT);
    const terminal = watch(server.address);
    await terminal.untilText('WID');
    for (const [open, close] of [
      ['h', 'h'],
      ['?', '\x1b'],
      ['\x1bOP', 'h'],
    ] as const) {
      terminal.type(open);
      await terminal.untilText('Esc Close');
      terminal.type(close);
      await terminal.untilText('WID');
    }
  });
});

describe('the mouse', () => {
  it('sorts by the clicked heading and scrolls with the wheel', async () => {
    const server = await serve({ workers: 40, cores: 1, rate: 10 });
    const terminal = watch(server.address, { view: { interval: 1 } });
    const at = placeOf(await terminal.untilText('WID'), 'WID');
    terminal.type(click(at));
    await terminal.until((lines) => ids(lines)[0] === '1');
    terminal.type(WHEEL.down);
    await terminal.until((lines) => ids(lines)[0] === '4');
    terminal.type(WHEEL.up);
    await terminal.until((lines) => ids(lines)[0] === '1');
    // Two events in one piece, as a fast wheel sends them.
    terminal.type(WHEEL.down + WHEEL.down);
    await terminal.until((lines) => ids(lines)[0] === '7');
    terminal.type(click(at) + WHEEL.down);
    // Cheap workers are last in every order: 30 of 40 run at this load (`fewestWorkers`), and the wheel scrolls by
    // three.
    await terminal.until((lines) => ids(lines)[0] === '27');
  });

  it('activates the keys of the last line', async () => {
    const server = await serve(EIGHT);
    const terminal = watch(server.address);
    await terminal.untilText('WID');
    terminal.type(click(placeOf(terminal.lines(), 'Help')));
    await terminal.untilText('Esc Close');
    terminal.type(click(placeOf(terminal.lines(), 'Close')));
    await terminal.untilText('WID');
    terminal.type(click(placeOf(terminal.lines(), 'Quit')));
    expect(await terminal.ended()).toBe('quit');
  });

  it('does nothing elsewhere, with other buttons or when a button is released', async () => {
    const server = await serve(EIGHT);
    const terminal = watch(server.address);
    const { x, y } = placeOf(await terminal.untilText('OLDEST▼'), 'WID');
    terminal.type(`\x1b[<2;${x + 1};${y + 1}M\x1b[<0;${x + 1};${y + 1}m\x1b[<0;1;3M\x1b[<0;500;500M`);
    await sleep(300);
    expect(terminal.text()).toContain('OLDEST▼');
  });
});
