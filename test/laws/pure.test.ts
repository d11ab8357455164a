import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

/** The folders that docs/architecture.md calls pure: the same input gives the same output, so they read no clock. */
const PURE = ['text', 'stats', 'rates', 'insights', 'monitor', 'summaries', 'views', 'app', 'outputs'];

const SOURCES = new URL('../../src/', import.meta.url);

/** Clocks, random numbers, and functions that read or write files or streams. */
const IMPURE =
  /\bDate\.now\(|\bnew Date\(\)|\bperformance\.now\(|\bhrtime\b|\bMath\.random\(|'node:(fs|net|os|process|child_process)/;

it.each(PURE)('src/%s reads no clock and no file', (folder) => {
  const path = new URL(`${folder}/`, SOURCES);
  const files = readdirSync(path, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.ts'),
  );
  expect(files.length).toBeGreaterThan(0);
  expect(files.filter((name) => IMPURE.test(readFileSync(new URL(name, path), 'utf8')))).toEqual([]);
});
