import { describe, expect, it } from 'vitest';
import { act } from '../../src/app/act.ts';
import { arrived, changed, ticked } from '../../src/app/arrived.ts';
import { type AppState, initialState, sceneOf } from '../../src/app/state.ts';
import type { Observation } from '../../src/monitor/observation.ts';
import { nothingObserved } from '../../src/monitor/observation.ts';
import type { Action } from '../../src/views/actions.ts';
import { actionOfKey } from '../../src/views/keys.ts';
import { screen } from '../../src/views/screen.ts';
import { VIEWS, viewOf } from '../../src/views/views.ts';
import { captured } from './fleets.ts';
import { LOOKED_AT, plain, VIEW } from './samples.ts';

const SIZE = { columns: 80, rows: 24 };

const LOST = {
  state: 'lost',
  since: LOOKED_AT - 18,
  why: 'connection refused',
  advice: 'Check that the server is running.',
  retryAt: LOOKED_AT + 4,
} as const;

const SHOP = captured('threads', '/run/shop.stats');
const BLOG: Observation = { ...captured('prefork', '/run/blog.stats'), connection: LOST };
const EMPEROR = captured('emperor', '/run/emperor.stats');
const WAITING = nothingObserved('/run/new.stats');

const SERVERS = [SHOP, BLOG, EMPEROR, WAITING];

