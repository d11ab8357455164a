import { describe, expect, it } from 'vitest';
import { assess, NOTHING_FOUND } from '../../src/insights/assess.ts';
import type { Observed } from '../../src/monitor/observation.ts';
import { NO_HISTORY } from '../../src/rates/history.ts';
import type { AppSample } from '../../src/rates/sample.ts';
import type { AppSnapshot } from '../../src/stats/snapshot.ts';
import { copyText, placeOf } from '../../src/views/detail.ts';
import { screen } from '../../src/views/screen.ts';
import { sceneAfter } from '../app/states.ts';
import { observed } from '../monitor/observing.ts';
import { app, appBetween, core, hostReading, NOW, processReading, worker } from '../rates/builders.ts';
import { makeScene, plain, textOf } from './samples.ts';
import { doing, SIZE } from './updating.ts';

/** A server with the findings of its sample. */
function found(snapshot: AppSnapshot): Observed<AppSample> {
  const processes = snapshot.workers.map(({ pid }) => processReading({ pid: pid ?? 0 }));
  const sample = { ...appBetween(null, snapshot), host: hostReading(processes) };
  const { findings } = assess(NOTHING_FOUND, { sample, history: NO_HISTORY }, {}, 0);
  return observed(sample, { findings });
}

const slow = core({ inRequest: true, requestStart: NOW - 99, vars: ['REQUEST_URI=/slow'] });
const STUCK = found(
  app([
    worker(),
    worker({ id: 2, pid: 9460, cores: [slow, core({ id: 1, inRequest: true }), core({ id: 2 })] }),
  ]),
);
const list = makeScene(STUCK.sample, { findings: STUCK.findings, view: { tab: 'findings' } });
const opened = doing(list, { kind: 'detail' });
const page = (scene: typeof list) => plain(screen(scene, SIZE));
const keys = (scene: typeof list) => textOf(screen(scene, SIZE).lines.at(-1) ?? { spans: [] });

describe('Enter on a finding', () => {
  it('opens the request of the finding, below the finding and its advice', () => {
    expect(opened.view).toMatchObject({ tab: 'requests', detail: { id: `2:0 ${NOW - 99}` } });
    expect(page(opened)).toMatch(/Finding\n.*Esc returns to it\n.*request running for[\s\S]*Requests 2:0/);
    expect(page(opened)).toContain('/slow');
  });

  it('names the command that ends the worker, and its cost', () => {
    expect(STUCK.findings.find(({ rule }) => rule === 'stuck')?.advice).toMatch(
      / kill -TERM 9460 ends worker 2 and its 2 requests; uWSGI then starts a new process\.$/,
    );
  });

  it('shows the command that prints the stack of the worker, and y copies it', () => {
    expect(page(opened)).toMatch(/^ {2}command +py-spy dump --pid 9460$/m);
    expect(copyText(opened, 80)).toEqual({ what: 'command', text: 'py-spy dump --pid 9460' });
    expect(copyText(doing(list, { kind: 'move', rows: 1 }), 80)).toEqual(copyText(opened, 80));
    // The row has gone, and the finding with it. The last state remains.
    const gone = { ...opened, findings: [], sample: found(app([worker()])).sample };
    expect(copyText(gone, 80)?.text).toBe('py-spy dump --pid 9460');
  });

  it.each(['back', 'detail'] as const)('returns to the finding with %s', (kind) => {
    const back = doing(opened, { kind });
    expect(back.view).toMatchObject({ tab: 'findings', detail: null, selected: 'stuck ' });
  });

  it('returns with Esc only after the cursor and the search are cleared', () => {
    const back = doing(opened, { kind: 'move', rows: 1 }, { kind: 'back' });
    expect(back.view).toMatchObject({ tab: 'requests', detail: { field: null } });
    expect(doing(back, { kind: 'back' }).view.tab).toBe('findings');
  });

  it('shows that the row has disappeared and the finding is over', () => {
    const next = found(app([worker(), worker({ id: 2, pid: 9460 })]));
    const gone = doing({ ...list, sample: next.sample }, { kind: 'detail' });
    expect(page(gone)).toMatch(/request running for[\s\S]*\n *the row no longer exists \(Esc goes back\)/);
    expect(page(sceneAfter(gone, next))).toMatch(
      /the finding has ended; Esc returns to it[\s\S]*the row no longer exists/,
    );
    expect(sceneAfter(gone, next).notice).toBeNull();
  });

  it('keeps the last state of a row that disappears while its detail is open', () => {
    const next = sceneAfter(opened, found(app([worker(), worker({ id: 2, pid: 9460 })])));
    expect(page(next)).toMatch(/the finding has ended; Esc[\s\S]*no longer there: last seen at/);
  });

  it('opens a worker also if cores are merged', () => {
    const loading = worker({ accepting: false, requestsSinceSpawn: 0, cores: [core({ requests: 5 })] });
    const { sample, findings } = found(app([loading]));
    const scene = makeScene(sample, { findings, view: { tab: 'findings', cores: 'merged' } });
    expect(findings.map(({ rule }) => rule)).toEqual(['loading']);
    expect(page(doing(scene, { kind: 'detail' }))).toContain('Workers 1');
  });

  it('opens the finding itself if it refers to no row', () => {
    const about = { view: 'apps', row: null };
    const findings = STUCK.findings.map((each) => ({ ...each, about }));
    const detail = doing({ ...list, findings }, { kind: 'detail' });
    expect(detail.view).toMatchObject({ tab: 'findings', detail: { id: 'stuck ' } });
    expect(page(detail)).toContain('what to do');
    expect(keys(detail)).not.toContain('Stack');
  });
});

describe('t on a finding', () => {
  it('opens the request whose stack it reads', () => {
    const scene = doing(list, { kind: 'stack' });
    expect(scene.view).toEqual(opened.view);
    expect(placeOf(scene)).toMatchObject({ worker: 2, core: 0 });
    expect(keys(scene)).toContain('Stack');
  });

  it('is offered only for current data', () => {
    const saved = { ...opened, connection: { state: 'saved' } as const };
    const frozen = { ...opened, view: { ...opened.view, frozenAt: 1 } };
    for (const scene of [saved, frozen]) {
      expect(keys(scene)).not.toContain('Stack');
      expect(page(scene)).not.toContain('its current Python stack');
    }
    expect(page(opened)).toContain('its current Python stack');
  });

  it('opens nothing if the finding refers to no Python process', () => {
    const about = { view: 'locks', row: 'lock signal 0' };
    const findings = STUCK.findings.map((each) => ({ ...each, about }));
    const scene = { ...list, findings };
    expect(doing(scene, { kind: 'stack' }).view).toEqual(scene.view);
  });
});

it('the advice names no pid that the host reading does not confirm', () => {
  const elsewhere = found(app([worker({ pid: 9460, cores: [slow] })]));
  const sample = { ...elsewhere.sample, host: null };
  const { findings } = assess(NOTHING_FOUND, { sample, history: NO_HISTORY }, {}, 0);
  expect(findings.map(({ rule }) => rule)).toContain('stuck');
  for (const { advice, command } of findings) {
    expect(advice).not.toContain('kill');
    expect(command ?? '').not.toContain('9460');
  }
});
