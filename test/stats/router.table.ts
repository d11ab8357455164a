import { expect } from 'vitest';
import { as, type Check, each, emptyIsUnknown, SERVER, type Table, yesOrNo, zeroIsUnknown } from './table.ts';

const NODE: Table = {
  name: as('name'),
  vassal: as('vassal', emptyIsUnknown),
  modifier1: as('modifier1'),
  modifier2: as('modifier2'),
  last_check: as('lastCheck', zeroIsUnknown),
  pid: as('pid', zeroIsUnknown),
  uid: as('uid'),
  gid: as('gid'),
  requests: as('requests'),
  last_requests: as('lastRequests'),
  tx: as('tx'),
  rx: as('rx'),
  cores: as('cores'),
  load: as('load'),
  weight: as('weight'),
  backup: as('backup'),
  proto: as('proto', emptyIsUnknown),
  wrr: as('wrr'),
  ref: as('inUse'),
  failcnt: as('failures'),
  death_mark: as('deathMark', yesOrNo),
};

/** The addresses of a router are under the name of its plugin. */
const addresses: (plugin: string) => Check = (plugin) => (sent, typed, path) => {
  expect(typed.plugin, path).toBe(plugin);
  expect(typed.addresses, path).toEqual(sent);
};

/** The fields of an http, fast, raw or ssl router. */
export const ROUTER: Table = {
  ...SERVER,
  active_sessions: as('activeSessions'),
  http: addresses('http'),
  fastrouter: addresses('fastrouter'),
  rawrouter: addresses('rawrouter'),
  sslrouter: addresses('sslrouter'),
  cheap: as('cheap', yesOrNo),
  subscriptions: each('subscriptions', {
    key: as('key'),
    hash: as('hash'),
    hits: as('hits'),
    sni_enabled: as('sni', yesOrNo),
    algo: as('algorithm', emptyIsUnknown),
    nodes: each('nodes', NODE),
  }),
  static_nodes: each('staticNodes', {
    name: as('name'),
    hits: as('hits'),
    grace: as('failedAt', zeroIsUnknown),
  }),
};
