import { describe, expect, it } from 'vitest';
import { Rows } from '../../src/commands/rows.ts';

/** A reader that takes a row when the test says so. */
function reader() {
  const taken: string[] = [];
  const pending: ((isOpen: boolean) => void)[] = [];
  return {
    taken,
    send(text: string) {
      taken.push(text);
      return new Promise<boolean>((resolve) => pending.push(resolve));
    },
    /** Makes room for the next row. */
    async takes(isOpen = true) {
      pending.shift()?.(isOpen);
      await new Promise((resolve) => setImmediate(resolve));
    },
  };
}

const row = (name: string) => (missed: number) => `${name} ${missed}`;

describe('rows of a slow reader', () => {
  it('are the newest of each server, with the number of the missed ones', async () => {
    const { taken, send, takes } = reader();
    const rows = new Rows(send, () => expect.fail('ended'));
    for (const name of ['a1', 'b1', 'a2', 'a3', 'b2', 'a4']) rows.put(name.slice(0, 1), row(name));
    expect(taken).toEqual(['a1 0']);
    await takes();
    await takes();
    await takes();
    await rows.written();
    // a2 and a3 were replaced by a4, and b1 by b2.
    expect(taken).toEqual(['a1 0', 'b2 1', 'a4 2']);
    rows.put('a', row('a5'));
    expect(taken.at(-1)).toBe('a5 0');
  });

  it('are not composed before they are written', async () => {
    const { send } = reader();
    const rows = new Rows(send, () => {});
    rows.put('a', row('a1'));
    rows.put('a', () => expect.fail('composed'));
  });

  it('end with the reader', async () => {
    const { taken, send, takes } = reader();
    const ends: unknown[] = [];
    const rows = new Rows(send, (error) => ends.push(error));
    rows.put('a', row('a1'));
    rows.put('a', row('a2'));
    await takes(false);
    await rows.written();
    rows.put('a', row('a3'));
    expect([taken, ends]).toEqual([['a1 0'], [null]]);
  });

  it('end with an error of the output', async () => {
    const full = new Error('no space');
    const ends: unknown[] = [];
    const rows = new Rows(
      () => Promise.reject(full),
      (error) => ends.push(error),
    );
    rows.put('a', row('a1'));
    await rows.written();
    expect(ends).toEqual([full]);
  });
});
