import { describe, expect, it } from 'vitest';
import { terminalType } from '../../src/terminal/terminfo.ts';
import type { Size } from '../../src/views/frame.ts';
import { screen } from '../../src/views/screen.ts';
import { LOOKED_AT, liveOf, secondSample, textOf } from '../views/samples.ts';
import { COLOURFUL, canvas, fresh } from './painting.ts';

const SIZE = { columns: 80, rows: 24 };

/** The charts of a server after so many readings. */
function chartsAfter(readings: number, size: Size = SIZE) {
  const history = Array.from({ length: readings }, (_, at) => ({
    time: LOOKED_AT - readings + at,
    rps: 50 + 40 * Math.sin(at / 5),
    responseTime: 0.02,
  }));
  return screen(liveOf(secondSample('threads'), { history, view: { tab: 'charts' } }), size);
}

const TABLE = screen(liveOf(secondSample('threads')), SIZE);

/** How many cells have a part of a curve, which is drawn with the dots of Braille. */
const dots = (lines: readonly string[]) => lines.join('').match(/[\u2801-\u28ff]/g)?.length ?? 0;

describe('the charts on a terminal', () => {
  it('are curves under their titles, and leave the header and the keys alone', async () => {
    const { emulator, terminal } = canvas(SIZE);
    const frame = chartsAfter(60);
    terminal.draw(frame);
    await emulator.settled();
    const lines = emulator.lines();
    expect(dots(lines)).toBeGreaterThan(60);
    const beside = frame.lines
      .map((line, y) => ({ y, text: textOf(line).trimEnd() }))
      .filter(({ text }) => text !== '');
    for (const { y, text } of beside) expect(lines[y]?.trimEnd()).toBe(text);
  });

  it('go without a trace when the table comes back, and come again', async () => {
    const { emulator, terminal } = canvas(SIZE);
    for (let turn = 0; turn < 3; turn += 1) {
      for (let readings = 2; readings < 6; readings += 1) terminal.draw(chartsAfter(readings + turn));
      await emulator.settled();
      expect(emulator.picture()).toEqual(await fresh(chartsAfter(5 + turn), SIZE));
      terminal.draw(TABLE);
      await emulator.settled();
      expect(emulator.picture()).toEqual(await fresh(TABLE, SIZE));
      expect(dots(emulator.lines())).toBe(0);
    }
  });

  it('follow the size of the terminal, down to the smallest', async () => {
    const { emulator, terminal } = canvas(SIZE);
    terminal.draw(chartsAfter(30));
    for (const [columns, rows] of [
      [120, 40],
      [40, 12],
      [20, 5],
      [21, 7],
      [200, 50],
      [33, 9],
    ] as const) {
      const size = { columns, rows };
      emulator.resize(columns, rows);
      terminal.reset();
      terminal.draw(chartsAfter(30, size));
      await emulator.settled();
      expect(emulator.picture()).toEqual(await fresh(chartsAfter(30, size), size));
      expect(emulator.lines().at(-1)).toMatch(/^ q Quit/);
    }
  });

  it('have no colours where those are not wanted, and some where they are', async () => {
    const env = { TERM: 'xterm-256color', LANG: 'C.UTF-8' };
    for (const [type, colours] of [
      [COLOURFUL, true],
      [terminalType({ ...env, NO_COLOR: '1' }), false],
      [terminalType({ ...env, TERM: 'vt100' }), false],
    ] as const) {
      const { emulator, terminal, close } = canvas(SIZE, type);
      terminal.draw(chartsAfter(30));
      await emulator.settled();
      expect(emulator.colors().length > 0).toBe(colours);
      close();
    }
  });
});
