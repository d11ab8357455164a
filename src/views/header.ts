import { wrongs } from '../rates/finding.ts';
import { oldestRequest } from '../rates/in-flight.ts';
import type { Sample } from '../rates/sample.ts';
import { withoutWorkers } from '../rates/workerless.ts';
import { boundedMask, CELL_CHARACTERS } from '../text/bounds.ts';
import { clean, toWidth, width } from '../text/clean.ts';
import * as format from '../text/format.ts';
import type { Mask } from '../text/secrets.ts';
import { sampleItems } from './facts.ts';
import { flow, type Item } from './flow.ts';
import type { Line } from './frame.ts';
import { keyOf } from './help.ts';
import { requestLine } from './request-line.ts';
import { savedAt } from './saved.ts';
import { intervalOf, type Scene, type ViewState } from './scene.ts';
import { ageRole } from './tables/requests.ts';
import { filterError } from './views.ts';

/**
 * The `rows` lines above the table. The last line is the most important note, if there is one: a message, the worst
 * finding, a server without workers, or the oldest request in flight.
 */
export function header(scene: Scene, columns: number, rows: number): Line[] {
  const { glyphs } = scene.view;
  const mask = lineMask(scene.view);
  const line = (items: readonly Item[]) =>
    flow(
      items.map((item) => ({ ...item, text: mask.text(item.text) })),
      columns,
      glyphs.ellipsis,
    );
  const facts = [titleItems(scene), ...(scene.sample ? sampleItems(scene.sample, scene, columns) : [])];
  const stale = scene.connection.state === 'lost';
  const lines = facts.map((items, index): Line => ({ ...line(items), stale: stale && index > 0 }));
  const note = message(scene, columns) ?? worst(scene, columns) ?? workerless(scene) ?? oldest(scene);
  const shown = lines.slice(0, note ? rows - 1 : rows);
  while (shown.length < rows - (note ? 1 : 0)) shown.push({ spans: [] });
  return note ? [...shown, line([note])] : shown;
}

function lineMask({ mask }: Pick<ViewState, 'mask'>): Mask {
  return boundedMask(mask, CELL_CHARACTERS);
}

function titleItems({ target, node, sample, view }: Scene): Item[] {
  return [
    { text: 'statstop', role: 'title', importance: 5 },
    { text: target, role: 'title', importance: 2 },
    ...(sample ? serverItems(sample) : []),
    { text: node, importance: 6 },
    ...(view.filter === null ? [] : [filterItem({ sample, view }, view.filter)]),
    ...timeItems(sample, view),
  ];
}

function filterItem(scene: Pick<Scene, 'sample' | 'view'>, text: string): Item {
  const wrong = filterError(scene);
  return wrong === null
    ? { label: 'filter', text, importance: 4 }
    : { label: 'filter', text: `${text} (${wrong})`, role: 'critical', importance: 4 };
}

/** The time at which the document was read; for a saved document, the time at which it was written. */
function timeItems(sample: Sample | null, view: ViewState): Item[] {
  if (sample?.saved)
    return [{ label: 'saved', text: savedAt(sample), role: 'warning', importance: 1, right: true }];
  return [
    { text: format.timeOfDay(sample?.time ?? null), role: 'title', importance: 1, right: true },
    { text: `${intervalOf(view)}s`, role: view.fast ? 'warning' : 'plain', importance: 3 },
  ];
}

function serverItems({ kind, snapshot }: Sample): Item[] {
  const { version, pid } = snapshot.server;
  return [
    { text: version === null ? 'uWSGI' : `uWSGI ${version}`, importance: 4 },
    { label: KIND_OF_PID[kind], text: format.orUnknown(String)(pid), importance: 7 },
  ];
}

const KIND_OF_PID = { app: 'master', emperor: 'emperor', router: 'router' } as const;

/** Seconds for which a reset of the counters and a notice stay on the screen. */
const RESET_SHOWN = 10;
const NOTICE_SHOWN = 4;

/** Whether the screen shows a temporary message, which disappears without user input. */
export function isPassing({ notice, resetAt, now }: Pick<Scene, 'notice' | 'resetAt' | 'now'>): boolean {
  return (
    (notice !== null && now - notice.at < NOTICE_SHOWN) || (resetAt !== null && now - resetAt < RESET_SHOWN)
  );
}

/** A notice, or a state that the user must know before reading the numbers, such as a lost connection. */
function message(scene: Scene, columns: number): Item | null {
  const { connection, view, sample, resetAt, now, target, notice } = scene;
  const { glyphs } = view;
  const mask = lineMask(view);
  if (notice !== null && now - notice.at < NOTICE_SHOWN) return { ...notice, importance: 1 };
  if (connection.state === 'lost') {
    const gone =
      connection.since === null ? 'no data yet' : `no data for ${format.age(now - connection.since)}`;
    const next = format.age(Math.max(0, connection.retryAt - now));
    const why = clean(mask.text(`${glyphs.cross} ${gone}: ${connection.why}`));
    const then = ` ${glyphs.dot} next try in ${next}`;
    // If the line is too long, only the cause is truncated.
    const room = Math.min(width(why), columns - then.length);
    return { text: toWidth(why, room, 'left', glyphs.ellipsis) + then, role: 'critical', importance: 1 };
  }
  if (view.frozenAt !== null) {
    return {
      text: `frozen at ${format.timeOfDay(view.frozenAt)} ${glyphs.dot} ${keyOf(view.keys, 'freeze')} goes on`,
      role: 'warning',
      importance: 1,
    };
  }
  if (!sample) return { text: `connecting to ${target}${glyphs.ellipsis}`, importance: 1 };
  if (resetAt !== null && now - resetAt < RESET_SHOWN) {
    const text = `counters began anew at ${format.timeOfDay(resetAt)}: the server was reloaded or restarted`;
    return { text, role: 'warning', importance: 1 };
  }
  return null;
}

function workerless({ sample }: Scene): Item | null {
  const text = sample && withoutWorkers(sample);
  return text === null ? null : { text, role: 'warning', importance: 1 };
}

const MARK = '!';

/** The worst finding, with the number of other findings. */
function worst({ findings, view }: Scene, columns: number): Item | null {
  const all = wrongs(findings);
  const [finding] = all;
  if (!finding) return null;
  const others = all.length - 1;
  const more = others > 0 ? `  (${others} more: ${keyOf(view.keys, 'findings')})` : '';
  // If the line is too long, only the finding is truncated.
  const text = clean(lineMask(view).text(finding.text));
  const room = Math.max(0, Math.min(width(text), columns - MARK.length - 1 - more.length));
  return {
    label: MARK,
    text: `${toWidth(text, room, 'left', view.glyphs.ellipsis)}${more}`,
    role: finding.severity === 'critical' ? 'critical' : 'warning',
    importance: 1,
  };
}

/** The oldest request in flight: the first one to examine if the site is slow. */
function oldest({ sample, view }: Scene): Item | null {
  const request = sample?.kind === 'app' ? oldestRequest(sample) : null;
  if (!request) return null;
  const where = `on ${request.worker}:${request.core}`;
  const text = `${format.age(request.age)} ${where}  ${requestLine(request, lineMask(view))}`;
  return { label: 'OLDEST', text, role: ageRole(request, view) ?? 'plain', importance: 1 };
}
