import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { BINDINGS, sortKey } from '../src/views/actions.ts';
import { COLUMNS } from '../src/views/columns.ts';
import { keyName } from '../src/views/help.ts';
import { HARMLESS_PARTS, SECRET_NAMES, SECRET_PARTS, SECRET_WORDS, SHAPES } from '../src/views/secrets.ts';

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');

/** The README repeats what the tables of columns and keys say; it must not say anything else. */
describe('the README', () => {
  it.each(Object.entries(COLUMNS))('lists the columns of %s', (_, { columns }) => {
    for (const { title, key, name, description } of columns) {
      expect(readme).toContain(`| ${title} | \`${sortKey(key)}\` | \`${name}\` | ${description} |`);
    }
  });

  it('lists the keys', () => {
    for (const { keys, help } of BINDINGS) {
      expect(readme).toContain(`| ${keys.map((key) => `\`${keyName(key)}\``).join(' ')} | ${help} |`);
    }
  });

  it('lists what is taken for a secret, and nothing else', () => {
    const section = /## Secrets\n(.*?)\n## /s.exec(readme)?.[1] ?? '';
    const names = [...section.slice(section.indexOf('in it')).matchAll(/`([a-z-]+)`/g)].map(
      ([, name]) => name,
    );
    expect(names.filter((name) => name !== '-')).toEqual([
      ...SECRET_PARTS,
      ...SECRET_WORDS,
      ...SECRET_NAMES,
      ...HARMLESS_PARTS,
    ]);
    for (const [what] of SHAPES) expect(section).toContain(what);
  });

  it('lists nothing that is not there', () => {
    const rows = Object.values(COLUMNS).flatMap(({ columns }) => columns).length + BINDINGS.length;
    const targets = 6;
    expect(readme.match(/^\| .* \|$/gm)?.length).toBe(rows + targets + 5 * 2);
  });
});
