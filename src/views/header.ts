import { isObserved } from '../monitor/observation.ts';
import type { Line } from './frame.ts';
import { grid } from './grid.ts';
import type { Scene } from './scene.ts';
import { messageLine, titleLine } from './title.ts';
import { verdictLine } from './verdict.ts';

/** Number of header lines from which on there is a title, and from which on the grid has two lines. */
const WITH_TITLE = 4;
const WITH_TWO = 3;

/**
 * The `rows` lines above the table: the verdict, a title with messages, and one or two lines of numbers. If there is no
 * room for a title, messages replace the last line for some seconds.
 */
export function header(scene: Scene, columns: number, rows: number): Line[] {
  const hasTitle = rows >= WITH_TITLE;
  const lines = [verdictLine(scene, columns, hasTitle), ...(hasTitle ? [titleLine(scene, columns)] : [])];
  if (isObserved(scene)) lines.push(...grid(scene, columns, rows >= WITH_TWO ? 2 : 1));
  while (lines.length < rows) lines.push({ spans: [] });
  const message = hasTitle ? null : messageLine(scene, columns);
  if (message) lines[lines.length - 1] = message;
  return lines;
}
