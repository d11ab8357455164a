import type { Snapshot } from '../../../src/stats/snapshot.ts';
import { width } from '../../../src/text/clean.ts';
import type { Frame, Size } from '../../../src/views/frame.ts';
import { ASCII, type Glyphs, UNICODE } from '../../../src/views/glyphs.ts';
import { oneOf } from '../choose.ts';
import { type Case, type Check, isHuge } from '../oracle.ts';
import { randomScene, sizeOf } from '../scenes.ts';

/** Number of frames per case. */
const FRAMES = 3;

/**
 * Every frame has as many lines as the screen, no line is wider than the screen, and the text contains no escape
 * sequences.
 */
export const drawsFrames: Check = (given) => {
  for (let turn = 0; turn < (isHuge(given.trial) ? 1 : FRAMES); turn++) {
    const drawn = frameOf(given, given.random.chance(0.8) ? UNICODE : ASCII);
    const wrong = drawn && faultOf(drawn.frame, drawn.size);
    if (wrong) return wrong;
  }
  return null;
};

/** A frame of a random view of one of the samples; `null` without samples. */
export function frameOf(
  { samples, subject, random, outcome }: Case,
  glyphs: Glyphs,
): { frame: Frame; size: Size } | null {
  if (samples.length === 0 || 'error' in outcome) return null;
  const size = sizeOf(random);
  const scene = randomScene(oneOf(random, samples), size, textOf(outcome.snapshot), glyphs, random);
  return { frame: subject.screen(scene, size), size };
}

/** A text of the document that is likely to be on the screen. */
function textOf(snapshot: Snapshot): string {
  const words =
    snapshot.kind === 'app' ? snapshot.workers.flatMap(({ cores }) => cores.flatMap(({ vars }) => vars)) : [];
  return words.find((word) => /[^\x20-\x7e]/.test(word)) ?? snapshot.server.cwd ?? 'x';
}

/** Characters that a terminal obeys or does not display. */
export const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;

function faultOf({ lines, charts }: Frame, { columns, rows }: Size): string | null {
  const where = `at ${columns}x${rows}`;
  // A screen that is too small shows a message.
  const small = columns < 20 || rows < 5;
  if (small ? lines.length > rows : lines.length !== rows) return `${lines.length} lines ${where}`;
  for (const [y, { spans }] of lines.entries()) {
    const text = spans.map((span) => span.text).join('');
    const odd = UNPRINTABLE.exec(text)?.[0];
    if (odd !== undefined) return `U+${odd.codePointAt(0)?.toString(16)} in line ${y} ${where}`;
    if (width(text) > columns) return `line ${y} is ${width(text)} wide ${where}: ${text}`;
  }
  const outside = charts.find((chart) => chart.line < 0 || chart.line + chart.rows > rows);
  return outside ? `a chart from line ${outside.line}, ${outside.rows} high, ${where}` : null;
}
