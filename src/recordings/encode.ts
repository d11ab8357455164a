import { ByteWriter } from './bytes.ts';
import {
  baseOf,
  DOUBLE,
  FALSE,
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
  NAMED_FIELD,
  NULL,
  numberKind,
  PAIRS_FIELD,
  type Pairs,
  pairsOf,
  SHAPE,
  type Shape,
  scaled,
  setField,
  TEXT,
  TRUE,
  type Tree,
} from './columns.ts';
import { RecordingError } from './error.ts';

/**
 * Returns the text to write instead of a text.
 *
 * @param variable name of the variable that the text is the value of; `null` for other texts
 */
export type TextMask = (text: string, variable: string | null) => string;

const SAME: TextMask = (text) => text;

/** The values with one path. The streams contain those of the current tree. */
class Column {
  readonly id: number;
  /** Name of the field; for items of a list, that of the list. */
  readonly name: string;
  /** Whether the name is that of a variable of a request. */
  readonly isVariable: boolean;
  readonly kinds = new ByteWriter();
  readonly numbers = new ByteWriter();
  readonly raws = new ByteWriter();
  readonly texts = new ByteWriter();
  readonly literals = new ByteWriter();
  hasKinds = false;
  hasNumbers = false;
  hasTexts = false;
  /** The tree that it was last used for. */
  round = 0;
  lastKind = -1;
  lastNumber = 0;
  lastShape: Shape | null = null;
  /** The columns of the fields of `lastShape`, in order. */
  lastFields: Column[] = [];
  readonly known = new Map<string, number>();
  readonly fields = new Map<string, Column>();
  items: Column | null = null;

  constructor(id: number, name: string, isVariable = false) {
    this.id = id;
    this.name = name;
    this.isVariable = isVariable;
  }

  /** The streams that differ from what the reader expects, in the order of their numbers. */
  streams(): readonly (ByteWriter | null)[] {
    return [
      this.hasKinds ? this.kinds : null,
      this.hasNumbers ? this.numbers : null,
      this.raws,
      this.hasTexts ? this.texts : null,
      this.literals,
    ];
  }

  clear(): void {
    for (const stream of [this.kinds, this.numbers, this.raws, this.texts, this.literals]) stream.clear();
    this.hasKinds = false;
    this.hasNumbers = false;
    this.hasTexts = false;
  }
}

/** Writes successive trees, each as its differences to the one before. `TreeDecoder` reads them. */
export class TreeEncoder {
  #mask: TextMask = SAME;
  readonly #shapes = new Map<string, Shape>();
  readonly #columns: Column[] = [];
  /** The columns of the current tree, in the order of the first visits. */
  readonly #used: Column[] = [];
  #round = 0;
  readonly #newShapes: Shape[] = [];
  readonly #root: Column;
  #before: Tree;
  #depth = 0;

  constructor() {
    this.#root = this.#column('');
  }

  /** Whether a limit is reached, so that the next tree needs a new encoder. */
  get isFull(): boolean {
    return this.#columns.length > MOST_COLUMNS / 2 || this.#shapes.size > MOST_SHAPES / 2;
  }

  /**
   * Returns the bytes of a tree, after masking its texts in place. The encoder keeps the tree and compares the next one
   * with it, so the tree must not be changed. The encoder cannot be used after an error.
   *
   * @throws RecordingError for a tree that a reader would refuse
   */
  encode(tree: Tree, mask: TextMask = SAME): Uint8Array {
    this.#mask = mask;
    this.#round += 1;
    this.#visit(this.#root, tree, this.#before);
    this.#before = tree;
    return this.#written();
  }

