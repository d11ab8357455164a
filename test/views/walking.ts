import fc from 'fast-check';
import { act } from '../../src/app/act.ts';
import { arrived } from '../../src/app/arrived.ts';
import { type AppState, sceneOf, serverOf } from '../../src/app/state.ts';
import type { Connection } from '../../src/monitor/observation.ts';
import type { Sample } from '../../src/rates/sample.ts';
import type { Worker } from '../../src/stats/snapshot.ts';
import type { Action } from '../../src/views/actions.ts';
import { BINDINGS } from '../../src/views/bindings.ts';
import type { Frame, Size } from '../../src/views/frame.ts';
import { actionOfKey } from '../../src/views/keys.ts';
import { isAllowed } from '../../src/views/overlays.ts';
import { screen } from '../../src/views/screen.ts';
import { stateOf } from '../app/states.ts';
import { observed } from '../monitor/observing.ts';
import { app, appBetween, between, core, NEVER_RAN, NOW, worker } from '../rates/builders.ts';
import { EMPEROR, node, router, subscription } from '../rates/routers.ts';
import { vassal } from './rows.ts';
import { makeScene } from './samples.ts';

/** One thing that happens to a live view. Places are from 0 to 1. */
export type Step =
  | { kind: 'key'; key: string }
  | { kind: 'click'; place: number }
  | { kind: 'wheel'; rows: number; place: number }
  | { kind: 'size'; size: Size }
  | { kind: 'document'; sample: Sample }
  | { kind: 'connection'; connection: Connection };

/** A live view: its state and the size of its terminal. */
export interface Walk {
  state: AppState;
  size: Size;
}

export const frameOf = ({ state, size }: Walk): Frame => screen(sceneOf(state), size);

/** The view after a step. */
export function stepped(walk: Walk, step: Step): Walk {
  const { state, size } = walk;
  switch (step.kind) {
    case 'key':
      return acted(walk, actionOfKey(sceneOf(state), step.key));
    case 'click': {
      const { hotspots } = frameOf(walk);
      return acted(walk, hotspots[Math.floor(step.place * hotspots.length)]?.action ?? null);
    }
    case 'wheel': {
      const { hotspots } = frameOf(walk);
      const under = hotspots[Math.floor(step.place * hotspots.length)]?.action;
      const isBelow = under?.kind === 'select' && under.below === true;
      return acted(walk, { kind: 'scroll', rows: step.rows, ...(isBelow ? { below: true } : {}) });
    }
    case 'size':
      return { state, size: step.size };
    case 'document':
      return { state: arrived(state, observed(step.sample)), size };
    case 'connection':
      return {
        state: arrived(state, { ...serverOf(state, state.focus ?? ''), connection: step.connection }),
        size,
      };
  }
}

function acted(walk: Walk, action: Action | null): Walk {
  const { state, size } = walk;
  return action && isAllowed(state.view, action) ? { ...walk, state: act(state, action, size) } : walk;
}

/** A view of this sample before any key. */
export function walkOf(sample: Sample, size: Size): Walk {
  return { state: stateOf(makeScene(sample)), size };
}

const size: fc.Arbitrary<Size> = fc.oneof(
  fc.constantFrom<Size>(
    { columns: 20, rows: 5 },
    { columns: 40, rows: 10 },
    { columns: 80, rows: 24 },
    { columns: 80, rows: 24 },
    { columns: 120, rows: 40 },
    { columns: 200, rows: 50 },
  ),
  fc.record({ columns: fc.integer({ min: 20, max: 220 }), rows: fc.integer({ min: 5, max: 60 }) }),
);

const busyCore = fc
  .record({ inRequest: fc.boolean(), age: fc.integer({ min: 0, max: 30 }) })
  .map(({ inRequest, age }) => ({
    inRequest,
    requestStart: inRequest ? NOW - age : null,
    vars: inRequest ? ['REQUEST_METHOD=GET', `REQUEST_URI=/page/${age}?token=secret${age}`] : [],
  }));

