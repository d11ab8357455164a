import { clean, toWidth, width, wrap } from '../text/clean.ts';
import type { Line, Role, Span } from './frame.ts';
import type { DetailState } from './scene.ts';
import { marked, patternOf } from './search.ts';
import type { Field, Section } from './view.ts';

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
export interface DetailLine {
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

/** Notes that do not fit beside their values follow all values, in a section of their own. */
export function linesOf(sections: readonly Section[], columns: number, ellipsis: string): Detail {
  const lines: DetailLine[] = [];
  const fields: DetailField[] = [];
  const notes = new Map<string, Field>();
  const title = (spans: Span[]) => lines.push({ spans, field: null });
  const add = ({ title: text, hint, fields: own }: Section, role: Role = 'plain') => {
    if (lines.length > 0) title([]);
    title([{ text: clean(text), role: 'title' }]);
    if (hint !== undefined) title([{ text: `  ${clean(hint)}`, role: 'dim' }]);
    for (const each of own) {
      const field = { name: clean(each.name), value: clean(each.value.trim()) };
      const shown = fieldLines({ ...each, ...field }, columns, ellipsis, role);
      for (const spans of shown.lines) lines.push({ spans, field: fields.length });
      fields.push({ ...field, line: lines.length - shown.lines.length, height: shown.lines.length });
      if (each.note && !shown.hasNote)
        notes.set(`${each.name} ${each.note}`, { name: each.name, value: each.note });
    }
  };
  for (const section of sections) add(section);
  if (notes.size > 0) add({ title: 'Explanations', fields: [...notes.values()] }, 'dim');
  return { lines, fields };
}

/** Lines of the detail for display. The field under the cursor is selected, and search matches are highlighted. */
export function detailLines(
  detail: Detail,
  { field: chosen, search }: Pick<DetailState, 'field' | 'search'>,
  from = 0,
  to = detail.lines.length,
): Line[] {
  const { lines } = detail;
  const cursor = cursorOf(detail, chosen);
  return lines.slice(from, to).map(({ spans, field }) => {
    if (field === null) return { spans };
    return {
      spans: search ? spans.flatMap((span) => marked(span, search)) : spans,
      emphasis: field === cursor ? 'selected' : undefined,
    };
  });
}

/**
 * Index of the field under the cursor; `null` without a cursor. A wider detail can have fewer fields, because notes
 * have room beside the values.
 */
export function cursorOf({ fields }: Detail, field: number | null): number | null {
  return field === null || fields.length === 0 ? null : Math.min(field, fields.length - 1);
}

/**
 * First line to show in a body of `height` lines. Keeps the field under the cursor in view, or at least its beginning.
 */
export function detailTop(
  detail: Detail,
  { top, field }: Pick<DetailState, 'top' | 'field'>,
  height: number,
): number {
  const { lines, fields } = detail;
  const last = Math.max(0, lines.length - height);
  const cursor = fields[cursorOf(detail, field) ?? -1];
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

interface FieldLines {
  lines: Span[][];
  /** Whether the whole note is shown. */
  hasNote: boolean;
}

/**
 * Lines of a field: name and value, and the note if the value is short. Long values are wrapped, not truncated, unless
 * the field is `short`. The note takes one line, so that values remain close together.
 */
function fieldLines(
  { name, value, note = '', short }: Field,
  columns: number,
  ellipsis: string,
  role: Role,
): FieldLines {
  const room = Math.max(LEAST_VALUE_WIDTH, columns - VALUE_AT);
  const [first = '', ...rest] = short ? [toWidth(value, room, 'left').trimEnd()] : wrap(value, room);
  const shortName = toWidth(name, NAME_WIDTH, 'left', '~');
  const label: Span = { text: `  ${shortName} `, role: 'label' };
  const noteAt = VALUE_AT + SHORT_VALUE + 2;
  const noteRoom = columns - noteAt;
  // A note after a long value would not align with the other notes.
  const isNoted =
    note !== '' && rest.length === 0 && width(first) <= SHORT_VALUE && noteRoom >= LEAST_NOTE_WIDTH;
  if (!isNoted)
    return {
      lines: [
        [label, { text: first, role }],
        ...rest.map((text): Span[] => [{ text: ' '.repeat(VALUE_AT) + text, role }]),
      ],
      hasNote: false,
    };
  const padding = ' '.repeat(noteAt - VALUE_AT - width(first));
  const hasNote = width(note) <= noteRoom;
  const beside = hasNote ? note : toWidth(note, noteRoom, 'left', ellipsis);
  return {
    lines: [[label, { text: first + padding, role }, { text: beside, role: 'dim' }]],
    hasNote,
  };
}
