import { readdirSync, readFileSync, statSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

/** Checks that comments, strings and documentation avoid words that make a sentence hard to read. */

const ROOT = new URL('../../', import.meta.url);
const read = (path: string) => readFileSync(new URL(path, ROOT), 'utf8');

/** Files and folders without these words. */
const CHECKED = [
  'test',
  'src',
  'bench',
  'scripts',
  'schema',
  '.ci',
  'bin',
  'README.md',
  'CONTRIBUTING.md',
  'SECURITY.md',
  'CHANGELOG.md',
  'docs',
];

const EXTENSIONS = /\.(?:ts|mjs|js|py|sh|md|json)$|\/run$/;

/** Constants in capitals, such as the name of a Unix user, do not match. */
const WORDS = read('test/laws/english-words.txt')
  .split('\n')
  .filter((line) => /^[^#]/.test(line))
  .map((line) => {
    const [, word = '', instead = ''] = /^(.*\S) +\| (.*)$/.exec(line) ?? [];
    return { word: new RegExp(`\\b(?:${word})\\b`), instead };
  });

function filesOf(path: string): string[] {
  if (!statSync(new URL(path, ROOT)).isDirectory()) return [path];
  return readdirSync(new URL(path, ROOT), { recursive: true, encoding: 'utf8' })
    .map((name) => `${path}/${name}`)
    .filter((name) => EXTENSIONS.test(name) && statSync(new URL(name, ROOT)).isFile());
}

/** The places of the words, with the alternative. */
function riddles(path: string, text: string): string[] {
  return text.split('\n').flatMap((line, place) =>
    WORDS.flatMap(({ word, instead }) => {
      const [found] = word.exec(line) ?? [];
      return found === undefined ? [] : [`${path}:${place + 1}: "${found}": write ${instead}`];
    }),
  );
}

describe('the words of english-words.txt', () => {
  it.each(CHECKED)('are not in %s', (path) => {
    const files = filesOf(path);
    expect(files).not.toEqual([]);
    expect(files.flatMap((file) => riddles(file, read(file)))).toEqual([]);
  });

  it('are found with their line, but not in normal phrases', () => {
    // Built from parts, because this file is checked too.
    const lines = [`No${'body'} waits`, 'there is none, no more than 5, NOBODY = 65534', `it is ${'none'}`];
    expect(riddles('a', lines.join('\n')).map((each) => each.split(': write')[0])).toEqual([
      `a:1: "No${'body'}"`,
      `a:3: "is ${'none'}"`,
    ]);
  });
});
