import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from '@decimalturn/toml-patch';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { initialView } from '../../src/commands/initial-view.ts';
import { readSettings, writeSettings } from '../../src/settings/file.ts';
import { settingsFrom } from '../../src/settings/save.ts';
import { type Settings, settingsOf, type Table } from '../../src/settings/settings.ts';
import { UNTOUCHED, type ViewState } from '../../src/views/scene.ts';
import { opened } from '../../src/views/updates/opening.ts';
import { viewOf } from '../../src/views/views.ts';
import { makeScene, secondSample, VIEW } from '../views/samples.ts';
import { doing } from '../views/updating.ts';
import { layouts } from './layouts.ts';

const folder = mkdtempSync(join(tmpdir(), 'statstop-save-'));
const path = join(folder, 'config.toml');
afterAll(() => rmSync(folder, { recursive: true }));

const OPTIONS = { timeout: 4, color: true, theme: 'dark', settingPath: null } as const;

/** The view of an app server after a start with these settings. */
function started(settings: Settings): ViewState {
  const { interval = 1, cores = 'off' } = settings;
  const view = opened(initialView({ ...OPTIONS, interval, cores, settings }), 'app');
  return view ?? expect.fail('there is no view');
}

describe('the saved settings', () => {
  const chosen: Partial<ViewState> = {
    interval: 5,
    cores: 'merged',
    tab: 'requests',
    columns: ['age', 'uri'],
    sort: { column: 'uri', descending: true },
    otherTabs: { workers: { ...UNTOUCHED, columns: ['rps', 'id'], filter: 'rps>1' }, apps: UNTOUCHED },
  };

  it('are the chosen ones: interval, cores, and columns and order of each view', () => {
    expect(settingsFrom({ ...VIEW, ...chosen }, {})).toEqual({
      interval: 5,
      cores: 'merged',
      views: { workers: { columns: ['rps', 'id'] }, requests: { columns: ['age', 'uri'], sort: 'uri:desc' } },
    });
  });

  it('contain the split if it is off, or if the file contains it', () => {
    expect(settingsFrom(VIEW, {})).not.toHaveProperty('split');
    const off = { ...VIEW, isSplit: false };
    expect(settingsFrom(off, {})).toHaveProperty('split', 'off');
    expect(settingsFrom(VIEW, { split: 'off' })).toHaveProperty('split', 'on');
    expect(started({ split: 'off' }).isSplit).toBe(false);
  });

  it('do not contain a temporary fast interval', () => {
    expect(settingsFrom({ ...VIEW, interval: 5, fast: true }, {})).toMatchObject({ interval: 5 });
  });

  it('keep all other settings, and omit the defaults of the view', () => {
    const file = {
      theme: 'light',
      keys: { quit: 'x' },
      views: { locks: { sort: 'pid' }, apps: { columns: ['app'] }, workers: { sort: 'rps' } },
    };
    expect(settingsFrom({ ...VIEW, ...chosen }, file)).toEqual({
      theme: 'light',
      keys: { quit: 'x' },
      interval: 5,
      cores: 'merged',
      views: {
        locks: { sort: 'pid' },
        workers: { columns: ['rps', 'id'] },
        requests: { columns: ['age', 'uri'], sort: 'uri:desc' },
      },
    });
  });

  it('have no views if all of them have their defaults', () => {
    const view = { ...VIEW, tab: 'workers', left: { charts: UNTOUCHED } };
    expect(settingsFrom(view, { views: { workers: { sort: 'id' } } })).toEqual({ interval: 1, cores: 'off' });
  });

  it('can be read again, even if columns of another kind of server were requested', () => {
    const sample = secondSample('threads');
    for (const asked of [{ columns: ['vassal'] }, { sort: { column: 'vassal', descending: true } }]) {
      expect(opened({ ...VIEW, ...asked }, 'app')).toBeNull();
      const scene = doing(
        makeScene(sample, { view: asked }),
        { kind: 'tab', step: 1 },
        { kind: 'tab', step: -1 },
      );
      expect(viewOf(scene).name).toBe('workers');
      expect(() => settingsOf(settingsFrom(scene.view, {}))).not.toThrow();
    }
  });
});

