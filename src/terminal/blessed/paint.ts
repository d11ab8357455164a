import type { Cell, CellLine, Screen } from 'blessed/lib/widgets/screen.js';
import { cells, isAscii, WIDE_TAIL } from '../../text/clean.ts';
import type { Frame, Line } from '../../views/frame.ts';
import type { attributeOf } from './theme.ts';

/** A cell of `olines` with this character is always redrawn. */
const NOTHING = '\0';

/**
 * Paints frames into blessed's cells. Lines that are equal to those of the previous frame are skipped, so the cost
 * depends on the changed lines. blessed then writes only the cells that differ.
 */
export class Painter {
  private painted: (Line | undefined)[] = [];
  private readonly screen: Screen;
  private readonly attribute: ReturnType<typeof attributeOf>;
  private readonly ascii: boolean;

  constructor(screen: Screen, attribute: ReturnType<typeof attributeOf>, ascii: boolean) {
    this.screen = screen;
    this.attribute = attribute;
    this.ascii = ascii;
  }

  /** Makes `paint` draw the whole next frame, for example after the screen was cleared. */
  forget(): void {
    this.painted = [];
  }

  paint({ lines }: Frame): void {
    for (const [y, target] of this.screen.lines.entries()) {
      const line = lines[y] ?? EMPTY;
      const before = this.painted[y];
      if (before && sameLine(before, line)) continue;
      this.painted[y] = line;
      this.paintLine(line, target, this.screen.olines[y] ?? target);
    }
  }

  private paintLine(line: Line, target: CellLine, drawn: CellLine): void {
    let x = 0;
    const { emphasized = Number.POSITIVE_INFINITY } = line;
    const plain = { ...line, emphasis: undefined };
    for (const { text, role } of line.spans) {
      const attribute = this.attribute(role, x < emphasized ? line : plain);
      if (isAscii(text)) {
        for (let at = 0; at < text.length; at++) set(target[x++], attribute, text.charAt(at));
        continue;
      }
      for (const cell of cells(text)) put(target, drawn, x++, attribute, this.ascii ? toAscii(cell) : cell);
    }
    const rest = this.attribute('plain', x < emphasized ? line : plain);
    while (x < target.length) set(target[x++], rest, ' ');
    target.dirty = true;
  }
}

const EMPTY: Line = { spans: [] };

function set(cell: Cell | undefined, attribute: number, char: string): void {
  if (!cell) return;
  cell[0] = attribute;
  cell[1] = char;
}

function put(target: CellLine, drawn: CellLine, x: number, attribute: number, char: string): void {
  set(target[x], attribute, char);
  if (char !== WIDE_TAIL) return;
  // A wide character moves the cursor by two cells. Redraw both halves or neither, or blessed loses the cursor
  // position.
  const head = target[x - 1];
  const drawnHead = drawn[x - 1];
  const drawnTail = drawn[x];
  if (!head || !drawnHead || !drawnTail) return;
  if (head[0] !== drawnHead[0] || head[1] !== drawnHead[1]) drawnTail[1] = NOTHING;
  else if (drawnTail[0] !== attribute || drawnTail[1] !== char) drawnHead[1] = NOTHING;
}

function toAscii(cell: string): string {
  if (cell === WIDE_TAIL) return ' ';
  return cell > '~' || cell.length > 1 ? '?' : cell;
}

function sameLine(a: Line, b: Line): boolean {
  if (a === b) return true;
  if (
    a.emphasis !== b.emphasis ||
    a.emphasized !== b.emphasized ||
    a.stale !== b.stale ||
    a.spans.length !== b.spans.length
  )
    return false;
  return a.spans.every((span, i) => span.text === b.spans[i]?.text && span.role === b.spans[i]?.role);
}
