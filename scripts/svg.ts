import { type Attribute, attributeOf, colorOf, type Theme } from '../src/terminal/blessed/theme.ts';
import { width as widthOf } from '../src/text/clean.ts';
import type { Frame, Line, Size } from '../src/views/frame.ts';

// Draws a frame as an SVG picture, in the 256 colours of a terminal.

const CELL_WIDTH = 8.4;
const CELL_HEIGHT = 17;
const FONT_SIZE = 14;
/** Distance of the base line of a text from the top of its cell. */
const BASE = 13;
const MARGIN = 10;
const FOREGROUND = '#d0d0d0';
const BACKGROUND = '#1b1d22';

/** Flags of an attribute, as the theme packs them. */
const BOLD = 1;
const UNDERLINE = 2;
const INVERSE = 8;

/** The blocks of a curve, by their height in eighths of a cell. They are drawn, because fonts leave gaps. */
const BLOCKS = ' ▁▂▃▄▅▆▇█';

/** Part of a line with one attribute. Columns count from 0. */
interface Run {
  text: string;
  column: number;
  row: number;
  attribute: Attribute;
}

/**
 * @param title what the picture shows, for readers who do not see it
 * @throws Error for a frame with charts, which the terminal draws itself
 */
export function svgOf(
  title: string,
  { lines, charts }: Frame,
  { columns, rows }: Size,
  theme: Theme = 'dark',
): string {
  if (charts.length > 0) throw new Error('a frame with charts cannot be drawn as SVG');
  const styleOf = attributeOf(256, theme);
  const width = rounded(columns * CELL_WIDTH + 2 * MARGIN);
  const height = rounded(rows * CELL_HEIGHT + 2 * MARGIN);
  const runs = lines.flatMap((line, row) => runsOf(line, row, columns, styleOf));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}"`,
    ` font-family="ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace" font-size="${FONT_SIZE}" shape-rendering="crispEdges">`,
    `<title>${title}</title>`,
    `<rect width="${width}" height="${height}" rx="6" fill="${BACKGROUND}"/>`,
    ...runs.flatMap(drawn),
    '</svg>',
    '',
  ].join('\n');
}

function runsOf(
  line: Line,
  row: number,
  columns: number,
  styleOf: ReturnType<typeof attributeOf>,
): readonly Run[] {
  let column = 0;
  const runs: Run[] = [];
  const add = (text: string, attribute: Attribute) => {
    runs.push({ text, column, row, attribute });
    column += widthOf(text);
  };
  for (const { text, role } of line.spans) add(text, styleOf(role, line));
  // The style of a line continues to its last cell.
  add(' '.repeat(Math.max(0, columns - column)), styleOf('plain', line));
  return runs;
}

function drawn({ text, column, row, attribute }: Run): string[] {
  const flags = attribute >> 18;
  const color = colorOf(attribute);
  const own = color === null ? FOREGROUND : hexOf(color);
  const isInverse = (flags & INVERSE) !== 0;
  const fill = isInverse ? BACKGROUND : own;
  const style = [
    `fill="${fill}"`,
    ...(flags & BOLD ? ['font-weight="bold"'] : []),
    ...(flags & UNDERLINE ? ['text-decoration="underline"'] : []),
  ].join(' ');
  const pieces = [...text.matchAll(/[▁-█]|[^\s▁-█]+/gu)].map((match) => {
    const [piece] = match;
    const left = column + widthOf(text.slice(0, match.index));
    const eighths = BLOCKS.indexOf(piece);
    return eighths > 0 ? box(left, row, 1, eighths / 8, fill) : word(piece, left, row, style);
  });
  return [...(isInverse && text !== '' ? [box(column, row, widthOf(text), 1, own)] : []), ...pieces];
}

/** A text that takes exactly its cells, whatever the font. */
function word(text: string, column: number, row: number, style: string): string {
  const x = rounded(MARGIN + column * CELL_WIDTH);
  const y = rounded(MARGIN + row * CELL_HEIGHT + BASE);
  const length = rounded(widthOf(text) * CELL_WIDTH);
  const escaped = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  return `<text x="${x}" y="${y}" textLength="${length}" lengthAdjust="spacingAndGlyphs" ${style}>${escaped}</text>`;
}

/** @param part height from the bottom of the row, from 0 to 1 */
function box(column: number, row: number, columns: number, part: number, fill: string): string {
  const y = rounded(MARGIN + (row + 1 - part) * CELL_HEIGHT);
  const size = `width="${rounded(columns * CELL_WIDTH)}" height="${rounded(part * CELL_HEIGHT)}"`;
  return `<rect x="${rounded(MARGIN + column * CELL_WIDTH)}" y="${y}" ${size} fill="${fill}"/>`;
}

/** The colours 16 to 255 of xterm: a cube with six levels of red, green and blue, and 24 greys. */
function hexOf(color: number): string {
  const level = (at: number) => (at === 0 ? 0 : 55 + at * 40);
  const grey = 8 + (color - 232) * 10;
  const at = color - 16;
  const parts =
    color >= 232 ? [grey, grey, grey] : [at / 36, (at / 6) % 6, at % 6].map(Math.floor).map(level);
  return `#${parts.map((part) => part.toString(16).padStart(2, '0')).join('')}`;
}

function rounded(value: number): string {
  return String(Math.round(value * 10) / 10);
}
