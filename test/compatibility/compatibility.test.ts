import { readdirSync, readFileSync } from 'node:fs';
import { parse } from '@decimalturn/toml-patch';
import { describe, expect, it } from 'vitest';
import manifest from '../../package.json' with { type: 'json' };
import { EXIT_STATUSES, statusOf } from '../../src/commands/exit-status.ts';
import { OutputError } from '../../src/commands/output.ts';
import { UsageError } from '../../src/commands/usage-error.ts';
import { LEVELED } from '../../src/insights/rules.ts';
import { STATUSES } from '../../src/outputs/check.ts';
import { METRICS } from '../../src/outputs/prometheus/table.ts';
import { SettingFileError } from '../../src/settings/file.ts';
import { SETTINGS, settingsOf, type Table } from '../../src/settings/settings.ts';
import { MistakenError, NotFoundError } from '../../src/sources/errors.ts';
import { TargetSyntaxError } from '../../src/targets/target.ts';
import { BINDINGS } from '../../src/views/bindings.ts';
import { VIEWS } from '../../src/views/views.ts';

/** What docs/outputs.md promises ("Compatibility"). The files beside this one record it. */

const ROOT = new URL('../../', import.meta.url);
const read = (path: string) => readFileSync(new URL(path, ROOT), 'utf8');

/** Checks a record: no line of it may be missing, and every new one must be added. */
function expectRecorded(file: string, current: readonly string[]): void {
  const recorded = read(`test/compatibility/${file}`)
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));
  const changed = recorded.filter((line) => !current.includes(line));
  expect(changed, 'incompatible: see "Compatibility" in docs/outputs.md').toEqual([]);
  const added = [...new Set(current)].filter((line) => !recorded.includes(line));
  expect(added, `compatible: add these lines to test/compatibility/${file}`).toEqual([]);
}

interface Schema {
  $ref?: string;
  $defs?: Readonly<Record<string, Schema>>;
  properties?: Readonly<Record<string, Schema>>;
  items?: Schema;
  oneOf?: readonly Schema[];
  anyOf?: readonly Schema[];
  type?: string | readonly string[];
}

/** A line for each value in a schema: its path, and its definition (which says type and unit) or its type. */
function valuesIn(root: Schema, schema: Schema, path: string, definition: string | null = null): string[] {
  const name = /^#\/\$defs\/(.*)$/.exec(schema.$ref ?? '')?.[1];
  if (name !== undefined) return valuesIn(root, root.$defs?.[name] ?? {}, path, name);
  const inner = [
    ...[...(schema.oneOf ?? []), ...(schema.anyOf ?? [])].flatMap((each) => valuesIn(root, each, path)),
    ...(schema.items ? valuesIn(root, schema.items, `${path}[]`) : []),
    ...Object.entries(schema.properties ?? {}).flatMap(([key, each]) =>
      valuesIn(root, each, path.endsWith(' ') ? `${path}${key}` : `${path}.${key}`),
    ),
  ];
  if (inner.length > 0) return inner;
  const type = [schema.type ?? 'word'].flat().join(' or ');
  return [`${path}: ${definition === null ? type : `${definition} (${type})`}`];
}

describe('JSON', () => {
  const schemas = readdirSync(new URL('schema/', ROOT)).sort();

  it('keeps each value of each format with its type and unit', () => {
    const lines = schemas.flatMap((file) => {
      const schema: Schema = JSON.parse(read(`schema/${file}`));
      const format = file.replace(/^statstop\.(.*)-(\d+)\.json$/, '$1/$2');
      // One for each kind of document.
      return (schema.oneOf ?? []).flatMap((kind) =>
        valuesIn(schema, kind, `${format} ${kind.$ref?.replace('#/$defs/', '')} `),
      );
    });
    expectRecorded('json.txt', lines);
  });

  it('has these formats', () => {
    expect(schemas).toEqual([
      'statstop.check-1.json',
      'statstop.lost-1.json',
      'statstop.report-1.json',
      'statstop.sample-1.json',
      'statstop.servers-1.json',
    ]);
  });
});

