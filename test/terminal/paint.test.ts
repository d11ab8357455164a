import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { terminalType } from '../../src/terminal/blessed/terminfo.ts';
import { CORE_MODES } from '../../src/views/core-modes.ts';
import type { Frame } from '../../src/views/frame.ts';
import { screen } from '../../src/views/screen.ts';
import { app, appBetween, core, NOW, worker } from '../rates/builders.ts';
import { firstSample, LOOKED_AT, makeScene, plain, secondSample, textOf } from '../views/samples.ts';
import { COLOURFUL, canvas, framesOf, fresh } from './painting.ts';

const SIZE = { columns: 21, rows: 6 };
const NOTHING: Frame = { lines: [], hotspots: [], charts: [] };

describe('a screen updated step by step', () => {
  it('is identical to one drawn at once', async () => {
    await fc.assert(
      fc.asyncProperty(framesOf(SIZE), async (frames) => {
        const { emulator, terminal, close } = canvas(SIZE);
        for (const frame of frames) terminal.draw(frame);
        await emulator.settled();
        const picture = emulator.picture();
        close();
        expect(picture).toEqual(await fresh(frames.at(-1) ?? NOTHING, SIZE));
      }),
      { numRuns: 30 },
    );
  });

  it('shows the text of the frame, cell by cell', async () => {
    await fc.assert(
      fc.asyncProperty(framesOf(SIZE), async (frames) => {
        const { emulator, terminal, close } = canvas(SIZE);
        for (const frame of frames) terminal.draw(frame);
        await emulator.settled();
        const shown = emulator.lines();
        close();
        const meant = Array.from({ length: SIZE.rows }, (_, y) =>
          textOf(frames.at(-1)?.lines[y] ?? { spans: [] }),
        );
        expect(shown.map((line) => line.trimEnd())).toEqual(meant.map((line) => line.trimEnd()));
      }),
      { numRuns: 30 },
    );
  });

  it('is correct on terminals without colours and on the Linux console', async () => {
    for (const TERM of ['vt100', 'linux', 'xterm']) {
      const type = terminalType({ TERM, LANG: 'C.UTF-8' });
      await fc.assert(
        fc.asyncProperty(framesOf(SIZE), async (frames) => {
          const { emulator, terminal, close } = canvas(SIZE, type);
          for (const frame of frames) terminal.draw(frame);
          await emulator.settled();
          const picture = emulator.picture();
          close();
          expect(picture).toEqual(await fresh(frames.at(-1) ?? NOTHING, SIZE, type));
        }),
        { numRuns: 10 },
      );
    }
  });
});

/** A frame with requests that begin and end, with wide characters in their URIs. */
function cjk(step: number): Frame {
  const uri = ['/検索?q=日本語', '/search?q=abc', '/검색/한국어/글', '/a', '/検索?q=日本', 'ｆｕｌｌ'][
    step % 6
  ];
  const vars = ['REQUEST_METHOD=GET', `REQUEST_URI=${uri}`];
  const cores = [0, 1, 2].map((id) =>
    core({ id, inRequest: (step + id) % 3 !== 0, requestStart: NOW - step, vars }),
  );
  const sample = appBetween(null, app([worker({ status: 'busy', cores, requests: 10 + step }), worker()]));
  const selected = [null, '1:0', '1:1', '1', '1:2'][step % 5] ?? null;
  return screen(makeScene(sample, { view: { cores: 'tree', selected } }), { columns: 81, rows: 24 });
}

describe('the screens of several servers', () => {
  const size = { columns: 81, rows: 24 };
  const frames = ['threads', 'hostile', 'emperor', 'many', 'routers', 'queue', 'cheaper'].flatMap((name) => [
    screen(makeScene(firstSample(name)), size),
    ...CORE_MODES.map((cores) => screen(makeScene(secondSample(name), { view: { cores } }), size)),
    screen(makeScene(secondSample(name), { view: { selected: '1', frozenAt: LOOKED_AT } }), size),
    screen(makeScene(secondSample(name), { view: { help: { page: 1, search: null, at: null } } }), size),
  ]);

  it('are correct in any order', async () => {
    const { emulator, terminal } = canvas(size);
    // The step has no divisor in common with the number of frames, so that the order is mixed.
    for (let turn = 0; turn < frames.length; turn += 1) {
      const frame = frames[(turn * 5) % frames.length];
      if (!frame) throw new Error('no frame');
      terminal.draw(frame);
      await emulator.settled();
      expect(
        `${emulator
          .lines()
          .map((line) => line.trimEnd())
          .join('\n')}\n`,
      ).toBe(plain(frame));
    }
    expect(emulator.picture()).toEqual(
      await fresh(frames[((frames.length - 1) * 5) % frames.length] ?? cjk(0), size),
    );
  });

  it('keep their columns aligned after many updates with wide characters', async () => {
    const { emulator, terminal } = canvas(size);
    for (let step = 0; step < 60; step += 1) {
      terminal.draw(cjk(step));
      await emulator.settled();
      expect(emulator.picture()).toEqual(await fresh(cjk(step), size));
    }
  });
});

describe('a change of the size', () => {
  it('redraws the whole screen correctly, also after several changes', async () => {
    const frame = (columns: number, rows: number) =>
      screen(makeScene(secondSample('many'), { view: { cores: 'tree' } }), { columns, rows });
    const { emulator, terminal } = canvas({ columns: 80, rows: 24 });
    terminal.draw(frame(80, 24));
    for (const [columns, rows] of [
      [81, 24],
      [40, 10],
      [120, 50],
      [20, 5],
      [200, 60],
      [79, 23],
    ] as const) {
      emulator.resize(columns, rows);
      terminal.reset();
      expect(terminal.size()).toEqual({ columns, rows });
      terminal.draw(frame(columns, rows));
      await emulator.settled();
      expect(emulator.picture()).toEqual(await fresh(frame(columns, rows), { columns, rows }));
    }
  });

  it('cuts lines that are too long and blanks missing ones', async () => {
    const line = (text: string) => ({ spans: [{ text, role: 'plain' as const }] });
    const { emulator, terminal } = canvas({ columns: 5, rows: 2 });
    terminal.draw({ lines: [line('1234567'), line('abcdefg'), line('never')], hotspots: [], charts: [] });
    await emulator.settled();
    expect(emulator.lines()).toEqual(['12345', 'abcde']);
    terminal.draw({ lines: [line('12')], hotspots: [], charts: [] });
    await emulator.settled();
    expect(emulator.lines().map((line) => line.trimEnd())).toEqual(['12', '']);
  });
});

describe('a terminal without UTF-8', () => {
  it('receives ASCII characters only', async () => {
    const { emulator, terminal } = canvas(SIZE, COLOURFUL, true);
    await fc.assert(
      fc.asyncProperty(framesOf(SIZE), async (frames) => {
        for (const frame of frames) terminal.draw(frame);
        await emulator.settled();
        expect(emulator.written).toMatch(/^[\x00-\x7f]*$/);
      }),
      { numRuns: 30 },
    );
  });
});
