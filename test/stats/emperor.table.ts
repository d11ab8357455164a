import type { Sent } from './captures.ts';
import {
  as,
  each,
  emptyIsUnknown,
  fromMilliseconds,
  SERVER,
  type Table,
  yesOrNo,
  zeroIsUnknown,
} from './table.ts';

const VASSAL: Table = {
  id: as('id'),
  pid: as('pid', zeroIsUnknown),
  born: as('born', zeroIsUnknown),
  last_mod: as('lastModified', zeroIsUnknown),
  last_heartbeat: as('lastHeartbeat', zeroIsUnknown),
  loyal: as('loyal', yesOrNo),
  ready: as('ready', yesOrNo),
  accepting: as('accepting', yesOrNo),
  last_loyal: as('lastLoyal', zeroIsUnknown),
  last_ready: as('lastReady', zeroIsUnknown),
  last_accepting: as('lastAccepting', zeroIsUnknown),
  first_run: as('firstRun', zeroIsUnknown),
  last_run: as('lastRun', zeroIsUnknown),
  cursed: as('cursedAt', zeroIsUnknown),
  zerg: as('zerg', yesOrNo),
  on_demand: as('onDemand', emptyIsUnknown),
  suspended: as('suspended', yesOrNo),
  adopted: as('adopted', yesOrNo),
  uid: as('uid'),
  gid: as('gid'),
  monitor: as('monitor'),
  attrs: as('attributes', (sent) =>
    (sent as Sent[]).flatMap((pair) => Object.entries(pair).map(([name, value]) => ({ name, value }))),
  ),
  respawns: as('respawns'),
};

/** The fields of an emperor. */
export const EMPEROR: Table = {
  ...SERVER,
  emperor: as('monitors'),
  emperor_tyrant: as('tyrant', yesOrNo),
  throttle_level: as('throttle'),
  vassals: each('vassals', VASSAL),
  blacklist: each('blacklist', {
    id: as('id'),
    throttle_level: as('throttle', fromMilliseconds),
    attempt: as('attempts'),
    first_attempt: as('firstAttempt', zeroIsUnknown),
    last_attempt: as('lastAttempt', zeroIsUnknown),
  }),
};