const sorts = fc.record({ column: fc.constantFrom('id', 'rps', 'requests'), descending: fc.boolean() });
const tabs = fc.record({
  columns: fc.option(fc.shuffledSubarray(['id', 'rps', 'share', 'pid'], { minLength: 1 }), { nil: null }),
  sort: fc.option(sorts, { nil: null }),
});
const chosenViews = fc
  .record({
    interval: fc.constantFrom(0.1, 1, 2.5, 3600),
    cores: fc.constantFrom('off', 'merged', 'tree'),
    workers: tabs,
    sockets: fc.option(
      fc.constantFrom({ sort: { column: 'queue', descending: true } }, { columns: ['socket'] }, {}),
      {
        nil: null,
      },
    ),
    shown: fc.constantFrom('workers', 'charts'),
  })
  .map(({ interval, cores, workers, sockets, shown }): Partial<ViewState> => {
    const own = { ...UNTOUCHED, ...workers };
    return {
      interval,
      cores,
      tab: shown,
      otherTabs: {
        ...(sockets ? { sockets: { ...UNTOUCHED, ...sockets } } : {}),
        ...(shown === 'workers' ? {} : { workers: own }),
      },
      ...(shown === 'workers' ? own : {}),
    };
  });

const COMMENT = /# (?:above|beside|of) \w+/g;

async function saved(view: ViewState): Promise<string> {
  await writeSettings(path, (file) => settingsFrom(view, file));
  return readFileSync(path, 'utf8');
}

describe('a setting file in any layout', () => {
  it('contains the choices of the user after a save, and all its other settings', async () => {
    await fc.assert(
      fc.asyncProperty(layouts, chosenViews, async (text, chosen) => {
        writeFileSync(path, text);
        const view = { ...VIEW, ...chosen };
        const before = parse(text) as Table;
        const after = parse(await saved(view)) as Table;
        expect(structuredClone(after)).toEqual(structuredClone(settingsFrom(view, before)));
        const again = started(await readSettings(path, true));
        expect(again).toMatchObject({ interval: view.interval, cores: view.cores });
        const { columns, sort } = view.tab === 'workers' ? view : (view.otherTabs.workers ?? UNTOUCHED);
        expect(again).toMatchObject({ tab: 'workers', columns, sort });
      }),
    );
  });

  it('does not change if the same settings are saved again', async () => {
    await fc.assert(
      fc.asyncProperty(layouts, chosenViews, async (text, chosen) => {
        writeFileSync(path, text);
        const once = await saved({ ...VIEW, ...chosen });
        expect(await saved({ ...VIEW, ...chosen })).toBe(once);
        // Nor if a view that starts with this file is saved without a change.
        const again = await saved(started(await readSettings(path, true)));
        expect(await saved(started(await readSettings(path, true)))).toBe(again);
      }),
    );
  });

  it('keeps its comments and its line ends', async () => {
    // All settings remain, so no commented entry is removed.
    const view = { ...VIEW, interval: 9, cores: 'merged' as const };
    await fc.assert(
      fc.asyncProperty(layouts, async (text) => {
        writeFileSync(path, text);
        const after = await saved(view);
        expect(after.match(COMMENT)?.sort() ?? []).toEqual(text.match(COMMENT)?.sort() ?? []);
        if (text.includes('\r\n')) expect(after).not.toMatch(/[^\r]\n/);
        else expect(after).not.toContain('\r');
      }),
    );
  });

  it('keeps the comments of an empty table', async () => {
    for (const text of ['# above\nviews = {  } # beside', '# above\n[views.workers] # beside\n']) {
      writeFileSync(path, text);
      const after = await saved({ ...VIEW, tab: 'workers' });
      expect(after).toContain('# above');
      expect(after).toContain('# beside');
    }
  });

  it('is valid for TOML 1.0 readers too: no comma at the end of an inline table', async () => {
    writeFileSync(path, 'mask = [\n  "a",\n]\n[views.apps]\nsort = "requests"\n');
    const view = { ...VIEW, tab: 'workers', columns: ['id'] };
    expect(await saved(view)).not.toMatch(/,\s*\}/);
  });
});

it('column spellings are saved as names', async () => {
  writeFileSync(path, '[views.workers] # mine\ncolumns = "WID, Req"\nsort = "RPS"\n');
  expect(await saved(started(await readSettings(path, true)))).toBe(
    [
      'interval = 1',
      'cores = "off"',
      '',
      '[views.workers] # mine',
      'columns = ["id", "requests"]',
      'sort = "rps:desc"',
      '',
    ].join('\n'),
  );
});
