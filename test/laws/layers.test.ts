import { readdirSync, readFileSync } from 'node:fs';
import { dirname, normalize } from 'node:path';
import { expect, it } from 'vitest';

const ROOT = new URL('../../', import.meta.url);
const read = (path: string) => readFileSync(new URL(path, ROOT), 'utf8');

/** The imports of each file of `src`, including types. */
const IMPORTS: ReadonlyMap<string, readonly string[]> = new Map(
  readdirSync(new URL('src/', ROOT), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.d.ts'))
    .map((file) => [
      file,
      [...read(`src/${file}`).matchAll(/(?:from|import\()\s*'(\.[^']+\.ts)'/g)].map(([, path = '']) =>
        normalize(`${dirname(file)}/${path}`),
      ),
    ]),
);

/** The table of docs/architecture.md: what each folder may import. */
function allowed(): ReadonlyMap<string, readonly string[]> {
  const rows = read('docs/architecture.md').matchAll(/^\| `([a-z]+)\/` \| .* \| (.+) \|$/gm);
  return new Map(
    [...rows].map(([, folder = '', names = '']) => [folder, names === '—' ? [] : names.split(', ')]),
  );
}

const folderOf = (file: string) => (file.includes('/') ? (file.split('/')[0] ?? '') : '');

it('each folder imports only what docs/architecture.md allows', () => {
  const table = allowed();
  const folders = new Set([...IMPORTS.keys()].map(folderOf).filter((folder) => folder !== ''));
  expect([...table.keys()].sort()).toEqual([...folders].sort());
  const wrong = [...IMPORTS].flatMap(([file, imports]) => {
    const may = table.get(folderOf(file)) ?? ['all'];
    const isAllowed = (path: string) =>
      may.includes('all') || folderOf(path) === folderOf(file) || may.includes(folderOf(path));
    return imports.filter((path) => !isAllowed(path)).map((path) => `${file} imports ${path}`);
  });
  expect(wrong).toEqual([]);
});

it('the imports have no cycles', () => {
  const circles: string[] = [];
  const done = new Set<string>();
  const follow = (file: string, path: readonly string[]) => {
    if (path.includes(file)) circles.push([...path.slice(path.indexOf(file)), file].join(' → '));
    if (done.has(file) || path.includes(file)) return;
    for (const next of IMPORTS.get(file) ?? []) follow(next, [...path, file]);
    done.add(file);
  };
  for (const file of IMPORTS.keys()) follow(file, []);
  expect(circles).toEqual([]);
});

it('only one folder imports blessed', () => {
  const users = [...IMPORTS.keys()].filter((file) =>
    /from '(blessed|blessed-contrib)[/']/.test(read(`src/${file}`)),
  );
  expect(users.filter((file) => !file.startsWith('terminal/blessed/'))).toEqual([]);
  expect(users.length).toBeGreaterThan(0);
});