  #column(name: string, isVariable = false): Column {
    if (this.#columns.length >= MOST_COLUMNS) throw new RecordingError('a document has too many names');
    const column = new Column(this.#columns.length, name, isVariable);
    this.#columns.push(column);
    return column;
  }

  #use(column: Column): void {
    if (column.round === this.#round) return;
    column.round = this.#round;
    this.#used.push(column);
  }

  #visit(column: Column, value: Tree, before: Tree): void {
    this.#depth += 1;
    if (this.#depth > MOST_DEPTH) throw new RecordingError('a document is nested too deeply');
    this.#use(column);
    if (typeof value === 'number') this.#number(column, value, before);
    else if (typeof value === 'string') putText(column, value, before);
    else if (typeof value === 'boolean') putKind(column, value ? TRUE : FALSE);
    else if (Array.isArray(value)) this.#list(column, value, before);
    else if (typeof value === 'object' && value !== null) this.#fields(column, value, before);
    else putKind(column, NULL);
    this.#depth -= 1;
  }

  #number(column: Column, value: number, before: Tree): void {
    const kind = numberKind(value, column.lastKind);
    putKind(column, kind);
    if (kind <= LAST_SCALED) {
      putInteger(column, scaled(value, kind) ?? 0, baseOf(before, kind, column.lastNumber));
      return;
    }
    const isSame = typeof before === 'number' && Object.is(before, value);
    column.numbers.byte(isSame ? 0 : 1);
    if (isSame) return;
    column.hasNumbers = true;
    if (kind === FLOAT) column.raws.float(value);
    else if (kind === DOUBLE) column.raws.double(value);
  }

