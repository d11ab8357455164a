import { describe, expect, it } from 'vitest';
import { NO_PROFILE, profileAfter } from '../../src/insights/paths/profile.ts';
import type { Action } from '../../src/views/actions.ts';
import type { Scene } from '../../src/views/scene.ts';
import { screen } from '../../src/views/screen.ts';
import { viewOf } from '../../src/views/views.ts';
import { app, appBetween, core, NOW, worker } from '../rates/builders.ts';
import { makeScene, plain } from './samples.ts';
import { doing, move, rowsOf, SIZE } from './updating.ts';

const running = (id: number, uri: string, start: number, method = 'GET') =>
  core({
    id,
    inRequest: true,
    vars: [`REQUEST_METHOD=${method}`, `REQUEST_URI=${uri}`],
    requestStart: NOW + start,
  });

const sample = appBetween(
  null,
  app([
    worker({ cores: [running(0, '/report/2026/all?x=1', -9), running(1, '/report/2025/all', -5)] }),
    worker({ cores: [running(0, '/checkout', -1, 'POST'), running(1, '/reset/Ab3dE9fGh1JkLmN0', 0)] }),
  ]),
);
const paths = profileAfter(NO_PROFILE, { ...sample, time: NOW }, 0);
const SCENE = makeScene(sample, { paths, view: { tab: 'paths' } });

const ENTER: Action = { kind: 'detail' };
const BACK: Action = { kind: 'back' };
const textOf = (scene: Scene, size = SIZE) => plain(screen(scene, size));
const placeOf = (scene: Scene) => [viewOf(scene).name, scene.view.filter];

describe('Paths', () => {
  it('shows the share, the pattern and the error, without secrets', () => {
    const text = textOf(SCENE);
    expect(text).toMatch(/50\.0 +\d+\.\d +2\.0 +2 +\d+s GET +\/report\/:n\/all/);
    expect(text).toMatch(/25\.0 .* GET +\/reset\/:token/);
    expect(text).not.toContain('Ab3dE9');
  });

  it('says how many readings, over what time, the error, and what is not seen', () => {
    expect(textOf(SCENE)).toMatch(/last 10 minutes \(z\): 1 reading in \d+s, error up to \d+ points/);
    expect(textOf(SCENE).replaceAll(/\s+/g, ' ')).toContain(
      'is seen only by chance, in proportion to its time',
    );
    // A small terminal has room for the rows only.
    expect(textOf(SCENE, { columns: 80, rows: 12 })).not.toContain('by chance');
  });

  it('has four periods', () => {
    const names = ['last hour', 'whole time', 'last minute', 'last 10 minutes'];
    let scene = SCENE;
    for (const name of names) {
      scene = doing(scene, { kind: 'stretch' });
      expect(textOf(scene)).toContain(`${name} (z)`);
    }
  });

  it('leads to the requests of a path, and back to its row', () => {
    const selected = doing(SCENE, move(1));
    const opened = doing(selected, ENTER);
    expect(placeOf(opened)).toEqual(['requests', 'method=GET path=/report/:n/all']);
    expect(rowsOf(opened)).toBe(2);
    const back = doing(opened, BACK);
    expect(placeOf(back)).toEqual(['paths', null]);
    expect(back.view.selected).toBe(selected.view.selected);
    // The requests are no longer filtered.
    expect(placeOf(doing(back, { kind: 'view', name: 'requests' }))).toEqual(['requests', null]);
  });

  it('keeps the filter when the user comes to Requests in another way', () => {
    const opened = doing(
      SCENE,
      move(1),
      ENTER,
      { kind: 'view', name: 'workers' },
      { kind: 'view', name: 'requests' },
    );
    expect(placeOf(opened)).toEqual(['requests', 'method=GET path=/report/:n/all']);
    expect(placeOf(doing(opened, BACK))).toEqual(['requests', null]);
  });

  it('opens the requests of a path with a placeholder for a secret', () => {
    const last = doing(SCENE, { kind: 'edge', edge: 'last' }, ENTER);
    expect(placeOf(last)[1]).toMatch(/path=\/(reset\/:token|checkout)$/);
    expect(rowsOf(last)).toBe(1);
  });
});