const anyWorker: fc.Arbitrary<Worker> = fc.oneof(
  fc.constant(NEVER_RAN),
  fc.array(busyCore, { maxLength: 4 }).map((cores) => {
    const all = cores.map((given, id) => core({ id, ...given }));
    return worker({ status: all.some(({ inRequest }) => inRequest) ? 'busy' : 'idle', cores: all });
  }),
  fc.constant(worker({ pid: null })),
);

/** Often with few workers, so that there is room for a table below, and often without a request. */
const anyApp: fc.Arbitrary<Sample> = fc
  .oneof<fc.Arbitrary<Worker[]>[]>(
    fc.array(anyWorker, { minLength: 1, maxLength: 3 }),
    fc.array(anyWorker, { maxLength: 14 }),
    fc.constant<Worker[]>([worker()]),
  )
  .map((workers) => appBetween(app(workers), app(workers)));

const anyEmperor: fc.Arbitrary<Sample> = fc.array(fc.boolean(), { maxLength: 20 }).map((running) =>
  between(EMPEROR, {
    ...EMPEROR,
    vassals: running.map((isRunning, at) => vassal({ id: `${at}.ini`, pid: isRunning ? at + 1 : null })),
  }),
);

const anyRouter: fc.Arbitrary<Sample> = fc.integer({ min: 0, max: 20 }).map((count) => {
  const nodes = Array.from({ length: count }, (_, at) => node(`127.0.0.1:${3000 + at}`));
  return between(router({}), router({ subscriptions: [subscription('shop.example.com', 1, nodes)] }));
});

const KEYS = [...new Set(BINDINGS.flatMap(({ keys }) => keys).filter((key) => key !== 'q' && key !== 'C-c'))];
const MOVES = [
  '1',
  'up',
  'down',
  'down',
  'down',
  'down',
  'escape',
  'enter',
  'escape',
  'pagedown',
  'end',
  'home',
];
const LETTERS = [...'bdelmprvx%=>~ 1'];

const connection: fc.Arbitrary<Connection> = fc.constantFrom<Connection>(
  { state: 'live' },
  { state: 'lost', since: NOW - 5, why: 'connection refused', advice: 'Is it running?', retryAt: NOW + 725 },
);

const stepWith = (sample: fc.Arbitrary<Sample>): fc.Arbitrary<Step> =>
  fc.oneof(
    { weight: 20, arbitrary: fc.constantFrom(...MOVES).map((key): Step => ({ kind: 'key', key })) },
    { weight: 5, arbitrary: fc.constantFrom(...KEYS).map((key): Step => ({ kind: 'key', key })) },
    { weight: 1, arbitrary: fc.constantFrom(...LETTERS).map((key): Step => ({ kind: 'key', key })) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('click' as const), place: fraction }) },
    {
      weight: 1,
      arbitrary: fc.record({
        kind: fc.constant('wheel' as const),
        rows: fc.constantFrom(-3, 3),
        place: fraction,
      }),
    },
    { weight: 1, arbitrary: size.map((size): Step => ({ kind: 'size', size })) },
    { weight: 4, arbitrary: sample.map((sample): Step => ({ kind: 'document', sample })) },
    { weight: 1, arbitrary: connection.map((connection): Step => ({ kind: 'connection', connection })) },
  );

const fraction = fc.double({ min: 0, max: 0.999, noNaN: true });

/** A view of a random server, and what happens to it. */
export const anyWalk: fc.Arbitrary<{ start: Walk; steps: Step[] }> = fc
  .constantFrom(anyApp, anyApp, anyApp, anyEmperor, anyRouter)
  .chain((sample) =>
    fc.record({
      start: fc.record({ sample, size }).map(({ sample, size }) => walkOf(sample, size)),
      steps: fc.array(stepWith(sample), { minLength: 15, maxLength: 40, size: 'max' }),
    }),
  );
