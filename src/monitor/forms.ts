/**
 * Forms of values that are written to a file and read again. A file can come from a stranger, so `read` checks
 * everything. The written values are JSON, except that numbers may be NaN or infinite.
 */
export interface Form<Value> {
  write(value: Value): unknown;
  /** @throws FormError if the value has another form */
  read(value: unknown): Value;
}

/** A value of a file does not have the expected form. */
export class FormError extends Error {
  override name = 'FormError';
}

function primitive<Value>(isValid: (value: unknown) => value is Value): Form<Value> {
  return {
    write: (value) => value,
    read(value) {
      if (!isValid(value)) throw new FormError('a value has the wrong type');
      return value;
    },
  };
}

export const number = primitive((value): value is number => typeof value === 'number');
export const text = primitive((value): value is string => typeof value === 'string');
export const flag = primitive((value): value is boolean => typeof value === 'boolean');

export function oneOf<Word extends string>(words: readonly Word[]): Form<Word> {
  return primitive((value): value is Word => words.includes(value as Word));
}

export function nullable<Value>(form: Form<Value>): Form<Value | null> {
  return {
    write: (value) => (value === null ? null : form.write(value)),
    read: (value) => (value === null ? null : form.read(value)),
  };
}

export function list<Item>(form: Form<Item>): Form<readonly Item[]> {
  return {
    write: (items) => items.map((item) => form.write(item)),
    read: (value) => listIn(value).map((item) => form.read(item)),
  };
}

function listIn(value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) throw new FormError('a list is missing');
  return value;
}

type Forms<Fields> = { readonly [Name in keyof Fields]-?: Form<Exclude<Fields[Name], undefined>> };

/** An object with these fields and no others. Fields of `optional` can be absent. */
export function object<Fields extends object>(
  forms: Forms<Fields>,
  optional: readonly (keyof Fields)[] = [],
): Form<Fields> {
  const entries = Object.entries(forms) as [string & keyof Fields, Form<unknown>][];
  // A loop: `Object.fromEntries` takes many times as long.
  const each = (
    from: Partial<Record<string, unknown>>,
    convert: (form: Form<unknown>, value: unknown) => unknown,
  ) => {
    const converted: Record<string, unknown> = {};
    for (const [name, form] of entries) {
      const value = Object.hasOwn(from, name) ? from[name] : undefined;
      if (value !== undefined || !optional.includes(name)) converted[name] = convert(form, value);
    }
    return converted;
  };
  return {
    write: (value) => each(value as Record<string, unknown>, (form, of) => form.write(of)),
    read: (value) => each(objectIn(value), (form, of) => form.read(of)) as Fields,
  };
}

function objectIn(value: unknown): Partial<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) throw new FormError('an object is missing');
  return value as Record<string, unknown>;
}

/** The forms of the columns of a table (see `table`), each a list. */
export type Columns<Row> = { readonly [Name in keyof Row]-?: Form<readonly Row[Name][]> };

/** The columns of objects with these forms. */
export function columnsOf<Row extends object>(forms: Forms<Row>): Columns<Row> {
  const entries = Object.entries(forms) as [string, Form<unknown>][];
  return Object.fromEntries(entries.map(([name, form]) => [name, list(form)])) as Columns<Row>;
}

/** A list of objects with the same fields, as one list for each field. It is read faster than a list of objects. */
export function table<Row extends object>(columns: Columns<Row>): Form<readonly Row[]> {
  const entries = Object.entries(columns) as [string & keyof Row, Form<readonly unknown[]>][];
  return {
    write: (rows) =>
      Object.fromEntries(entries.map(([name, form]) => [name, form.write(rows.map((row) => row[name]))])),
    read(value) {
      const from = objectIn(value);
      const found = entries.map(([name, form]) => [name, form.read(from[name])] as const);
      const length = found[0]?.[1].length ?? 0;
      if (found.some(([, values]) => values.length !== length)) throw new FormError('a row is incomplete');
      return Array.from({ length }, (_, at) => {
        const row: Record<string, unknown> = {};
        for (const [name, values] of found) row[name] = values[at];
        return row as Row;
      });
    },
  };
}

/** A set, as a list. */
export function setOf<Item>(form: Form<Item>): Form<ReadonlySet<Item>> {
  const items = list(form);
  return { write: (set) => items.write([...set]), read: (value) => new Set(items.read(value)) };
}

/** A map, as a list of its keys and a list of its values. */
export function mapOf<Key, Value>(key: Form<Key>, value: Form<Value>): Form<ReadonlyMap<Key, Value>> {
  const both = object<{ keys: readonly Key[]; values: readonly Value[] }>({
    keys: list(key),
    values: list(value),
  });
  return {
    write: (map) => both.write({ keys: [...map.keys()], values: [...map.values()] }),
    read(tree) {
      const { keys, values } = both.read(tree);
      if (keys.length !== values.length) throw new FormError('a key has no value');
      return new Map(keys.map((each, at) => [each, values[at] as Value]));
    },
  };
}