/** The state after these observations. */
function stateOf(servers: readonly Observation[], view = VIEW): AppState {
  const first = initialState({
    servers: servers.map(({ target }) => ({ target, name: target.replace(/.*\//, ''), node: 'web1' })),
    node: 'web1',
    now: LOOKED_AT,
    view,
  });
  return servers.reduce(arrived, first);
}

const FLEET = stateOf(SERVERS);

const press = (state: AppState, ...keys: readonly string[]): AppState =>
  keys.reduce((before, key) => {
    const action = actionOfKey(sceneOf(before), key);
    return action === null ? before : act(before, action, SIZE);
  }, state);
const doing = (state: AppState, ...actions: readonly Action[]) =>
  actions.reduce((before, action) => act(before, action, SIZE), state);
const textOf = (state: AppState, size = SIZE) => plain(screen(sceneOf(state), size));
const placeOf = (state: AppState) => [state.focus, viewOf(sceneOf(state)).name];

it('a finding of a saved document has lasted until the document was written', () => {
  const time = LOOKED_AT - 3600;
  const finding = {
    rule: 'queue',
    subject: '',
    severity: 'warning',
    since: time - 60,
    text: 'the queue fills',
    advice: '',
    about: null,
  } as const;
  const sample = SHOP.sample && { ...SHOP.sample, saved: true, time };
  const saved: Observation = { ...SHOP, connection: { state: 'saved' }, sample, findings: [finding] };
  const live: Observation = { ...EMPEROR, findings: [finding] };
  const text = textOf(doing(stateOf([saved, live]), { kind: 'view', name: 'findings' }));
  expect(text).toMatch(/^warning +shop\.stats +1m00s /m);
  expect(text).toMatch(/^warning +empero…stats +1h01m /m);
});

describe('pictures', () => {
  it.each(VIEWS.fleet.map(({ name }) => name))('the view %s', async (name) => {
    const state = doing(FLEET, { kind: 'view', name });
    await expect(textOf(state)).toMatchFileSnapshot(`pictures/fleet-${name}-80x24.txt`);
  });

  it.each([
    { columns: 40, rows: 10 },
    { columns: 120, rows: 40 },
    { columns: 200, rows: 50 },
  ])('the servers at $columns x $rows', async (size) => {
    await expect(textOf(FLEET, size)).toMatchFileSnapshot(
      `pictures/fleet-servers-${size.columns}x${size.rows}.txt`,
    );
  });

  it('the first frame', async () => {
    const servers = SERVERS.map(({ target }) => nothingObserved(target));
    await expect(textOf(stateOf(servers))).toMatchFileSnapshot('pictures/fleet-connecting.txt');
  });
});

describe('the servers', () => {
  it('are in the order of their worst finding, and none is missing', () => {
    const rows = textOf(FLEET).match(/^(?:blog|shop|emperor|new)\.stats/gm);
    expect(rows?.[0]).toBe('blog.stats');
    expect([...(rows ?? [])].sort()).toEqual(['blog.stats', 'emperor.stats', 'new.stats', 'shop.stats']);
  });

  it('show no number of a lost server', () => {
    const [line = ''] = /^blog\.stats.*$/m.exec(textOf(FLEET, { columns: 200, rows: 50 })) ?? [];
    expect(line.split(/ +/).slice(1, 9)).toEqual(['lost', '-', '-', '-', '-', '-', '-', '-']);
  });

  it('have the lost connection as the verdict', () => {
    expect(textOf(FLEET).split('\n')[0]).toMatch(/^✗ blog\.stats: no data: connection refused/);
  });

  it('are connecting until one has answered', () => {
    expect(textOf(stateOf([WAITING, nothingObserved('/run/x')]))).toMatch(/^connecting to 2 servers…/);
  });
});

describe('Enter', () => {
  it.each([
    ['/run/shop.stats', 'workers'],
    ['/run/emperor.stats', 'vassals'],
    ['/run/new.stats', 'workers'],
    ['/run/blog.stats', 'workers'],
  ])('opens %s with its first view, and Esc returns to its row', (target, view) => {
    const selected = { ...FLEET, view: { ...FLEET.view, selected: target } };
    const opened = press(selected, 'enter');
    expect(placeOf(opened)).toEqual([target, view]);
    const back = press(opened, 'escape');
    expect(placeOf(back)).toEqual([null, 'servers']);
    expect(back.view.selected).toBe(target);
  });

  it('opens a server that has sent nothing yet without the filter of the last one', () => {
    const filtered = { ...FLEET, server: { ...FLEET.server, filter: 'x' } };
    const selected = { ...filtered, view: { ...filtered.view, selected: '/run/new.stats' } };
    expect(press(selected, 'enter').view.filter).toBeNull();
  });

  it('opens the request of a server, and Esc returns to the requests of all', () => {
    const requests = press(FLEET, '2', 'down');
    const id = requests.view.selected;
    const opened = press(requests, 'enter');
    expect(placeOf(opened)).toEqual(['/run/shop.stats', 'requests']);
    expect(opened.view.detail?.id).toBe(id?.slice('/run/shop.stats '.length));
    expect(textOf(opened)).toContain('Requests ');
    const back = press(opened, 'escape');
    expect([placeOf(back), back.view.selected]).toEqual([[null, 'requests'], id]);
  });

  it('opens a request below the servers', () => {
    const state = doing(FLEET, { kind: 'edge', edge: 'last' }, { kind: 'move', rows: 1 });
    expect(state.view.lower.selected).not.toBeNull();
    expect(placeOf(press(state, 'enter'))).toEqual(['/run/shop.stats', 'requests']);
  });

  it('opens the row that a finding is about', () => {
    const finding = {
      rule: 'request',
      subject: '',
      severity: 'warning',
      since: LOOKED_AT,
      text: 'a slow worker',
      advice: '',
      about: { view: 'workers', row: '1' },
    } as const;
    const state = stateOf([{ ...SHOP, findings: [finding] }, EMPEROR]);
    const opened = press(state, '!', 'enter');
    expect(placeOf(opened)).toEqual(['/run/shop.stats', 'workers']);
    expect(opened.view.detail?.id).toBe('1');
    expect(placeOf(press(opened, 'escape'))).toEqual([null, 'findings']);
  });

  it('on the key `t` asks for the stack of a request, and does nothing for a server', () => {
    const opened = press(FLEET, '2', 't');
    expect(opened.view.detail).not.toBeNull();
    expect(placeOf(press(FLEET, 't'))).toEqual([null, 'servers']);
  });
});

describe('a server among several', () => {
  const OPENED = press({ ...FLEET, view: { ...FLEET.view, selected: '/run/shop.stats' } }, 'enter');

  it('shows how to return', () => {
    expect(textOf(OPENED)).toMatch(/^ .*Esc Servers.*$/m);
    expect(textOf(press(stateOf([SHOP]), 'escape'))).not.toContain('Esc Servers');
  });

  it('returns only after nothing is left to close', () => {
    const closing = press(OPENED, 'down', 'escape');
    expect(closing.focus).toBe('/run/shop.stats');
    expect(press(closing, 'escape').focus).toBeNull();
    const filtered = { ...OPENED, view: { ...OPENED.view, filter: 'x' } };
    expect(press(filtered, 'escape').focus).toBe('/run/shop.stats');
    expect(press(filtered, 'escape', 'escape').focus).toBeNull();
  });

  it('keeps the columns and the order for the next server, and not the filter', () => {
    const sorted = doing(OPENED, { kind: 'sort', column: 'rps' });
    const next = doing(
      { ...sorted, view: { ...sorted.view, filter: 'busy' } },
      { kind: 'back' },
      { kind: 'back' },
      { kind: 'select', id: '/run/blog.stats' },
      { kind: 'detail' },
    );
    expect(placeOf(next)).toEqual(['/run/blog.stats', 'workers']);
    expect([next.view.sort?.column, next.view.filter]).toEqual(['rps', null]);
  });

  it('stays frozen while the screen is frozen, with the other servers', () => {
    const frozen = press(FLEET, 'space');
    const later = arrived(frozen, { ...BLOG, connection: { state: 'live' } });
    expect(textOf(later)).toContain('lost');
    const resumed = press(later, 'space');
    expect(textOf(resumed)).not.toContain('lost');
  });
});

describe('the history of all servers', () => {
  it('has the sum of the last second of each server', () => {
    const server = (target: string) => captured('full', target);
    const two = stateOf([server('/run/a'), server('/run/b')]);
    const one = server('/run/a').history.near.at(-1);
    const state = [1, 2, 3].reduce((before, second) => ticked(before, LOOKED_AT + second, 0), two);
    const point = sceneOf(state).history.near.at(-1);
    if (!one || !point) throw new Error('points expected');
    expect(point.seconds).toBeCloseTo(1);
    expect(point.requests).toBeCloseTo((2 * (one.requests ?? Number.NaN)) / one.seconds);
    expect(point.queue).toBe(2 * (one.queue ?? Number.NaN));
  });

  it('has no point that covers a pause of this process', () => {
    const state = ticked(ticked(FLEET, LOOKED_AT + 1, 0), LOOKED_AT + 100, 0);
    expect(sceneOf(state).history.last?.seconds).toBe(0);
  });
});

describe('the vassals of an emperor', () => {
  const VASSALS = EMPEROR.sample?.kind === 'emperor' ? EMPEROR.sample.snapshot.vassals : [];
  const [running] = VASSALS.filter(({ pid }) => pid !== null);
  const members = [
    { target: EMPEROR.target, name: 'emperor', node: 'web1' },
    { target: SHOP.target, name: 'shop', node: 'web1', pid: running?.pid ?? -1 },
  ];
  const alone = arrived(
    initialState({ servers: members.slice(0, 1), node: 'web1', now: LOOKED_AT, view: VIEW }),
    EMPEROR,
  );
  const state = arrived(changed(alone, members), SHOP);
  const size = { columns: 160, rows: 30 };

  it('have the numbers of the servers that are read', async () => {
    expect(textOf(alone, size)).not.toContain('RPS');
    await expect(textOf(state, size)).toMatchFileSnapshot('pictures/fleet-vassals-160x30.txt');
  });

  it('are opened by Enter, and Esc returns to the row of the vassal, then to all servers', () => {
    const selected = { ...state, view: { ...state.view, selected: running?.id ?? '' } };
    const opened = press(selected, 'enter');
    expect(placeOf(opened)).toEqual([SHOP.target, 'workers']);
    expect(textOf(opened)).toContain('Esc Vassals');
    const back = press(opened, 'escape');
    expect([placeOf(back), back.view.selected]).toEqual([[EMPEROR.target, 'vassals'], running?.id]);
    expect(placeOf(press(back, 'escape', 'escape'))).toEqual([null, 'servers']);
  });

  it('that are not read have a detail', () => {
    const other = VASSALS.find(({ pid }) => pid !== running?.pid);
    const selected = { ...state, view: { ...state.view, selected: other?.id ?? '' } };
    expect(press(selected, 'enter').view.detail?.id).toBe(other?.id);
  });

  describe('with a finding', () => {
    const [, second] = VASSALS;
    const critical = {
      rule: 'busy',
      subject: '',
      severity: 'critical',
      since: LOOKED_AT - 30,
      text: 'all 8 cores busy for 30s',
      advice: 'More processes.',
      about: { view: 'requests', row: null },
    } as const;
    const own = {
      ...critical,
      rule: 'blacklist',
      severity: 'warning',
      text: 'vassal bad.ini failed',
    } as const;
    const others = members.map((member) =>
      member.target === SHOP.target ? { ...member, pid: second?.pid ?? -1 } : member,
    );
    const known = arrived(changed(arrived(alone, { ...EMPEROR, findings: [own] }), others), {
      ...SHOP,
      findings: [critical],
    });
    const findings = doing(known, { kind: 'view', name: 'findings' });

    it('are named on the first line, before the findings of the emperor', () => {
      expect(textOf(known).split('\n')[0]).toMatch(/^✗ shop: all 8 cores busy for 30s +1 more \(!\)/);
    });

    it('come first and have its color', () => {
      const { lines } = screen(sceneOf(known), size);
      const rows = lines.filter(({ spans }) => spans.some(({ text }) => /accepting/.test(text))).slice(-2);
      const states = rows.map(({ spans }) => [
        spans[0]?.text.trim().split(' ')[0],
        spans.find(({ text }) => /accepting/.test(text))?.role,
      ]);
      expect(states).toEqual([
        [second?.id, 'critical'],
        [running?.id, 'good'],
      ]);
    });

    it('are in the findings of the emperor, and open there', () => {
      expect(textOf(findings)).toMatch(/^critical +shop +30s .*\nwarning {2,}30s /m);
      const opened = press(findings, 'enter');
      expect(placeOf(opened)).toEqual([SHOP.target, 'findings']);
      const back = press(opened, 'escape');
      expect(placeOf(back)).toEqual([EMPEROR.target, 'findings']);
      const ownRow = { ...back, view: { ...back.view, selected: 'blacklist ' } };
      expect([ownRow.focus, press(ownRow, 'enter').view.detail?.id]).toEqual([EMPEROR.target, 'blacklist ']);
    });

    it('that ends leave the findings of the emperor', () => {
      expect(textOf(changed(findings, others.slice(0, 1)))).not.toContain('shop');
    });

    it('do not change while the screen is frozen', () => {
      const frozen = doing(known, { kind: 'freeze' });
      expect(textOf(arrived(frozen, SHOP)).split('\n')[0]).toContain('shop: all 8 cores busy');
    });
  });

  it('lead back to all servers if they end', () => {
    const opened = press({ ...state, view: { ...state.view, selected: running?.id ?? '' } }, 'enter');
    expect(changed(opened, members.slice(0, 1)).focus).toBe(EMPEROR.target);
    expect(changed(opened, []).focus).toBeNull();
  });
});

it('names that are cut still differ at their end', () => {
  const servers = [1, 2].map((at) => captured('threads', `/run/production-cluster-${at}`));
  expect(textOf(stateOf(servers))).toMatch(/^produ\S*…\S*-1 .*\n(?:.*\n)*produ\S*…\S*-2 /m);
});
