import fc from 'fast-check';
import { onTestFinished } from 'vitest';
import { openTerminal } from '../../src/terminal/blessed/terminal.ts';
import { type TerminalType, terminalType } from '../../src/terminal/blessed/terminfo.ts';
import { toWidth } from '../../src/text/clean.ts';
import type { Frame, Line, Role, Size } from '../../src/views/frame.ts';
import { Emulator } from './emulator.ts';

export const COLOURFUL = terminalType({ TERM: 'xterm-256color', LANG: 'C.UTF-8' });

/** Opens a terminal to draw on; it is closed at the end of the test. */
export function canvas({ columns, rows }: Size, type: TerminalType = COLOURFUL, ascii = false) {
  const emulator = new Emulator(columns, rows);
  const nothing = () => {};
  const handlers = {
    key: nothing,
    paste: nothing,
    click: nothing,
    wheel: nothing,
    resized: nothing,
    closed: nothing,
  };
  const terminal = openTerminal(emulator, type, ascii, handlers);
  let open = true;
  const close = () => {
    if (open) terminal.destroy();
    open = false;
  };
  onTestFinished(close);
  return { emulator, terminal, close };
}

/** The picture of a frame on a new terminal. */
export async function fresh(frame: Frame, size: Size, type?: TerminalType): Promise<string[]> {
  const { emulator, terminal, close } = canvas(size, type);
  terminal.draw(frame);
  await emulator.settled();
  const picture = emulator.picture();
  close();
  return picture;
}

const ROLES = ['plain', 'dim', 'title', 'busy', 'warning', 'critical', 'headingKey'] as const;
const role = fc.constantFrom<Role>(...ROLES);
const STYLES = [{ emphasis: 'selected' as const }, { stale: true }, {}, null];

// The emulator uses old width tables: characters that became wide later are not among these.
const text = fc
  .array(
    fc.constantFrom(
      'a',
      'b',
      ' ',
      '  ',
      '日',
      '本語',
      '글',
      'ｗ',
      'é',
      'e\u0301',
      '日\u3099',
      '■',
      '…',
      '한'.normalize('NFD'),
    ),
    {
      maxLength: 12,
    },
  )
  .map((pieces) => pieces.join(''));

const span = fc.record({ text, role });

/** Lines that fit into the width, as the views make them, with wide characters in any cell, also the last. */
function lineOf(columns: number): fc.Arbitrary<Line> {
  return fc
    .record({
      spans: fc.array(span, { maxLength: 3 }),
      whole: fc.boolean(),
      emphasis: fc.constantFrom(
        'heading' as const,
        'selected' as const,
        'bar' as const,
        undefined,
        undefined,
      ),
      stale: fc.boolean(),
    })
    .map(({ spans, whole, ...line }) => {
      const width = Math.floor(columns / Math.max(1, spans.length));
      const cut = spans.map(({ text, role }) => ({
        text: toWidth(text, whole ? width : Math.min(width, 5), 'left'),
        role,
      }));
      return { spans: cut, ...line };
    });
}

/** Sequences of frames of one size. */
export function framesOf({ columns, rows }: Size): fc.Arbitrary<Frame[]> {
  const lines = fc.array(lineOf(columns), { maxLength: rows });
  const changed = fc.record({ y: fc.nat(rows - 1), line: lineOf(columns) });
  const whole = lines.map((lines) => (): Line[] => lines);
  const part = fc
    .array(changed, { minLength: 1, maxLength: 2 })
    .map((changes) => (before: readonly Line[]): Line[] => {
      const after = [...before];
      for (const { y, line } of changes) if (y < after.length) after[y] = line;
      return after;
    });
  // As when a row is selected, a number becomes critical, or the connection is lost.
  const restyled = fc.record({ y: fc.nat(rows - 1), role, style: fc.constantFrom(...STYLES) }).map(
    ({ y, role, style }) =>
      (before: readonly Line[]): Line[] =>
        before.map((line, at) => {
          if (at !== y) return line;
          return style === null
            ? { ...line, spans: line.spans.map(({ text }) => ({ text, role })) }
            : { spans: line.spans, ...style };
        }),
  );
  return fc.array(fc.oneof(whole, part, restyled, restyled), { minLength: 2, maxLength: 8 }).map((steps) => {
    let lines: Line[] = Array.from({ length: rows }, () => ({ spans: [] }));
    return steps.map((step) => {
      lines = step(lines);
      return { lines, hotspots: [], charts: [] };
    });
  });
}
