import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, vi } from 'vitest';
import { type Handlers, openTerminal } from '../../src/terminal/blessed/terminal.ts';
import { terminalType } from '../../src/terminal/blessed/terminfo.ts';
import { TIMEOUT_MS } from '../timeouts.ts';
import { Emulator } from './emulator.ts';

/** Opens a terminal that records its events. */
function listening() {
  const emulator = new Emulator();
  const heard: string[] = [];
  const handlers: Handlers = {
    key: (key) => heard.push(key),
    paste: (text) => heard.push(`paste ${text}`),
    click: (x, y) => heard.push(`click ${x},${y}`),
    wheel: (direction) => heard.push(direction < 0 ? 'wheel up' : 'wheel down'),
    resized: () => heard.push('resized'),
    closed: () => heard.push('closed'),
  };
  const type = terminalType({ TERM: 'xterm', LANG: 'C.UTF-8' });
  const terminal = openTerminal(emulator, type, false, handlers);
  return { emulator, heard, terminal };
}

/** The events for bytes that arrive in pieces of one size, or all at once. */
async function hear(bytes: string | Buffer, pieces?: number): Promise<string[]> {
  const { emulator, heard, terminal } = listening();
  const buffer = Buffer.from(bytes);
  for (let at = 0; at < buffer.length; at += pieces ?? buffer.length) {
    emulator.input.write(buffer.subarray(at, at + (pieces ?? buffer.length)));
  }
  await sleep(30);
  // A lone Esc is held until no sequence can follow.
  if (buffer.at(-1) === 0x1b) await vi.waitFor(() => expect(heard).not.toEqual([]), TIMEOUT_MS);
  terminal.destroy();
  return heard;
}

/** Sequence that a terminal sends → name of the key in the views. */
const NAMES = [
  ['a', 'a'],
  ['G', 'G'],
  ['%', '%'],
  ['+', '+'],
  ['<', '<'],
  ['?', '?'],
  [' ', 'space'],
  ['\x03', 'C-c'],
  ['\x0c', 'C-l'],
  ['\x1a', 'C-z'],
  ['\x1b', 'escape'],
  ['\x1b[A', 'up'],
  ['\x1bOB', 'down'],
  ['\x1b[5~', 'pageup'],
  ['\x1b[6~', 'pagedown'],
  ['\x1b[H', 'home'],
  ['\x1b[1~', 'home'],
  ['\x1bOF', 'end'],
  ['\x1b[4~', 'end'],
  ['\x1bOP', 'f1'],
  ['\x1b[11~', 'f1'],
  ['\r', 'enter'],
  ['\t', 'tab'],
] as const;

describe.concurrent('a key', () => {
  it.each(NAMES.map(([bytes, name]) => [JSON.stringify(bytes), bytes, name]))(
    '%s is recognised once, in one piece and byte by byte',
    async (_shown, bytes, name) => {
      expect(await Promise.all([hear(bytes), hear(bytes, 1)])).toEqual([[name], [name]]);
    },
  );

  it('beyond ASCII is recognised even if its bytes arrive one by one', async () => {
    expect(await hear('é語😀', 1)).toEqual(await hear('é語😀'));
  });

  // Replies to queries of earlier programs, focus events, and keys that not all keyboards have.
  const UNKNOWN = [
    ...['\x1b[?1;2c', '\x1b[>41;354;0c', '\x1b[I', '\x1b[O', '\x1b[0n', '\x1b[24;80R', '\x1b[8;24;80t'],
    ...[
      '\x1b[27;5;106~',
      '\x1b[106;5u',
      '\x1b[1;2P',
      '\x1b[1;5P',
      '\x1b[57;5~',
      '\x1b[25;2~',
      '\x1bOj',
      '\x1bOM',
    ],
    ...['\x1b]11;rgb:0/0/0\x07', '\x1b]11;rgb:0/0/0\x1b\\', '\x1bP1+r\x1b\\', '\x1b[?2026;2$y'],
  ];

  it.each(UNKNOWN.map((bytes) => [JSON.stringify(bytes), bytes]))(
    'with an unknown sequence is not taken for another key: %s',
    async (_, bytes) => {
      const known = /^([!-~]|space|C-.|up|down|home|end|f1|page.*)$/;
      expect((await hear(bytes)).filter((key) => known.test(key))).toEqual([]);
    },
  );
});

describe('the mouse', () => {
  it('reports a click at its cell, counted from 0', async () => {
    for (const pieces of [undefined, 1, 5]) {
      expect(await hear('\x1b[<0;10;5M\x1b[<0;10;5m', pieces)).toEqual(['click 9,4']);
      expect(await hear('\x1b[<0;1;1M', pieces)).toEqual(['click 0,0']);
      expect(await hear('\x1b[<0;300;200M', pieces)).toEqual(['click 299,199']);
    }
  });

  it('reports both of two events that arrive in one piece', async () => {
    expect(await hear('\x1b[<64;1;1M\x1b[<64;1;1M')).toEqual(['wheel up', 'wheel up']);
    expect(await hear('\x1b[<0;1;1M\x1b[<0;1;1m\x1b[<0;2;1M\x1b[<65;2;1Ma')).toEqual([
      'click 0,0',
      'click 1,0',
      'wheel down',
      'a',
    ]);
  });

  it('is also supported in the old encoding (mode 1000 without 1006)', async () => {
    expect(await hear('\x1b[M *%\x1b[M#*%')).toEqual(['click 9,4']);
    expect(await hear('\x1b[Ma*%', 1)).toEqual(['wheel down']);
  });

  it('ignores the other buttons', async () => {
    expect(await hear('\x1b[<1;1;1M\x1b[<2;1;1M\x1b[<2;1;1m')).toEqual([]);
  });
});

describe('a paste', () => {
  it('produces no keys, in one piece or in many', async () => {
    for (const pieces of [undefined, 1, 7]) {
      expect(await hear('\x1b[200~quit\r\x03\x1b[A\x1b[201~h', pieces)).toEqual([
        'paste quit\r\x03\x1b[A',
        'h',
      ]);
    }
  });
});

describe('the streams', () => {
  it('report the end once for errors of both streams', async () => {
    const { emulator, heard, terminal } = listening();
    emulator.input.emit('error', new Error('EIO'));
    emulator.output.emit('error', new Error('EPIPE'));
    expect(heard.every((event) => event === 'closed')).toBe(true);
    expect(heard.length).toBeGreaterThan(0);
    terminal.destroy();
    // Errors after the end do not throw.
    emulator.output.emit('error', new Error('EPIPE'));
    emulator.input.emit('error', new Error('EIO'));
  });

  it('report a new size', () => {
    const { emulator, heard, terminal } = listening();
    emulator.resize(100, 30);
    expect(terminal.size()).toEqual({ columns: 100, rows: 30 });
    expect(heard).toContain('resized');
    terminal.destroy();
  });
});
