import { isObserved, type Observed, type Subject } from '../monitor/observation.ts';
import { findingId } from '../rates/about.ts';
import type { Finding } from '../rates/finding.ts';
import { boundedMask, VALUE_CHARACTERS } from '../text/bounds.ts';
import { clean } from '../text/clean.ts';
import * as format from '../text/format.ts';
import type { CellContext, Column } from './column.ts';
import { cursorOf, type Detail, type DetailLine, linesOf } from './detail-lines.ts';
import { keyOf } from './help.ts';
import type { Keymap } from './keymap.ts';
import { pastSection } from './past.ts';
import { isOfNow, type Scene } from './scene.ts';
import { stackSection } from './stack.ts';
import { placesOf } from './table.ts';
import { eventFields } from './tables/events.ts';
import { findingFields } from './tables/findings.ts';
import type { Field, Place, Section, View } from './view.ts';
import { cellContext, tableOf, viewOf } from './views.ts';

/**
 * The detail of the open or selected row. If the row no longer exists, it has only the fields of its finding or event, if any.
 */
export function detailOf(scene: Scene, columns: number): Detail {
  const found = lastRowOf(scene);
  if (!found) return gone(scene, columns);
  // All inputs of the detail. A request can have thousands of variables: key presses and frames reuse the masked
  // result.
  const { sample, history, stack, view } = scene;
  const of: Source = [
    sample,
    history,
    stack,
    isOfNow(scene),
    found.observed.sample,
    view.mask,
    view.tab,
    view.keys,
    view.glyphs,
    view.detail?.finding,
    view.detail?.event,
    columns,
  ];
  const last = LAST_DETAILS.get(found.row);
  if (last?.of.every((each, place) => each === of[place])) return last.detail;
  const detail = linesOf(sectionsOf(scene, found), columns, view.glyphs.ellipsis);
  LAST_DETAILS.set(found.row, { of, detail });
  return detail;
}

type Source = readonly unknown[];

/** Cache by row. */
const LAST_DETAILS = new WeakMap<object, { of: Source; detail: Detail }>();

/** A text for the clipboard. */
export interface Copied {
  what: 'row' | 'value' | 'command';
  text: string;
}

/**
 * What `y` copies: the value under the cursor of the detail, the command of the finding, or the row as one line. `null`
 * without a row.
 *
 * @param columns width of the screen, on which the fields of the detail depend
 */
export function copyText(scene: Scene, columns: number): Copied | null {
  const found = lastRowOf(scene);
  const field = scene.view.detail?.field ?? null;
  if (found && field !== null) {
    const detail = detailOf(scene, columns);
    const value = detail.fields[cursorOf(detail, field) ?? -1]?.value;
    return value === undefined ? null : { what: 'value', text: value };
  }
  const command = (found && viewOf(scene).finding?.(found.row)?.command) ?? openedFinding(scene)?.command;
  if (command !== undefined) return { what: 'command', text: clean(command) };
  if (!found) return null;
  const { row, at } = found;
  const cells = viewOf(scene).columns.map((column) => `${column.title}=${clean(column.text(row, at))}`);
  return { what: 'row', text: cells.join(' ') };
}

/** The worker or core that runs the Python code of the open or selected row; `null` if there is none. */
export function placeOf(scene: Scene): Place | null {
  const found = rowOf(scene);
  return (found && viewOf(scene).runs?.(found.row)) ?? null;
}

/** Id of the worker whose process the open detail shows. `null` if there is none or the screen is frozen. */
export function workerLookedAt(scene: Scene): number | null {
  const { detail, frozenAt } = scene.view;
  if (detail === null || frozenAt !== null) return null;
  const found = rowOf(scene);
  return (found && viewOf(scene).process?.(found.row)) ?? null;
}

/** Whether the sample contains the open or selected row. */
export function hasRow(scene: Scene): boolean {
  return rowOf(scene) !== null;
}

interface Found {
  observed: Observed<Subject>;
  row: object;
  at: CellContext;
}

/** Falls back to the last observation with the row, so that a request that ended remains visible. */
function lastRowOf(scene: Scene): Found | null {
  return rowOf(scene) ?? (scene.lastSeen && rowOf({ ...scene, ...scene.lastSeen }));
}

