import { ByteReader } from './bytes.ts';
import {
  baseOf,
  DOUBLE,
  FALSE,
  FIRST_SCALED,
  FLOAT,
  fieldBefore,
  LAST_SCALED,
  LIST,
  listOf,
  MOST_COLUMNS,
  MOST_DEPTH,
  MOST_FIELDS,
  MOST_SHAPES,
  MOST_TEXTS,
  MOST_VALUES,
  NULL,
  SCALES,
  SHAPE,
  type Shape,
  setField,
  TEXT,
  TRUE,
  type Tree,
} from './columns.ts';
import { STREAMS } from './encode.ts';
import { RecordingError } from './error.ts';

const NOTHING = new ByteReader(Buffer.alloc(0));

/** The values with one path, and the streams of the current tree. An absent stream has only zeros. */
class Column {
  readonly id: number;
  kinds: ByteReader | null = null;
  numbers: ByteReader | null = null;
  raws = NOTHING;
  texts: ByteReader | null = null;
  literals = NOTHING;
  /** The tree that the streams belong to. */
  round = 0;
  lastKind = -1;
  lastNumber = 0;
  readonly known: string[] = [];
  readonly fields = new Map<string, Column>();
  items: Column | null = null;
  lastShape: Shape | null = null;
  /** The columns of the fields of `lastShape`, in order. */
  lastFields: readonly Column[] = [];

  constructor(id: number) {
    this.id = id;
  }
}

/**
 * Reads what `TreeEncoder` wrote. The bytes can come from a stranger: every size is checked, and an error is a
 * `RecordingError`. After an error, the decoder cannot be used any more.
 */
export class TreeDecoder {
  readonly #shapes: Shape[] = [];
  readonly #root = new Column(0);
  #columns = 1;
  #streams = new Map<number, ByteReader>();
  #round = 0;
  #values = 0;
  #before: Tree;

  /** Returns the next tree. The decoder keeps the tree: do not change it. */
  decode(bytes: Buffer): Tree {
    const input = new ByteReader(bytes);
    this.#readShapes(input);
    this.#readStreams(input);
    this.#round += 1;
    this.#values = 0;
    this.#before = this.#value(this.#root, this.#before, 0);
    return this.#before;
  }

  #readShapes(input: ByteReader): void {
    for (let count = input.unsigned(); count > 0; count -= 1) {
      const isPairs = input.byte() === 1;
      const names: string[] = [];
      for (let left = input.unsigned(); left > 0; left -= 1) names.push(input.text());
      if (this.#shapes.length >= MOST_SHAPES) throw new RecordingError('too many kinds of objects');
      this.#shapes.push({ id: this.#shapes.length, isPairs, names });
    }
  }

  #readStreams(input: ByteReader): void {
    const sizes: [key: number, size: number][] = [];
    for (let count = input.unsigned(); count > 0; count -= 1)
      sizes.push([input.unsigned(), input.unsigned()]);
    this.#streams = new Map(sizes.map(([key, size]) => [key, new ByteReader(input.bytes(size))]));
  }

  #begin(column: Column): void {
    if (column.round === this.#round) return;
    column.round = this.#round;
    const stream = (number: number) => this.#streams.get(column.id * STREAMS + number) ?? null;
    column.kinds = stream(0);
    column.numbers = stream(1);
    column.raws = stream(2) ?? NOTHING;
    column.texts = stream(3);
    column.literals = stream(4) ?? NOTHING;
  }

  #value(column: Column, before: Tree, depth: number): Tree {
    this.#values += 1;
    if (this.#values > MOST_VALUES || depth > MOST_DEPTH) throw new RecordingError('a document is too large');
    this.#begin(column);
    const change = column.kinds?.unsigned() ?? 0;
    if (change > 0) column.lastKind = change - 1;
    const kind = column.lastKind;
    if (kind >= SHAPE) return this.#fields(column, kind - SHAPE, before, depth);
    if (kind >= FIRST_SCALED && kind <= LAST_SCALED)
      return integerOf(column, baseOf(before, kind, column.lastNumber)) / (SCALES[kind - FIRST_SCALED] ?? 1);
    switch (kind) {
      case NULL:
        return null;
      case FALSE:
        return false;
      case TRUE:
        return true;
      case TEXT:
        return textOf(column, before);
      case LIST:
        return this.#list(column, before, depth);
      case FLOAT:
      case DOUBLE:
        return rawOf(column, before, kind);
      default:
        throw new RecordingError('a value has no kind');
    }
  }

  #list(column: Column, before: Tree, depth: number): Tree[] {
    const old: readonly Tree[] = Array.isArray(before) ? before : [];
    const length = integerOf(column, Array.isArray(before) ? old.length : column.lastNumber);
    if (length < 0 || length > MOST_VALUES) throw new RecordingError('a list is too long');
    const list: Tree[] = [];
    if (length === 0) return list;
    column.items ??= this.#column();
    for (let at = 0; at < length; at += 1) list.push(this.#value(column.items, old[at], depth + 1));
    return list;
  }

  #fields(column: Column, id: number, before: Tree, depth: number): Tree {
    const shape = this.#shapes[id];
    if (!shape) throw new RecordingError('an object has no names');
    const fields = column.lastShape === shape ? column.lastFields : this.#fieldsOf(column, shape);
    const { names, isPairs } = shape;
    if (isPairs) {
      const values = names.map((_, place) =>
        String(this.#value(fields[place] as Column, fieldBefore(before, shape, place), depth + 1)),
      );
      return listOf({ names, values });
    }
    const object: Record<string, unknown> = {};
    for (let place = 0; place < names.length; place += 1)
      setField(
        object,
        names[place] as string,
        this.#value(fields[place] as Column, fieldBefore(before, shape, place), depth + 1),
      );
    return object;
  }

  #fieldsOf(column: Column, shape: Shape): readonly Column[] {
    column.lastShape = shape;
    column.lastFields = this.#columnsOf(column, shape);
    return column.lastFields;
  }

  #columnsOf(column: Column, { names, isPairs }: Shape): readonly Column[] {
    if (names.length > MOST_FIELDS && !isPairs) {
      column.items ??= this.#column();
      return Array<Column>(names.length).fill(column.items);
    }
    return names.map((name) => {
      const known = column.fields.get(name);
      if (known) return known;
      const field = this.#column();
      column.fields.set(name, field);
      return field;
    });
  }

  #column(): Column {
    if (this.#columns >= MOST_COLUMNS) throw new RecordingError('too many names');
    return new Column(this.#columns++);
  }
}

function integerOf(column: Column, base: number): number {
  const integer = base + (column.numbers?.signed() ?? 0);
  column.lastNumber = integer;
  return integer;
}

function rawOf(column: Column, before: Tree, kind: number): number {
  const isSame = (column.numbers?.byte() ?? 0) === 0;
  if (isSame) {
    if (typeof before !== 'number') throw new RecordingError('a number has no value before');
    return before;
  }
  return kind === FLOAT ? column.raws.float() : column.raws.double();
}

function textOf(column: Column, before: Tree): string {
  const code = column.texts?.unsigned() ?? 0;
  if (code === 0) {
    if (typeof before !== 'string') throw new RecordingError('a text has no text before');
    return before;
  }
  if (code === 1) {
    const text = column.literals.text();
    if (column.known.length < MOST_TEXTS) column.known.push(text);
    return text;
  }
  const text = column.known[code - 2];
  if (text === undefined) throw new RecordingError('a text is missing');
  return text;
}
