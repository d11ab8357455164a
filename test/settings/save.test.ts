import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from '@decimalturn/toml-patch';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { initialView } from '../../src/commands/options.ts';
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

/** The view of an app server that a start with these settings shows. */
function started(settings: Settings): ViewState {
  const { interval = 1, cores = 'off' } = settings;
  const view = opened(initialView({ ...OPTIONS, interval, cores, settings }), 'app');
  return view ?? expect.fail('no view was opened');
}

describe('what is saved', () => {
  const chosen: Partial<ViewState> = {
    interval: 5,
    cores: 'merged',
    tab: 'requests',
    columns: ['age', 'uri'],
    sort: { column: 'uri', descending: true },
    otherTabs: { workers: { ...UNTOUCHED, columns: ['rps', 'id'], filter: 'rps>1' }, apps: UNTOUCHED },
  };

  it('is what was chosen: interval, cores, and columns and order of each view', () => {
    expect(settingsFrom({ ...VIEW, ...chosen }, {})).toEqual({
      interval: 5,
      cores: 'merged',
      views: { workers: { columns: ['rps', 'id'] }, requests: { columns: ['age', 'uri'], sort: 'uri:desc' } },
    });
  });

  it('is not how it is read fast for a while', () => {
    expect(settingsFrom({ ...VIEW, interval: 5, fast: true }, {})).toMatchObject({ interval: 5 });
  });

  it('leaves all else as it is, and what is as the view has it by itself out', () => {
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

  it('has no views when there is nothing to say of them', () => {
    const view = { ...VIEW, tab: 'workers', left: { charts: UNTOUCHED } };
    expect(settingsFrom(view, { views: { workers: { sort: 'id' } } })).toEqual({ interval: 1, cores: 'off' });
  });

  it('can be read again, also when columns of another kind of server were asked for', () => {
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

describe('a file, however it was written', () => {
  it('is what the user chose when it is read again, and what it said of all else', async () => {
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

  it('does not change when the same is saved again', async () => {
    await fc.assert(
      fc.asyncProperty(layouts, chosenViews, async (text, chosen) => {
        writeFileSync(path, text);
        const once = await saved({ ...VIEW, ...chosen });
        expect(await saved({ ...VIEW, ...chosen })).toBe(once);
        // Nor when a start that found it so is left as it is.
        const again = await saved(started(await readSettings(path, true)));
        expect(await saved(started(await readSettings(path, true)))).toBe(again);
      }),
    );
  });

  it('keeps its comments, and its ends of lines', async () => {
    // All is there still, so nothing that a comment is about goes.
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

  it('keeps the comments of a table in which nothing stands', async () => {
    for (const text of ['# above\nviews = {  } # beside', '# above\n[views.workers] # beside\n']) {
      writeFileSync(path, text);
      const after = await saved({ ...VIEW, tab: 'workers' });
      expect(after).toContain('# above');
      expect(after).toContain('# beside');
    }
  });

  it('is TOML for other readers too: 1.0 has no comma at the end of an inline table', async () => {
    writeFileSync(path, 'mask = [\n  "a",\n]\n[views.apps]\nsort = "requests"\n');
    const view = { ...VIEW, tab: 'workers', columns: ['id'] };
    expect(await saved(view)).not.toMatch(/,\s*\}/);
  });
});

it('columns as they are spelt become their names', async () => {
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
