import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readSettings, SettingFileError, writeSettings } from '../../src/settings/file.ts';
import { excess } from '../../src/settings/limits.ts';
import { leastRatio } from '../cost.ts';

const folder = mkdtempSync(join(tmpdir(), 'statstop-limits-'));
const path = join(folder, 'config.toml');
afterAll(() => rmSync(folder, { recursive: true }));

const SIZE = 2 ** 16 - 200;

/** A text with as many parts as a setting file may contain. */
function filled(part: (place: number) => string, before = '', after = ''): string {
  const textOf = (count: number) =>
    before + Array.from({ length: count }, (_, place) => part(place)).join('') + after;
  let fits = 1;
  let exceeds = SIZE;
  while (fits + 1 < exceeds) {
    const middle = (fits + exceeds) >> 1;
    const text = textOf(middle);
    if (text.length <= SIZE && excess(text) === null) fits = middle;
    else exceeds = middle;
  }
  return textOf(fits);
}

const HARMLESS = filled((place) => `key${place} = "${'x'.repeat(50)}"\n`);

const HOSTILE: Readonly<Record<string, string>> = {
  'dots in keys': filled((place) => `key${place}${'.a'.repeat(9)} = 1\n`),
  'dots in keys with the same beginning': filled((place) => `${'a.'.repeat(9)}key${place} = 1\n`),
  'dots in names of tables': filled((place) => `[${'a.'.repeat(9)}t${place}]\n`),
  'nested lists': `a = ${'['.repeat(250)}${']'.repeat(250)}\n`,
  'nested lists without their ends': `a = ${'[\n'.repeat(499)}`,
  'nested inline tables': `a = ${'{a='.repeat(499)}1${'}'.repeat(499)}\n`,
  'an inline table of many keys': filled((place) => `key${place}=1,`, 'a = {', 'z=1}\n'),
  'many tables': filled((place) => `[t${place}]\n`),
  'arrays of tables': filled((place) => (place % 2 === 0 ? '[[a]]\n' : '[[a.b]]\n')),
  'a long list with comments': filled(() => '"a", # c\n', 'mask = [\n', ']\n'),
  'a long text': `a = "${'x'.repeat(SIZE)}"\n`,
  'a long key': `${'a'.repeat(SIZE)} = 1\n`,
  'a text of many lines after many keys': filled(
    () => `${'x'.repeat(80)}\n`,
    `${Array.from({ length: 400 }, (_, place) => `key${place} = 1\n`).join('')}a = """\n`,
    '"""\nb = 1\n',
  ),
  escapes: filled(() => '\\u0041', 'a = "', '"\n'),
  comments: filled(() => `#${'x'.repeat(60)}\n`),
};

/** Reads and saves a file, whatever the result. */
async function use(text: string): Promise<void> {
  writeFileSync(path, text);
  for (const attempt of [
    () => readSettings(path, true),
    () => writeSettings(path, (file) => ({ ...file, interval: 5 })),
  ])
    await attempt().catch((error: unknown) => {
      expect(error).toBeInstanceOf(SettingFileError);
      expect((error as Error).message.length).toBeLessThan(2000);
    });
}

describe('the limits of a setting file', () => {
  it.each(Object.entries(HOSTILE))('bound the time for %s to that of a harmless file', async (_, text) => {
    expect(excess(text)).toBeNull();
    const ratio = await leastRatio(
      () => use(HARMLESS),
      () => use(text),
      10,
    );
    expect(ratio).toBeLessThan(10);
  });

  it.each([
    [`a${'.a'.repeat(10_000)} = 1\n`, 'line 1 has more than 10 dots'],
    [`\n[${'a.'.repeat(11)}b]\n`, 'line 2 has more than 10 dots'],
    ['# x\n'.repeat(1001), 'it has more than 1000 lines'],
    [`a = ${'['.repeat(501)}`, 'it has more than 500 brackets'],
    [`a = [${'1,'.repeat(1001)}]`, 'it has more than 1000 commas'],
    ['='.repeat(1001), 'it has more than 1000 equals signs'],
  ])('reject a larger file before it is parsed: %#', async (text, why) => {
    writeFileSync(path, text);
    await expect(readSettings(path, true)).rejects.toThrow(`${path} cannot be read: ${why}.`);
    await expect(writeSettings(path, (file) => file)).rejects.toThrow(why);
  });
});
