import type { EventKind } from '../monitor/event.ts';
import { boundedMask, CELL_CHARACTERS } from '../text/bounds.ts';
import { clean, toWidth, width } from '../text/clean.ts';
import * as format from '../text/format.ts';
import type { Line, Role, Span } from './frame.ts';
import type { Replay } from './replay.ts';
import type { Scene } from './scene.ts';

/** The signs of events in the timeline. Ends have none. At one place, a later event covers an earlier one. */
const SIGNS: readonly (readonly [EventKind, string, Role])[] = [
  ['cheaper', 'c', 'dim'],
  ['respawn', 'r', 'warning'],
  ['began', '!', 'warning'],
  ['reload', 'R', 'warning'],
  ['restart', 'R', 'warning'],
  ['harakiri', 'H', 'critical'],
  ['lost', 'L', 'critical'],
];

/** Minimum width of the timeline, without its labels, in cells. */
const LEAST_LINE = 12;

/** Maximum share of the line for the name of the recording. */
const NAME_SHARE = 0.3;

/**
 * The second line of the screen while the past is shown: the recording, the time, the speed, and a timeline with
 * events and the position.
 */
export function replayLine(replay: Replay, { view }: Pick<Scene, 'view'>, columns: number): Line {
  const { name, time, speed, isPlaying } = replay;
  const { ellipsis } = view.glyphs;
  const text = name === null ? '' : clean(boundedMask(view.mask, CELL_CHARACTERS).text(baseName(name)));
  const most = Math.floor(columns * NAME_SHARE);
  const spans: Span[] = [
    { text: name === null ? 'past' : 'replay', role: 'warning' },
    ...(text === ''
      ? []
      : [
          {
            text: ` ${width(text) > most ? toWidth(text, most, 'left', ellipsis) : text}`,
            role: 'title' as const,
          },
        ]),
    { text: ` ${format.dayAndTime(time)}`, role: 'title' },
    { text: ` x${speed} ${isPlaying ? 'playing' : 'paused'}`, role: isPlaying ? 'good' : 'warning' },
  ];
  const used = spans.reduce((sum, span) => sum + width(span.text), 0);
  return { spans: [...spans, ...timeSpans(replay, view.glyphs.ascii, columns - used)] };
}

function baseName(path: string): string {
  return path.replace(/\/+$/, '').replace(/^.*\//, '');
}

function timeSpans({ start, end, time, marks }: Replay, isAscii: boolean, columns: number): Span[] {
  const isShort = end - start < 3600;
  const label = (at: number) => (isShort ? format.timeOfDay(at) : format.timeOfDay(at).slice(0, 5));
  const labels = [`  ${label(start)} `, ` ${label(end)}`] as const;
  const hasLabels = columns - labels.join('').length >= LEAST_LINE;
  const [from, to] = hasLabels ? labels : ['  ', ''];
  const length = columns - from.length - to.length;
  if (length < LEAST_LINE) return [];
  const placeOf = (at: number) =>
    end > start ? Math.max(0, Math.min(length - 1, Math.floor(((at - start) / (end - start)) * length))) : 0;
  const cells = Array.from({ length }, (): Span => ({ text: isAscii ? '-' : '─', role: 'dim' }));
  for (const [kind, text, role] of SIGNS)
    for (const mark of marks)
      if (mark.kind === kind)
        cells[placeOf(mark.time)] = { text, role: mark.severity === 'critical' ? 'critical' : role };
  cells[placeOf(time)] = { text: isAscii ? 'o' : '●', role: 'title' };
  return [{ text: from, role: 'dim' }, ...joined(cells), { text: to, role: 'dim' }];
}

/** Joins neighbours of the same role. */
function joined(spans: readonly Span[]): Span[] {
  const all: Span[] = [];
  for (const span of spans) {
    const last = all.at(-1);
    if (last?.role === span.role) all[all.length - 1] = { ...last, text: last.text + span.text };
    else all.push(span);
  }
  return all;
}
