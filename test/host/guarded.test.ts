import { execFileSync, spawnSync } from 'node:child_process';
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
    writeFileSync(path('a'), Buffer.from([0x75, 0, 0xc3, 0xa9, 0xff, 0x0a]));
    writeFileSync(path('b'), '');
    writeFileSync(path('c'), 'x'.repeat(1_000_000));
    const names = ['a', 'missing', 'b', 'c'];
    const own = process.geteuid?.() ?? 0;
    for (const uid of [own, own + 1]) {
      const found = await readGuarded(names.map((name) => ({ path: path(name), uid })));
      expect(found.get(path('a'))).toBe('u\0é\ufffd\n');
      expect(found.get(path('b'))).toBe('');
      expect(found.get(path('c'))).toHaveLength(256 * 1024);
      expect(found.has(path('missing'))).toBe(false);
    }
  });

  it('of another user that lets a reader wait do not make statstop wait', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'statstop-guarded-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const path = (name: string) => join(folder, name);
    for (const name of ['a', 'b', 'c']) writeFileSync(path(name), name);
    // Opening a FIFO without a writer waits.
    execFileSync('mkfifo', [path('fifo')]);
    const other = (process.geteuid?.() ?? 0) + 1;
    const found = await readGuarded([
      { path: path('a'), uid: other },
      { path: path('b'), uid: other },
      { path: path('fifo'), uid: other },
      { path: path('a2'), uid: other },
      { path: path('c'), uid: other + 1 },
    ]);
    expect(found.get(path('c'))).toBe('c');
    expect(found.has(path('fifo'))).toBe(false);
    // The command does not wait for a reader any more.
    const readers = () => spawnSync('pgrep', ['-f', `head .*${folder}`]).stdout.toString();
    await expect.poll(readers).toBe('');
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
