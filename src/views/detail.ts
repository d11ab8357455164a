import { isObserved, type Observed } from '../monitor/observation.ts';
import { findingId } from '../rates/about.ts';
import { boundedMask, VALUE_CHARACTERS } from '../text/bounds.ts';
import { clean, toWidth, width, wrap } from '../text/clean.ts';
import * as format from '../text/format.ts';
import type { CellContext } from './column.ts';
import type { Line, Span } from './frame.ts';
import { keyOf } from './help.ts';
import type { Keymap } from './keymap.ts';
import { pastSection } from './past.ts';
import { type DetailState, isOfNow, type Scene } from './scene.ts';
import { stackSection } from './stack.ts';
import { placesOf } from './table.ts';
import { findingFields } from './tables/findings.ts';
import type { Place, Section, View } from './view.ts';
import { cellContext, tableOf, viewOf } from './views.ts';

/** Width of the field names in cells, and the position at which the values begin. */
const NAME_WIDTH = 22;
const VALUE_AT = NAME_WIDTH + 3;

const LEAST_VALUE_WIDTH = 10;
const SHORT_VALUE = 12;
const LEAST_NOTE_WIDTH = 24;

/** All known facts about a row, as lines of the screen. */
export interface Detail {
  lines: readonly DetailLine[];
  fields: readonly DetailField[];
}

/** A line with the index of its field; `null` for titles. */
interface DetailLine {
  spans: Span[];
  field: number | null;
}

/** A field of the detail. Its value can take several lines. */
export interface DetailField {
  /** Both are clean, and the value is masked. */
  name: string;
  value: string;
  /** Index of the first line of the field, and its number of lines. */
  line: number;
  height: number;
}

/**
 * The detail of the open or selected row. If the row no longer exists, it has only the fields of its finding, if any.
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
    columns,
  ];
  const last = LAST_DETAILS.get(found.row);
  if (last?.of.every((each, place) => each === of[place])) return last.detail;
  const detail = linesOf(sectionsOf(scene, found), columns);
  LAST_DETAILS.set(found.row, { of, detail });
  return detail;
}

type Source = readonly unknown[];

/** Cache by row. */
const LAST_DETAILS = new WeakMap<object, { of: Source; detail: Detail }>();

function linesOf(sections: readonly Section[], columns: number): Detail {
  const lines: DetailLine[] = [];
  const fields: DetailField[] = [];
  const title = (spans: Span[]) => lines.push({ spans, field: null });
  for (const { title: text, hint, fields: own } of sections) {
    if (lines.length > 0) title([]);
    title([{ text: clean(text), role: 'title' }]);
    if (hint !== undefined) title([{ text: `  ${clean(hint)}`, role: 'dim' }]);
    for (const each of own) {
      const field = { name: clean(each.name), value: clean(each.value.trim()) };
      const shown = fieldLines({ ...each, ...field }, columns);
      for (const spans of shown) lines.push({ spans, field: fields.length });
      fields.push({ ...field, line: lines.length - shown.length, height: shown.length });
    }
  }
  return { lines, fields };
}

/** Lines of the detail for display. The field under the cursor is selected, and search matches are highlighted. */
export function detailLines(
  { lines }: Detail,
  { field: cursor, search }: Pick<DetailState, 'field' | 'search'>,
  from = 0,
  to = lines.length,
): Line[] {
  return lines.slice(from, to).map(({ spans, field }) => {
    if (field === null) return { spans };
    return {
      spans: search ? spans.flatMap((span) => marked(span, search)) : spans,
      emphasis: field === cursor ? 'selected' : undefined,
    };
  });
}

/**
 * First line to show in a body of `height` lines. Keeps the field under the cursor in view, or at least its beginning.
 */
export function detailTop(
  { lines, fields }: Detail,
  { top, field }: Pick<DetailState, 'top' | 'field'>,
  height: number,
): number {
  const last = Math.max(0, lines.length - height);
  const cursor = field === null ? undefined : fields[Math.min(field, fields.length - 1)];
  if (!cursor) return Math.max(0, Math.min(top, last));
  const end = cursor.line + cursor.height;
  // The last line of the screen can be the hint that more lines follow.
  const first = Math.max(Math.min(top, last), end - height + (end < lines.length ? 1 : 0));
  // A title precedes the first field.
  return Math.max(0, Math.min(first, field === 0 && end < height ? 0 : cursor.line));
}

/** Indexes of the fields whose name or value contains the text, ignoring case. */
export function matchesIn(detail: Detail, search: string | null): readonly number[] {
  if (!search) return [];
  const last = LAST_MATCHES.get(detail);
  if (last?.search === search) return last.places;
  const wanted = patternOf(search);
  const places = detail.fields.flatMap(({ name, value }, place) =>
    wanted.test(`${name} ${value}`) ? [place] : [],
  );
  LAST_MATCHES.set(detail, { search, places });
  return places;
}

const LAST_MATCHES = new WeakMap<Detail, { search: string; places: readonly number[] }>();

