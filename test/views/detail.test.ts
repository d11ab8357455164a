import { describe, expect, it } from 'vitest';
import { cells } from '../../src/text/clean.ts';
import { copyText } from '../../src/views/detail.ts';
import type { Scene } from '../../src/views/scene.ts';
import { screen } from '../../src/views/screen.ts';
import { tableOf, VIEWS } from '../../src/views/views.ts';
import { observed } from '../monitor/observing.ts';
import { NAMES } from '../stats/captures.ts';
import { makeScene, plain, secondSample, textOf } from './samples.ts';
import { doing, move } from './updating.ts';

const OPEN = { kind: 'detail' } as const;
const textOfScreen = (scene: Scene, rows = 24) => plain(screen(scene, { columns: 80, rows }));

describe('the detail of a row', () => {
  const workers = makeScene(secondSample('threads'));

  it('opens with Enter, for the selected or the first row, and closes with Esc or Enter', () => {
    expect(doing(workers, OPEN).view).toMatchObject({ detail: { id: '2', top: 0 }, selected: '2' });
    const second = doing(workers, move(1), move(1), OPEN);
    expect(second.view.detail?.id).toBe('1');
    expect(doing(second, { kind: 'back' }).view).toMatchObject({ detail: null, selected: '1' });
    expect(doing(second, OPEN).view.detail).toBeNull();
    expect(doing(makeScene(null), OPEN).view.detail).toBeNull();
  });

  it('contains every column, shown or hidden, with its description', () => {
    const text = textOfScreen(doing(workers, OPEN), 200);
    for (const { title, description } of VIEWS.app[0].columns) {
      expect(text).toMatch(new RegExp(`^ {2}${title.replace(/[%:]/g, '\\$&')} `, 'm'));
      // A long value leaves no room for the description.
      if (title !== 'REQUEST') expect(text).toContain(description.slice(0, 20));
    }
  });

  it('of a worker has its state on the first screen of 80x24', () => {
    const shown = textOfScreen(doing(workers, OPEN));
    expect(shown).toMatch(/^ {2}STATUS +busy/m);
    expect(shown).toMatch(/^ {2}OLDEST +5m05s/m);
    expect(shown).toMatch(/^ {2}REQUEST +GET \/slow\/4\?order=0/m);
    for (const name of ['BUSY', 'RPS', 'RESP', 'RSS', 'CPU', 'PID', 'up', 'HC', 'EXC', 'RESPAWN'])
      expect(shown).toMatch(new RegExp(`^ {2}${name} +(-|\\d\\S*)`, 'm'));
  });

  it('has a long note beside its value in one line, and in full after all values', () => {
    const lines = textOfScreen(doing(workers, OPEN), 200).split('\n');
    const beside = lines.findIndex((line) => /^ {2}EXC +\d+ +exceptions since .*…$/.test(line));
    const below = lines.indexOf('Explanations');
    expect(beside).toBeGreaterThan(0);
    expect(below).toBeGreaterThan(lines.findIndex((line) => line.startsWith('  LASTSPWN')));
    const { description = '' } = VIEWS.app[0].columns.find(({ title }) => title === 'EXC') ?? {};
    const words = lines.slice(below).join(' ').replace(/ +/g, ' ');
    expect(words).toContain(`EXC ${description}`);
  });

  it('of a worker lists its cores and their requests, with secrets masked', () => {
    const text = textOfScreen(doing(workers, OPEN), 200);
    expect(text).toMatch(/^Cores \(4\)$/m);
    expect(text).toMatch(/^ {2}2:0 +busy, 5m05s GET \/slow\/4\?order=0$/m);
  });

  it('of a request lists all its variables completely, with secrets masked', () => {
    const scene = doing(makeScene(secondSample('hostile'), { view: { tab: 'requests' } }), OPEN);
    const text = textOfScreen(scene, 200);
    expect(text).toContain('REQUEST_METHOD');
    for (const line of screen(scene, { columns: 80, rows: 200 }).lines) {
      expect(cells(textOf(line)).length).toBeLessThanOrEqual(80);
      expect(textOf(line)).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}]/u);
    }
    expect(text.slice(text.indexOf('Variables'))).not.toContain('…');
  });

  it('scrolls, and shows whether there is more below', () => {
    const scene = doing(workers, OPEN);
    expect(textOfScreen(scene)).toContain('more below');
    const end = doing(scene, { kind: 'edge', edge: 'last' });
    expect(textOfScreen(end)).not.toContain('more below');
    expect(textOfScreen(doing(end, { kind: 'edge', edge: 'first' }))).toBe(textOfScreen(scene));
    expect(doing(scene, { kind: 'scroll', rows: 1 }).view.detail?.top).toBe(1);
    // The selected row does not change.
    expect(doing(scene, move(5)).view.selected).toBe('2');
  });

  it('continues with the next document, and reports a row that has disappeared', () => {
    const scene = doing(makeScene(secondSample('threads'), { view: { tab: 'requests' } }), OPEN);
    const gone = { ...scene, sample: secondSample('prefork') };
    expect(textOfScreen(gone)).toContain('the row no longer exists (Esc goes back)');
  });

  it('is closed by another view', () => {
    expect(doing(workers, OPEN, { kind: 'tab', step: 1 }).view.detail).toBeNull();
  });
});

it.each(NAMES)('every row of every view of %s has a detail that fits', (name) => {
  const sample = secondSample(name);
  for (const view of VIEWS[sample.kind]) {
    const scene = makeScene(sample, { view: { tab: view.name } });
    const table = tableOf(view, observed(sample), scene.view);
    for (const row of table.rows.slice(0, 20)) {
      const detail = { id: table.id(row), top: 0, field: null, search: null };
      for (const columns of [20, 80, 200]) {
        const { lines } = screen({ ...scene, view: { ...scene.view, detail } }, { columns, rows: 24 });
        for (const line of lines) expect(cells(textOf(line)).length).toBeLessThanOrEqual(columns);
        expect(plain({ lines, hotspots: [], charts: [] })).not.toContain('no longer exists');
      }
    }
  }
});

describe('the text of a row', () => {
  it('exists if a row is selected', () => {
    const scene = makeScene(secondSample('threads'));
    expect(copyText(scene, 80)).toBeNull();
    expect(copyText(doing(scene, move(1)), 80)?.text).toMatch(
      /^WID=2 STATUS=busy BUSY=4\/4 STAY=0 OLDEST=5m05s .*PID=9395 /,
    );
  });

  it('contains no secrets', () => {
    const scene = makeScene(secondSample('threads'), { view: { tab: 'requests' } });
    expect(copyText(doing(scene, move(1)), 80)?.text).toContain('URI=/slow/4?order=');
  });
});
