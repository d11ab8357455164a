import { describe, expect, it } from 'vitest';
import { act } from '../../src/app/act.ts';
import { arrived } from '../../src/app/arrived.ts';
import { type AppState, sceneOf } from '../../src/app/state.ts';
import type { Observation } from '../../src/monitor/observation.ts';
import { observeDocument } from '../../src/monitor/observe.ts';
import type { Action } from '../../src/views/actions.ts';
import { screen } from '../../src/views/screen.ts';
import { eventOf, observed, observing } from '../monitor/observing.ts';
import { app, NOW, reading, worker } from '../rates/builders.ts';
import { makeScene, plain, secondSample } from '../views/samples.ts';
import { doing } from '../views/updating.ts';
import { stateOf } from './states.ts';

const SIZE = { columns: 80, rows: 24 };
const FREEZE: Action = { kind: 'freeze' };

/** A server with this many requests, read at a second. */
const at = (second: number, requests: number) => reading(app([worker({ requests })]), second);

const FIRST = observing('a.stats', [at(0, 10)]);
const SECOND = observeDocument(FIRST, eventOf(at(1, 30)));
const RESET = observeDocument(SECOND, eventOf(at(2, 0)));
const LOST: Observation = {
  ...SECOND,
  connection: { state: 'lost', since: NOW, why: 'connection refused', advice: '', retryAt: NOW + 4 },
};

const LIVE = stateOf(makeScene(FIRST.sample, { ...FIRST, now: NOW }));

/** The state after these actions and observations, in order. */
function after(...steps: (Action | Observation)[]): AppState {
  return steps.reduce<AppState>(
    (state, step) => ('kind' in step ? act(state, step, SIZE) : arrived(state, step)),
    LIVE,
  );
}

const sceneAfter = (...steps: (Action | Observation)[]) => sceneOf(after(...steps));
const textAfter = (...steps: (Action | Observation)[]) => plain(screen(sceneAfter(...steps), SIZE));

describe('freezing', () => {
  it('keeps the frozen values while new observations arrive', () => {
    const { sample, history, findings } = sceneAfter(FREEZE, SECOND, RESET);
    expect(sample).toBe(FIRST.sample);
    expect(history).toBe(FIRST.history);
    expect(findings).toEqual(FIRST.findings);
    expect(after(FREEZE, SECOND).fleet.servers.get('a.stats')).toBe(SECOND);
  });

  it('keeps the frozen values during actions', () => {
    const steps: Action[] = [{ kind: 'move', rows: 1 }, { kind: 'tab', step: 1 }, { kind: 'help' }];
    expect(sceneAfter(FREEZE, SECOND, ...steps, RESET).sample).toBe(FIRST.sample);
  });

  it('shows the time of the freeze', () => {
    expect(sceneAfter(FREEZE).view.frozenAt).toBe(NOW);
    expect(textAfter(FREEZE, SECOND)).toContain('frozen at');
  });

  it('still shows a lost connection, with the frozen numbers', () => {
    const scene = sceneAfter(FREEZE, SECOND, LOST);
    expect(scene.connection).toEqual(LOST.connection);
    expect(scene.sample).toBe(FIRST.sample);
    expect(textAfter(FREEZE, SECOND, LOST)).toContain('connection refused');
  });

  it('shows a restored connection', () => {
    expect(sceneAfter(LOST, FREEZE, SECOND).connection).toEqual({ state: 'live' });
  });

  it('keeps the numbers after a reset, which is shown after unfreezing', () => {
    const scene = sceneAfter(FREEZE, SECOND, RESET);
    expect(RESET.sample.reset).toBe(true);
    expect(scene.resetAt).toBe(RESET.sample.time);
    expect(scene.sample).toBe(FIRST.sample);
    expect(textAfter(FREEZE, SECOND, RESET, FREEZE)).toContain('counters restarted');
  });
});

describe('unfreezing', () => {
  it('shows the latest observation without waiting for the next document', () => {
    const scene = sceneAfter(FREEZE, SECOND, FREEZE);
    expect(scene.sample).toBe(SECOND.sample);
    expect(scene.history).toBe(SECOND.history);
    expect(scene.view.frozenAt).toBeNull();
    expect(textAfter(FREEZE, SECOND, FREEZE)).toBe(textAfter(SECOND));
  });

  it('keeps the last state of the row in the detail if it ended while frozen', () => {
    const looking = doing(makeScene(secondSample('threads'), { view: { tab: 'requests' } }), {
      kind: 'detail',
    });
    const frozen = act(stateOf(looking), FREEZE, SIZE);
    const next = observed(secondSample('prefork'));
    const later = observed({ ...secondSample('prefork') });
    const goesOn = arrived(act(arrived(frozen, next), FREEZE, SIZE), later);
    expect(plain(screen(sceneOf(goesOn), SIZE))).toContain('no longer there: last seen at');
  });

  it('allows another freeze, which keeps the values of that time', () => {
    expect(sceneAfter(FREEZE, SECOND, FREEZE, FREEZE, RESET).sample).toBe(SECOND.sample);
  });
});

it('an action that is carried out outside the view changes nothing', () => {
  for (const kind of ['quit', 'copy', 'redraw', 'suspend'] as const)
    expect(sceneOf(act(LIVE, { kind }, SIZE))).toEqual(sceneOf(LIVE));
});
