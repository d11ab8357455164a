import type { Cell, CellLine, Screen } from 'blessed/lib/widgets/screen.js';
import { cells, isAscii, WIDE_TAIL } from '../../text/clean.ts';
import type { Frame, Line, Span } from '../../views/frame.ts';
import type { attributeOf } from './theme.ts';

/** A cell of `olines` with this character is always redrawn. */
const NOTHING = '\0';

/**
 * Paints frames into blessed's cells. Lines and spans that are equal to those of the previous frame are skipped, so the
 * cost depends on what has changed. blessed then writes only the cells that differ.
 */
export class Painter {
  private painted: (PaintedLine | undefined)[] = [];
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
    const { lines: targets, olines } = this.screen;
    // Counted, because `entries()` makes an object for each of some thousand spans.
    let y = -1;
    for (const target of targets) {
      y += 1;
      const line = lines[y] ?? EMPTY;
      const before = this.painted[y];
      if (before && sameLine(before.line, line)) {
        // An identical line is recognized faster than an equal one.
        before.line = line;
        continue;
      }
      const known = before && sameStyle(before.line, line) ? before : null;
      const ends = this.paintLine(line, known, target, olines[y] ?? target);
      this.painted[y] = { line, ends };
    }
  }

  /**
   * @param known what was painted there in the same style; its equal spans are skipped
   * @returns the end of each span, in cells
   */
  private paintLine(line: Line, known: PaintedLine | null, target: CellLine, drawn: CellLine): number[] {
    const ends: number[] = [];
    let x = 0;
    const { spans, emphasized = Number.POSITIVE_INFINITY } = line;
    const plain = line.emphasized === undefined ? line : { stale: line.stale };
    for (const span of spans) {
      const at = ends.length;
      const start = at === 0 ? 0 : known?.ends[at - 1];
      const end = known?.ends[at];
      if (end !== undefined && start === x && sameSpan(known?.line.spans[at], span)) x = end;
      else x = this.paintSpan(span, x < emphasized ? line : plain, x, target, drawn);
      ends.push(x);
    }
    const rest = this.attribute('plain', x < emphasized ? line : plain);
    while (x < target.length) set(target[x++], rest, ' ');
    target.dirty = true;
    return ends;
  }

  /** @returns the end of the span */
  private paintSpan(
    { text, role }: Span,
    line: LineStyle,
    start: number,
    target: CellLine,
    drawn: CellLine,
  ): number {
    const attribute = this.attribute(role, line);
    let x = start;
    if (isAscii(text)) {
      for (let at = 0; at < text.length; at++) set(target[x++], attribute, text.charAt(at));
      return x;
    }
    for (const cell of cells(text)) put(target, drawn, x++, attribute, this.ascii ? toAscii(cell) : cell);
    return x;
  }
}

/** A line with the end of each span, in cells. */
interface PaintedLine {
  line: Line;
  ends: readonly number[];
}

type LineStyle = Pick<Line, 'emphasis' | 'stale'>;

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
  if (a.spans.length !== b.spans.length || !sameStyle(a, b)) return false;
  for (let at = 0; at < a.spans.length; at++) if (!sameSpan(a.spans[at], b.spans[at])) return false;
  return true;
}

function sameStyle(a: Line, b: Line): boolean {
  return a.emphasis === b.emphasis && a.emphasized === b.emphasized && a.stale === b.stale;
}

function sameSpan(a: Span | undefined, b: Span | undefined): boolean {
  return a === b || (a?.text === b?.text && a?.role === b?.role);
}