  #list(column: Column, list: Tree[], before: Tree): void {
    putKind(column, LIST);
    const old: readonly Tree[] = Array.isArray(before) ? before : [];
    putInteger(column, list.length, Array.isArray(before) ? old.length : column.lastNumber);
    if (list.length === 0) return;
    column.items ??= this.#column(column.name, column.isVariable);
    for (let at = 0; at < list.length; at += 1) {
      if (Array.isArray(list[at])) list[at] = this.#masked(column.items, list[at]);
      this.#visit(column.items, list[at], old[at]);
    }
  }

  /** A masked text, or a copy of a list with masked texts. Other values are masked when they are visited. */
  #masked(column: Column, value: Tree): Tree {
    const { name, isVariable } = column;
    if (typeof value === 'string') return this.#mask(value, isVariable ? name : null);
    if (!Array.isArray(value) || !value.some((item) => typeof item === 'string')) return value;
    return value.map((item) => (typeof item === 'string' ? this.#masked(column, item) : item));
  }

  #fields(column: Column, value: object, before: Tree): void {
    const object = value as Record<string, Tree>;
    const shape = this.#shaped(column, Object.keys(object), false);
    const { names } = shape;
    const fields = column.lastFields;
    for (let place = 0; place < names.length; place += 1) {
      const name = names[place] as string;
      const field = fields[place] as Column;
      const of = object[name];
      const old = fieldBefore(before, shape, place);
      const pairs = name === PAIRS_FIELD && Array.isArray(of) ? pairsOf(of) : null;
      // A text that equals the masked one before it is masked already.
      if (!pairs && of !== old && (typeof of === 'string' || Array.isArray(of)))
        setField(object, name, this.#masked(field, of));
      if (pairs) setField(object, name, this.#pairs(field, pairs, old));
      else this.#visit(field, object[name], old);
    }
  }

  /** @returns the list with masked values */
  #pairs(column: Column, pairs: Pairs, before: Tree): readonly string[] {
    this.#use(column);
    const { names } = pairs;
    const shape = this.#shaped(column, names, true);
    const masked = this.#maskedPairs(pairs, Array.isArray(before) ? pairsOf(before) : null);
    const fields = column.lastFields;
    for (let place = 0; place < names.length; place += 1)
      this.#visit(fields[place] as Column, masked.values[place], fieldBefore(before, shape, place));
    return listOf(masked);
  }

  /** Masks the values, except those of the request before: most requests are in several documents. */
  #maskedPairs({ names, values, unmasked }: Pairs, before: Pairs | null): Pairs {
    // They were masked for the block before.
    if (unmasked) return { names, values, unmasked };
    const mask = (value: string, place: number) =>
      before?.unmasked?.[place] === value && before.names[place] === names[place]
        ? (before.values[place] ?? '')
        : this.#mask(value, names[place] ?? '');
    return { names, values: values.map(mask), unmasked: values };
  }

  /** Writes the shape of an object or of pairs. Its fields get columns in the order of the first visits. */
  #shaped(column: Column, names: readonly string[], isPairs: boolean): Shape {
    const last = column.lastShape;
    const isLast = last !== null && last.isPairs === isPairs && isSame(last.names, names);
    const shape = isLast ? last : this.#shapeOf(names, isPairs);
    putKind(column, SHAPE + shape.id);
    if (isLast) return shape;
    column.lastShape = shape;
    column.lastFields = this.#fieldsOf(column, shape);
    return shape;
  }

  #fieldsOf(column: Column, { names, isPairs }: Shape): Column[] {
    const isVariable = isPairs || column.name === NAMED_FIELD;
    if (names.length <= MOST_FIELDS || isPairs)
      return names.map((name) => this.#field(column, name, isVariable));
    column.items ??= this.#column(column.name, isVariable);
    return Array<Column>(names.length).fill(column.items);
  }

  #field(column: Column, name: string, isVariable: boolean): Column {
    const known = column.fields.get(name);
    if (known) return known;
    const field = this.#column(name, isVariable);
    column.fields.set(name, field);
    return field;
  }

  #shapeOf(names: readonly string[], isPairs: boolean): Shape {
    const key = `${isPairs ? '=' : ':'}${JSON.stringify(names)}`;
    const known = this.#shapes.get(key);
    if (known) return known;
    if (this.#shapes.size >= MOST_SHAPES)
      throw new RecordingError('a document has too many kinds of objects');
    const shape = { id: this.#shapes.size, isPairs, names };
    this.#shapes.set(key, shape);
    this.#newShapes.push(shape);
    return shape;
  }

  #written(): Uint8Array {
    const out = new ByteWriter();
    out.unsigned(this.#newShapes.length);
    for (const { isPairs, names } of this.#newShapes) {
      out.byte(isPairs ? 1 : 0);
      out.unsigned(names.length);
      for (const name of names) out.text(name);
    }
    const body = new ByteWriter();
    const heads = new ByteWriter();
    let count = 0;
    for (const column of this.#used) {
      for (const [number, stream] of column.streams().entries()) {
        if (stream === null || stream.length === 0) continue;
        count += 1;
        heads.unsigned(column.id * STREAMS + number);
        heads.unsigned(stream.length);
        body.bytes(stream.view());
      }
      column.clear();
    }
    this.#used.length = 0;
    this.#newShapes.length = 0;
    out.unsigned(count);
    out.bytes(heads.view());
    out.bytes(body.view());
    return Uint8Array.from(out.view());
  }
}

/** Number of streams of a column. */
export const STREAMS = 5;

/** Writes 0 for the kind of the value before it in the column. */
function putKind(column: Column, kind: number): void {
  if (kind === column.lastKind) {
    column.kinds.byte(0);
    return;
  }
  column.kinds.unsigned(kind + 1);
  column.lastKind = kind;
  column.hasKinds = true;
}

function putText(column: Column, text: string, before: Tree): void {
  putKind(column, TEXT);
  if (text === before) {
    column.texts.byte(0);
    return;
  }
  column.hasTexts = true;
  const known = column.known.get(text);
  column.texts.unsigned(known === undefined ? 1 : known + 2);
  if (known !== undefined) return;
  column.literals.text(text);
  if (column.known.size < MOST_TEXTS) column.known.set(text, column.known.size);
}

function putInteger(column: Column, integer: number, base: number): void {
  const difference = integer - base;
  column.numbers.signed(difference);
  column.lastNumber = integer;
  if (difference !== 0) column.hasNumbers = true;
}

function isSame(one: readonly string[], other: readonly string[]): boolean {
  if (one.length !== other.length) return false;
  for (let at = 0; at < one.length; at += 1) if (one[at] !== other[at]) return false;
  return true;
}
