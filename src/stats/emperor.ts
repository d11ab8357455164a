import { count, type Fields, fields, flag, list, name, positive, text } from './fields.ts';
import type { BlacklistEntry, EmperorSnapshot, Vassal } from './snapshot.ts';

/** Returns the parts that only the document of an emperor has. */
export function emperorSnapshot(document: Fields): Omit<EmperorSnapshot, 'server' | 'repaired'> {
  return {
    kind: 'emperor',
    monitors: list(document.emperor).filter((monitor) => typeof monitor === 'string'),
    tyrant: flag(document.emperor_tyrant),
    throttle: count(document.throttle_level),
    vassals: list(document.vassals).map(vassal),
    blacklist: list(document.blacklist).map(blacklistEntry),
  };
}

function vassal(value: unknown, index: number): Vassal {
  const v = fields(value);
  return {
    id: text(v.id) ?? `#${index + 1}`,
    pid: positive(v.pid),
    born: positive(v.born),
    lastModified: positive(v.last_mod),
    lastHeartbeat: positive(v.last_heartbeat),
    loyal: flag(v.loyal),
    ready: flag(v.ready),
    accepting: flag(v.accepting),
    lastLoyal: positive(v.last_loyal),
    lastReady: positive(v.last_ready),
    lastAccepting: positive(v.last_accepting),
    firstRun: positive(v.first_run),
    lastRun: positive(v.last_run),
    cursedAt: positive(v.cursed),
    zerg: flag(v.zerg),
    onDemand: name(v.on_demand),
    suspended: flag(v.suspended),
    adopted: flag(v.adopted),
    uid: count(v.uid),
    gid: count(v.gid),
    monitor: text(v.monitor),
    attributes: list(v.attrs).flatMap(attributes),
    respawns: count(v.respawns),
  };
}

/** uWSGI writes pairs into a list. The repairing parser makes each pair an object of its own. */
function attributes(pair: unknown): Vassal['attributes'] {
  return Object.entries(fields(pair)).map(([name, value]) => ({ name, value: String(value) }));
}

function blacklistEntry(value: unknown, index: number): BlacklistEntry {
  const entry = fields(value);
  const milliseconds = count(entry.throttle_level);
  return {
    id: text(entry.id) ?? `#${index + 1}`,
    throttle: milliseconds === null ? null : milliseconds / 1000,
    attempts: count(entry.attempt),
    firstAttempt: positive(entry.first_attempt),
    lastAttempt: positive(entry.last_attempt),
  };
}
