import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { partsOf, readGuarded } from '../../src/host/guarded.ts';

describe('guarded files', () => {
  it('have the same contents for our own user and for others', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'statstop-guarded-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const path = (name: string) => join(folder, name);
    writeFileSync(path('a'), Buffer.from([0x75, 0, 0xff, 0x0a]));
    writeFileSync(path('b'), '');
    writeFileSync(path('c'), 'x'.repeat(1_000_000));
    const names = ['a', 'missing', 'b', 'c'];
    const own = process.geteuid?.() ?? 0;
    for (const uid of [own, own + 1]) {
      const found = await readGuarded(names.map((name) => ({ path: path(name), uid })));
      expect(found.get(path('a'))).toBe('u\0\xff\n');
      expect(found.get(path('b'))).toBe('');
      expect(found.get(path('c'))).toHaveLength(256 * 1024);
      expect(found.has(path('missing'))).toBe(false);
    }
  });

  it('without the end of the output, the last one is missing', () => {
    const output = '==> /a <==\nx\n==> /b <==\ny';
    expect(partsOf(output, ['/a', '/b'], true)).toEqual([
      ['/a', 'x'],
      ['/b', 'y'],
    ]);
    expect(partsOf(output, ['/a', '/b'], false)).toEqual([['/a', 'x']]);
    expect(partsOf('', ['/a'], false)).toEqual([]);
  });
});
