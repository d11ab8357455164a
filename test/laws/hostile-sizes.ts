import { capture, meant, NAMES, type Sent } from '../stats/captures.ts';

/** The path of a list or a string in a document: names, and `0` for any entry of a list. */
export type Path = readonly string[];

/** A list or string of a captured document that can be made large. */
export interface Place {
  /** For example `workers.0.cores.0.vars`. */
  label: string;
  /** Name of the capture. */
  name: string;
  path: Path;
}

/** All lists of the captures, and all objects whose names are data. New captures are included automatically. */
export const LISTS: readonly Place[] = placesOf((value, key) => isList(value) || key === 'metrics');

/** All strings of the captures, each path once. */
export const STRINGS: readonly Place[] = placesOf((value) => typeof value === 'string');

function isList(value: unknown): boolean {
  return Array.isArray(value) && value.length > 0;
}

function placesOf(wanted: (value: unknown, key: string) => boolean): readonly Place[] {
  const found = new Map<string, Place>();
  const look = (name: string, kind: string, value: unknown, path: Path) => {
    const label = `${kind} ${path.join('.')}`;
    if (path.length > 0 && !found.has(label) && wanted(value, path.at(-1) ?? ''))
      found.set(label, { label, name, path });
    if (Array.isArray(value)) for (const each of value) look(name, kind, each, [...path, '0']);
    else if (typeof value === 'object' && value !== null)
      for (const [key, each] of Object.entries(value)) {
        // The names of metrics and locks are data.
        const isName = path.at(-1) === 'metrics' || path.at(-2) === 'locks' || path.at(-2) === 'attrs';
        look(name, kind, each, [...path, isName ? '*' : key]);
      }
  };
  for (const name of NAMES) {
    const document = meant(capture(name, 1));
    look(name, kindOf(document), document, []);
  }
  return [...found.values()];
}

function kindOf(document: Sent): string {
  return 'workers' in document ? 'app' : 'vassals' in document ? 'emperor' : 'router';
}

/** The document with the value at that path changed, in each list of the path that contains it. */
function changed(document: Sent, path: Path, change: (value: unknown) => unknown): Sent {
  const at = (value: unknown, [key, ...rest]: Path): unknown => {
    if (key === undefined) return change(value);
    if (Array.isArray(value)) {
      const place = value.findIndex((each) => has(each, rest));
      return value.map((each, nth) => (nth === place ? at(each, rest) : each));
    }
    if (typeof value !== 'object' || value === null) return value;
    const entries = Object.entries(value);
    const nth = key === '*' ? 0 : entries.findIndex(([name]) => name === key);
    return Object.fromEntries(
      entries.map(([name, each], place) => [name, place === nth ? at(each, rest) : each]),
    );
  };
  return at(document, path) as Sent;
}

function has(value: unknown, [key, ...rest]: Path): boolean {
  if (key === undefined) return value !== undefined;
  if (Array.isArray(value)) return value.some((each) => has(each, rest));
  if (typeof value !== 'object' || value === null) return false;
  const fields = value as Sent;
  return key === '*' ? Object.values(fields).some((each) => has(each, rest)) : has(fields[key], rest);
}

/** The captured document with that many entries in a list. The strings of the entries differ. */
export function longList({ name, path }: Place, entries: number): Buffer {
  return written(
    changed(meant(capture(name, 1)), path, (value) => {
      const all: [string, unknown][] = Array.isArray(value)
        ? value.map((each): [string, unknown] => ['', each])
        : Object.entries(value as Sent);
      const many = Array.from({ length: entries }, (_, nth): [string, unknown] => {
        const [key, each] = all[nth % all.length] ?? ['', null];
        return [`${key}${nth}`, distinct(each, nth)];
      });
      return Array.isArray(value) ? many.map(([, each]) => each) : Object.fromEntries(many);
    }),
  );
}

/** Appends another number to its strings. Strings with a meaning, such as a status, do not change. */
function distinct(value: unknown, nth: number): unknown {
  if (typeof value === 'string') return `${value}${nth}`;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [
      key,
      typeof each === 'string' && key !== 'status' ? `${each}${nth}` : each,
    ]),
  );
}

/** The captured document with the text appended to the string at that path. */
export function longString({ name, path }: Place, text: string): Buffer {
  return written(changed(meant(capture(name, 1)), path, (value) => `${value}${text}`));
}

function written(document: Sent): Buffer {
  return Buffer.from(JSON.stringify(document), 'latin1');
}