function rowOf(scene: Scene): Found | null {
  const { view } = scene;
  const id = view.detail?.id ?? view.selected;
  if (!isObserved(scene) || id === null) return null;
  // The filter does not apply to an open detail, so that a change of the filter does not close it.
  const table = tableOf(
    viewOf(scene),
    scene,
    view.detail ? { ...view, filter: null, hidesIdle: false } : view,
  );
  const place = placesOf(table).get(id);
  // The table of merged cores has no rows for workers, which a finding or an event can refer to.
  if (place === undefined && (view.detail?.finding ?? view.detail?.event) && view.cores === 'merged')
    return rowOf({ ...scene, view: { ...view, cores: 'off' } });
  if (place === undefined) return null;
  return {
    observed: scene,
    row: table.rows[place] as object,
    at: cellContext(scene.sample, view, VALUE_CHARACTERS),
  };
}

function sectionsOf(scene: Scene, found: Found): Section[] {
  const { observed, row, at } = found;
  const view = viewOf(scene);
  const { first, others } = columnFields(view, found);
  const place = view.runs?.(row) ?? null;
  const stack = place && stackSection(place, scene.stack, at, scene.view.keys);
  const hint = hintOf(
    observed.sample === scene.sample ? null : observed.sample.time,
    place !== null && stack === null && isOfNow(scene),
    scene.view.keys,
  );
  return [
    // The stack comes first, because the user requested it.
    ...(stack ? [stack] : []),
    ...originSection(scene),
    { title: `${view.title} ${labelOf(view, row, at)}`, ...(hint === null ? {} : { hint }), fields: first },
    ...(view.more?.(row, observed, at) ?? []),
    ...(place?.core === null ? [pastSection(place.worker, scene)] : []),
    ...(others.length > 0 ? [{ title: 'Other columns', fields: others }] : []),
  ];
}

/** The fields at the beginning of the detail, and those of the other columns. */
function columnFields(view: View, { observed, row, at }: Found): { first: Field[]; others: Field[] } {
  const fieldOf = ({ title, description, text }: Column<unknown>): Field => ({
    name: title,
    value: text(row, at),
    note: description,
  });
  const summary = view.summary?.(row, observed, at);
  if (!summary) return { first: view.columns.map(fieldOf), others: [] };
  const columnOf = (name: string) => view.columns.filter((column) => column.name === name);
  return {
    first: summary.flatMap((each) => (typeof each === 'string' ? columnOf(each).map(fieldOf) : each)),
    others: view.columns.filter(({ name }) => !summary.includes(name)).map(fieldOf),
  };
}

function hintOf(keptAt: number | null, hasStack: boolean, keys: Keymap): string | null {
  if (keptAt !== null) return `no longer there: last seen at ${format.timeOfDay(keptAt)}`;
  return hasStack ? `${keyOf(keys, 'stack')}: its current Python stack` : null;
}

/** Title of a row. */
function labelOf({ label, columns }: View, row: unknown, at: CellContext): string {
  return label ? at.mask.text(label(row)) : (columns[0]?.text(row, at) ?? '').trim();
}

/** Detail of a row that did not exist when the detail was opened and still does not exist. */
function gone(scene: Scene, columns: number): Detail {
  const { lines, fields } = linesOf(originSection(scene), columns, scene.view.glyphs.ellipsis);
  const blank: DetailLine = { spans: [], field: null };
  const text = `the row no longer exists (${keyOf(scene.view.keys, 'back')} goes back)`;
  const said: DetailLine = { spans: [{ text, role: 'dim' }], field: null };
  return { lines: lines.length > 0 ? [...lines, blank, said] : [said], fields };
}

/** The section of the finding or the event from which the detail was opened. */
function originSection(scene: Scene): Section[] {
  const { view } = scene;
  const event = view.detail?.event;
  if (event) {
    const fields = eventFields(event, boundedMask(view.mask, VALUE_CHARACTERS));
    return [{ title: 'Event', hint: `${keyOf(view.keys, 'back')} returns to it`, fields }];
  }
  const finding = openedFinding(scene);
  if (!finding) return [];
  const isCurrent = scene.findings.includes(finding);
  const hint = `${isCurrent ? '' : 'the finding has ended; '}${keyOf(view.keys, 'back')} returns to it`;
  const fields = findingFields(finding, boundedMask(view.mask, VALUE_CHARACTERS));
  return [{ title: 'Finding', hint, fields }];
}

/** The finding from which the detail was opened, in its current state or, if it has ended, in its last one. */
function openedFinding({ findings, view }: Scene): Finding | undefined {
  const opened = view.detail?.finding;
  return opened && (findings.find((each) => findingId(each) === findingId(opened)) ?? opened);
}