/** Text for the clipboard: the value under the cursor of the detail, or the row as one line. `null` without a row. */
export function copyText(scene: Scene): string | null {
  const found = lastRowOf(scene);
  if (!found) return null;
  const cursor = scene.view.detail?.field ?? null;
  // The width does not matter, because copied values are not wrapped.
  if (cursor !== null) return detailOf(scene, 80).fields[cursor]?.value ?? null;
  const { row, at } = found;
  return viewOf(scene)
    .columns.map((column) => `${column.title}=${clean(column.text(row, at))}`)
    .join(' ');
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
  observed: Observed;
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
  // The table of merged cores has no rows for workers, which a finding can refer to.
  if (place === undefined && view.detail?.finding && view.cores === 'merged')
    return rowOf({ ...scene, view: { ...view, cores: 'off' } });
  if (place === undefined) return null;
  return {
    observed: scene,
    row: table.rows[place] as object,
    at: cellContext(scene.sample, view, VALUE_CHARACTERS),
  };
}

function sectionsOf(scene: Scene, { observed, row, at }: Found): Section[] {
  const view = viewOf(scene);
  const place = view.runs?.(row) ?? null;
  const stack = place && stackSection(place, scene.stack, at);
  const hint = hintOf(
    observed.sample === scene.sample ? null : observed.sample.time,
    place !== null && stack === null && isOfNow(scene),
    scene.view.keys,
  );
  return [
    // The stack comes first, because the user requested it.
    ...(stack ? [stack] : []),
    ...findingSection(scene),
    {
      title: `${view.title} ${labelOf(view, row, at)}`,
      ...(hint === null ? {} : { hint }),
      fields: view.columns.map((column) => ({
        name: column.title,
        value: column.text(row, at),
        note: column.description,
      })),
    },
    ...(view.more?.(row, observed, at) ?? []),
    ...(place?.core === null ? [pastSection(place.worker, scene)] : []),
  ];
}

function hintOf(keptAt: number | null, hasStack: boolean, keys: Keymap): string | null {
  if (keptAt !== null) return `it is gone: as it was at ${format.timeOfDay(keptAt)}`;
  return hasStack ? `${keyOf(keys, 'stack')}: the Python stack that it is in now` : null;
}

/** Title of a row. */
function labelOf({ label, columns }: View, row: unknown, at: CellContext): string {
  return label ? at.mask.text(label(row)) : (columns[0]?.text(row, at) ?? '').trim();
}

/** Detail of a row that did not exist when the detail was opened and still does not exist. */
function gone(scene: Scene, columns: number): Detail {
  const { lines, fields } = linesOf(findingSection(scene), columns);
  const blank: DetailLine = { spans: [], field: null };
  const text = `it is no longer there (${keyOf(scene.view.keys, 'back')} goes back)`;
  const said: DetailLine = { spans: [{ text, role: 'dim' }], field: null };
  return { lines: lines.length > 0 ? [...lines, blank, said] : [said], fields };
}

/** The finding from which the detail was opened, in its current state. */
function findingSection({ findings, view }: Scene): Section[] {
  const opened = view.detail?.finding;
  if (!opened) return [];
  const now = findings.find((each) => findingId(each) === findingId(opened));
  const hint = `${now ? '' : 'it is over; '}${keyOf(view.keys, 'back')} goes back to it`;
  const fields = findingFields(now ?? opened, boundedMask(view.mask, VALUE_CHARACTERS));
  return [{ title: 'Finding', hint, fields }];
}

/**
 * Lines of a field: name, value and note. Long values and long notes are wrapped, not truncated, unless the field is
 * `short`.
 */
function fieldLines({ name, value, note = '', short }: Section['fields'][number], columns: number): Span[][] {
  const room = Math.max(LEAST_VALUE_WIDTH, columns - VALUE_AT);
  const [first = '', ...rest] = short ? [toWidth(value, room, 'left').trimEnd()] : wrap(value, room);
  const shortName = toWidth(name, NAME_WIDTH, 'left', '~');
  const label: Span = { text: `  ${shortName} `, role: 'label' };
  const noteAt = VALUE_AT + SHORT_VALUE + 2;
  // A note after a long value would not align with the other notes.
  const isNoted =
    note !== '' && rest.length === 0 && width(first) <= SHORT_VALUE && columns - noteAt >= LEAST_NOTE_WIDTH;
  if (!isNoted)
    return [
      [label, { text: first, role: 'plain' }],
      ...rest.map((text): Span[] => [{ text: ' '.repeat(VALUE_AT) + text, role: 'plain' }]),
    ];
  const [beside = '', ...below] = wrap(note, columns - noteAt);
  const padding = ' '.repeat(noteAt - VALUE_AT - width(first));
  return [
    [label, { text: first + padding, role: 'plain' }, { text: beside, role: 'dim' }],
    ...below.map((text): Span[] => [{ text: ' '.repeat(noteAt) + text, role: 'dim' }]),
  ];
}

/** Pattern for a search text, ignoring case. It includes the combining marks that follow the last letter. */
function patternOf(search: string): RegExp {
  return new RegExp(`${search.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')}\\p{M}*`, 'iu');
}

/** Splits a span so that the search matches are highlighted. */
function marked(span: Span, search: string): Span[] {
  const wanted = patternOf(search);
  const spans: Span[] = [];
  let rest = span.text;
  for (let found = wanted.exec(rest); found?.[0]; found = wanted.exec(rest)) {
    spans.push({ ...span, text: rest.slice(0, found.index) }, { text: found[0], role: 'match' });
    rest = rest.slice(found.index + found[0].length);
  }
  return [...spans, { ...span, text: rest }];
}
