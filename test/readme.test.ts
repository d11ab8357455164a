import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { parse } from '@decimalturn/toml-patch';
import { describe, expect, it } from 'vitest';
import { SETTINGS, settingsOf, type Table } from '../src/settings/settings.ts';
import { opened } from '../src/views/updates/opening.ts';
import { VIEWS } from '../src/views/views.ts';
import { VIEW } from './views/samples.ts';

const ROOT = new URL('../', import.meta.url);

function read(name: string): string {
  return readFileSync(new URL(name, ROOT), 'utf8');
}

const DOCS = readdirSync(new URL('docs/', ROOT)).filter((name) => name.endsWith('.md'));
const PAGES = [
  'README.md',
  'CONTRIBUTING.md',
  'SECURITY.md',
  'CHANGELOG.md',
  ...DOCS.map((name) => `docs/${name}`),
];

/** Pages that tests generate from the tables of src/. */
const GENERATED = ['docs/views.md', 'docs/findings.md', 'docs/metrics.md', 'docs/screens.md'];
const WRITTEN = PAGES.filter((name) => !GENERATED.includes(name));

describe('the documentation', () => {
  it('names all views', () => {
    for (const { title } of Object.values(VIEWS).flat())
      expect(read('docs/live-view.md')).toMatch(new RegExp(`\\| .*\\b${title}\\b.* \\|`));
  });

  it('contains a setting file with every setting', () => {
    const example = parse(/```toml\n(.*?)```/s.exec(read('docs/settings.md'))?.[1] ?? '') as Table;
    const settings = settingsOf(example);
    expect(Object.keys(settings).sort()).toEqual([...SETTINGS].sort());
    expect(settings.thresholds).toEqual({ longRequest: 1, tooLongRequest: 5 });
    expect(settings.views?.workers?.sort).toEqual({ column: 'rps', descending: true });
  });

  it('has filters that a view of an app server accepts', () => {
    const [, section = ''] = /## Filter\n(.*?)\n## /s.exec(read('docs/live-view.md')) ?? [];
    const filters = [...section.matchAll(/^ {4}(.*?)(?: {2,}#.*)?$/gm)].map(([, filter = '']) => filter);
    expect(filters).toHaveLength(2);
    for (const filter of filters) expect(opened({ ...VIEW, filter }, 'app')).not.toBeNull();
  });

  it('compares columns of uwsgitop with columns that exist', () => {
    const names = [...read('docs/uwsgitop.md').matchAll(/^\| `\S+` \| \S+ \| `(\w+)` \|/gm)].map(
      ([, name]) => name,
    );
    expect(names).toHaveLength(16);
    const [workers] = VIEWS.app;
    expect(workers?.columns.map(({ name }) => name)).toEqual(expect.arrayContaining(names));
  });

  it('runs scripts that exist', () => {
    const { scripts } = JSON.parse(read('package.json'));
    for (const page of WRITTEN)
      for (const [, name = ''] of read(page).matchAll(/npm run (?:--silent )?([\w:]+)/g))
        expect([page, name, name in scripts]).toEqual([page, name, true]);
  });

  it('describes every script of the clone', () => {
    const { scripts } = JSON.parse(read('package.json'));
    // npm runs these before and after others. README.md has the demo, and `npm run setup` builds.
    const others = /^(pre|post)|^(demo|build|test)$/;
    const names = Object.keys(scripts).filter((name) => !others.test(name));
    expect(names.filter((name) => !read('CONTRIBUTING.md').includes(`| \`npm run ${name}`))).toEqual([]);
  });

  it.each(PAGES)('%s links to files that exist', (page) => {
    const links = [...read(page).matchAll(/\]\((?!https?:)([^)#]+)/g)].map(([, link = '']) => link);
    for (const link of links)
      expect([link, existsSync(new URL(link, new URL(page, ROOT)))]).toEqual([link, true]);
  });

  it.each(WRITTEN)('%s has no sentence of more than 30 words', (page) => {
    expect(sentences(read(page)).filter((sentence) => wordsOf(sentence) > 30)).toEqual([]);
  });
});

/** The sentences of a page, without code blocks. A table cell, a heading and an item of a list end a sentence. */
function sentences(page: string): string[] {
  return page
    .replaceAll(/^```.*?^```/gms, '')
    .replaceAll(/^ {4}.*$/gm, '')
    .replaceAll(/\]\([^)]*\)/g, ']')
    .split(/\n\n|\n(?=\s*[-#|])| \| /)
    .flatMap((block) => block.replaceAll('\n', ' ').split(/(?<=[.?!][*)`"]*)\s+/));
}

function wordsOf(sentence: string): number {
  return sentence.split(/\s+/).filter((word) => /\w/.test(word)).length;
}
