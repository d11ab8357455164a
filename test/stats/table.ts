import { expect } from 'vitest';
import type { Sent } from './captures.ts';

/**
 * The place and the unit of each field of a document in the snapshot. Written from uWSGI's sources, independently of
 * the code under test, so that a dropped or swapped field or a wrong unit fails.
 */
export type Table = Readonly<Record<string, Check>>;
export type Check = (sent: unknown, typed: Sent, path: string, parent: Sent) => void;
type Unit = (sent: unknown, parent: Sent) => unknown;

/** Compares an object of the document with its place in the snapshot. A key without a rule fails. */
export function compare(sent: unknown, typed: unknown, table: Table, path: string): void {
  for (const [key, value] of Object.entries(sent as Sent)) {
    const check = table[key];
    if (check === undefined) expect.fail(`${path}.${key} is sent, but the table has no rule for it`);
    check(value, typed as Sent, `${path}.${key}`, sent as Sent);
  }
}

export const same: Unit = (sent) => sent;
export const yesOrNo: Unit = (sent) => sent !== 0;
export const fromMicroseconds: Unit = (sent) => Number(sent) / 1e6;
export const fromMilliseconds: Unit = (sent) => Number(sent) / 1e3;
/** 0 and -1 mean "none" or "not measured". */
export const zeroIsUnknown: Unit = (sent) => (sent === 0 || sent === -1 ? null : sent);
export const emptyIsUnknown: Unit = (sent) => (sent === '' ? null : sent);
export const nothing: Unit = () => null;

export function as(place: string, unit: Unit = same): Check {
  return (sent, typed, path, parent) =>
    expect(at(typed, place), `${path} → ${place}`).toEqual(unit(sent, parent));
}

function at(typed: Sent, place: string): unknown {
  return place.split('.').reduce<unknown>((value, key) => (value as Sent)[key], typed);
}

export function each(place: string, table: Table): Check {
  return (sent, typed, path) => {
    const [from, to] = [sent, at(typed, place)] as [unknown[], unknown[]];
    expect(to, `${path} → ${place}`).toHaveLength(from.length);
    for (const [index, one] of from.entries()) compare(one, to[index], table, `${path}[${index}]`);
  };
}

/** The fields of every kind of document. */
export const SERVER: Table = {
  version: as('server.version'),
  pid: as('server.pid'),
  uid: as('server.uid'),
  gid: as('server.gid'),
  cwd: as('server.cwd'),
};