describe('settings', () => {
  it('keep their names, and those of views, columns, keys and findings', () => {
    const views = Object.values(VIEWS).flat();
    expectRecorded('settings.txt', [
      ...SETTINGS,
      ...views.flatMap(({ name, columns }) => columns.map((column) => `views.${name} ${column.name}`)),
      ...BINDINGS.map(({ name }) => `keys.${name}`),
      ...LEVELED.map(({ name }) => `findings.${name}`),
    ]);
  });
});

describe('metrics', () => {
  it('keep their names, types and labels', () => {
    expectRecorded(
      'metrics.txt',
      METRICS.map(({ name, type, labels }) => `${name} ${type} ${labels.join(',')}`.trim()),
    );
  });
});

/** Parts of setting files with each form of a value. */
const VALID = [
  'interval = 0.5',
  ...['off', 'merged', 'tree'].map((word) => `cores = "${word}"`),
  ...['on', 'off'].map((word) => `split = "${word}"`),
  ...['dark', 'light', 'mono'].map((word) => `theme = "${word}"`),
  'tracebacker = "/run/app/tb"',
  'show = "x-tenant"',
  'mask = ["account-id", "tenant"]',
  'long = ["/events/*", "/ws"]',
  '[thresholds]\nlong-request = 1\ntoo-long-request = 5',
  '[findings]\nqueue = { warning = 0.2, critical = 0.9 }\nstuck = { warning = 30 }',
  '[views.workers]\ncolumns = ["id", "rps"]\nsort = "rps:desc"',
  '[views.workers]\ncolumns = "id,rps"\nsort = "rps"',
  '[keys]\nfreeze = ["p", "space", "C-x", "M-x", "f5"]\nquit = "x"',
];

it.each(VALID)('the setting file %j stays valid', (text) => {
  const table = parse(text) as Table;
  expect(Object.keys(settingsOf(table))).toEqual(Object.keys(table));
});

describe('exit statuses', () => {
  it.each([
    [new NotFoundError('x'), 1],
    [new OutputError('x'), 1],
    [new MistakenError('x', { what: 'x', advice: 'x' }), 2],
    [new UsageError('x'), 2],
    [new TargetSyntaxError('x'), 2],
    [new SettingFileError('x'), 2],
    [new Error('a defect'), undefined],
  ])('%s: %s', (error, status) => {
    expect(statusOf(error)).toBe(status);
  });

  it('are those of docs/outputs.md', () => {
    const rows = [...read('docs/outputs.md').matchAll(/^\| (\d) \| (.*) \|$/gm)];
    expect(rows.map(([, status, meaning]) => [Number(status), meaning])).toEqual(
      EXIT_STATUSES.map(({ status, meaning }) => [status, meaning]),
    );
    expect(EXIT_STATUSES.map(({ status }) => status)).toEqual([0, 1, 2]);
  });

  it('of check are those of docs/alerts.md', () => {
    const rows = [...read('docs/alerts.md').matchAll(/^\| (\d) \| (\w+)/gm)];
    expect(rows.map(([, status, word = '']) => [Number(status), word.toUpperCase()])).toEqual([
      ...STATUSES.entries(),
    ]);
    expect(STATUSES).toEqual(['OK', 'WARNING', 'CRITICAL', 'UNKNOWN']);
  });
});

describe('CHANGELOG.md', () => {
  const entries = read('CHANGELOG.md').split(/^## /m).slice(1);
  const titles = entries.map((entry) => entry.split('\n')[0] ?? '');

  it('has an entry with changes for the version of package.json, and for each version once', () => {
    expect(titles).toContain(manifest.version);
    expect(titles).toEqual([...new Set(titles)]);
    for (const entry of entries) expect(entry).toMatch(/^- \S/m);
  });

  it('has the newest version first, after the unreleased changes', () => {
    const versions = titles.filter((title) => title !== 'Unreleased');
    expect(titles.indexOf('Unreleased')).toBeLessThanOrEqual(0);
    expect(versions[0]).toBe(manifest.version);
    const newestFirst = [...versions].sort((a, b) => b.localeCompare(a, 'en', { numeric: true }));
    expect(versions).toEqual(newestFirst);
    for (const version of versions) expect(version).toMatch(/^\d+\.\d+\.\d+$/);
  });
});
