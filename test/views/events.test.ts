import { describe, expect, it } from 'vitest';
import { EVENT_KINDS } from '../../src/monitor/event.ts';
import { withServer } from '../../src/monitor/fleet.ts';
import { isObserved, type Observed } from '../../src/monitor/observation.ts';
import { createMask } from '../../src/text/secrets.ts';
import { screen } from '../../src/views/screen.ts';
import { VIEWS } from '../../src/views/views.ts';
import { HAPPENINGS, killed, observedAfter, type Read, running } from '../monitor/happenings.ts';
import { app, worker } from '../rates/builders.ts';
import { fleetOf, fleetScene } from './fleets.ts';
import { makeScene, plain } from './samples.ts';
import { doing, rowsOf, SIZE } from './updating.ts';

/** The observation after reads of which the last returned a document. */
function observedBy(reads: readonly Read[], target = 'test'): Observed {
  const observation = { ...observedAfter(reads), target };
  if (!isObserved(observation)) throw new Error('no document');
  return observation;
}

const busy = running('/report?token=hunter2', 30, 1, { pid: 201 });
const HARAKIRI = observedBy([
  [1, app([worker(), busy])],
  [2, app([worker(), killed(busy, 203)])],
]);
const { sample, ...known } = HARAKIRI;
const list = makeScene(sample, { ...known, view: { tab: 'events', filter: 'kind=harakiri' } });
const page = (scene: typeof list) => plain(screen(scene, { columns: 120, rows: 24 }));

describe('Enter on an event', () => {
  const opened = doing(list, { kind: 'detail' });

  it('opens the worker, below the event with its request, masked', () => {
    expect(opened.view).toMatchObject({ tab: 'workers', detail: { id: '2' } });
    expect(page(opened)).toMatch(
      /Event\n.*Esc returns to it\n.*harakiri: worker 2 \(pid 201\) was killed; last seen: GET \/report\?token=\*\*\* for 30s/,
    );
    expect(page(opened)).toMatch(/^Workers 2$/m);
  });

  it('returns to the event with Esc', () => {
    const back = doing(opened, { kind: 'back' });
    expect(back.view).toMatchObject({ tab: 'events', detail: null, filter: 'kind=harakiri' });
  });

  it('shows the event if its row has disappeared', () => {
    const reads: Read[] = [
      [0, app([worker(), worker()])],
      [1, app([running('/slow', 12, 1), worker()])],
      [2, app([worker(), worker()])],
    ];
    const { sample, ...known } = observedBy(reads);
    const ended = makeScene(sample, { ...known, view: { tab: 'events', filter: 'kind=began' } });
    const gone = page(doing(ended, { kind: 'detail' }));
    expect(gone).toMatch(/began: request running for 12s on 1:0: GET \/slow/);
    expect(gone).toMatch(/seen at .*\n.*until .*\n\n *the row no longer exists \(Esc goes back\)/);
  });

  it('opens its own detail if it is about the whole server', () => {
    const { sample, ...known } = observedBy(HAPPENINGS);
    const restart = makeScene(sample, { ...known, view: { tab: 'events', filter: 'kind=restart' } });
    const detail = page(doing(restart, { kind: 'detail' }));
    expect(detail).toMatch(/^Events restart$/m);
    expect(detail).toContain('new master: pid 100 → 300; 1 worker');
  });
});

describe('the table', () => {
  const count = (filter: string) => rowsOf({ ...list, view: { ...list.view, filter } });

  it.each([
    ['kind=harakiri', 1],
    ['kind!=harakiri', 2],
    ['severity=warning', 2],
    ['lasted>100', 0],
    ['event~^worker', 1],
    ['hunter2', 0],
  ])('filters by its columns: %s', (filter, rows) => {
    expect(count(filter)).toBe(rows);
  });

  it('names every kind in the description of its column', () => {
    const column = VIEWS.app
      .find(({ name }) => name === 'events')
      ?.columns.find(({ name }) => name === 'kind');
    for (const kind of EVENT_KINDS) expect(column?.description).toMatch(new RegExp(`\\b${kind}\\b`));
  });
});

describe('a fleet', () => {
  const shop = observedBy(HAPPENINGS, '/run/shop');
  const blog = observedBy([...HAPPENINGS.slice(0, 3)], '/run/blog');
  const scene = fleetScene(fleetOf(shop, blog), { tab: 'events', mask: createMask() });

  it('has the events of all servers by time, with the server', () => {
    const { events } = scene;
    expect(events).toHaveLength(shop.events.length + blog.events.length);
    expect(events.map(({ time }) => time)).toEqual(events.map(({ time }) => time).sort((a, b) => a - b));
    const text = plain(screen(scene, SIZE));
    expect(text).toMatch(/restart +.*\n/);
    expect(text).toMatch(/\d shop +harakiri/);
    expect(text).toMatch(/\d blog +harakiri/);
  });

  it('keeps the merged list until a server has a new event', () => {
    const fleet = fleetOf(shop, blog);
    const first = fleetScene(fleet).events;
    expect(fleetScene(withServer(fleet, { ...shop }, fleet.time + 1)).events).toBe(first);
  });
});

it('without events, the view says since when', () => {
  const replay = { start: 0, end: 9, time: 5, isPlaying: false, speed: 1, marks: [] };
  const text = (name?: string | null) =>
    page(
      makeScene(sample, {
        view: { tab: 'events' },
        ...(name === undefined ? {} : { replay: { ...replay, name } }),
      }),
    );
  expect(text()).toContain('no events since statstop was started');
  expect(text(null)).toContain('no events since statstop was started');
  expect(text('/var/lib/shop')).toContain('no events so far in this recording');
});
