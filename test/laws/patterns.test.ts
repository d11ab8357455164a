import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ROOT } from '../commands/run.ts';

const SRC = join(ROOT, 'src');

/** A class such as `\p{L}`, but not in a text in quotes, where the backslash is doubled. */
const SLOW = /(?<!\\)\\[pP]\{/;

it('no pattern with a class of Unicode is a literal: V8 would parse it at each start (text/rare)', () => {
  const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' }).filter((path) =>
    path.endsWith('.ts'),
  );
  const lines = files.flatMap((path) =>
    readFileSync(join(SRC, path), 'utf8')
      .split('\n')
      .filter((line) => SLOW.test(line) && !/^\s*(?:\/\/|\/?\*)/.test(line))
      .map((line) => ({ path, line })),
  );
  expect(lines.length).toBeGreaterThan(5);
  expect(lines.filter(({ line }) => !line.includes('String.raw`'))).toEqual([]);
});
