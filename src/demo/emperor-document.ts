import type { BlacklistState, EmperorState, VassalState } from './emperor.ts';
import { StatsWriter } from './writer.ts';

export interface EmperorDocumentOptions {
  /** Unix seconds of the start of the simulation. */
  epoch: number;
  minified: boolean;
  /** 2.1 also has the fields `suspended` and `adopted` of each vassal, and its attributes. */
  version: '2.0' | '2.1';
  /** Vassals have attributes. 2.1 writes them as pairs in a list, which is not valid JSON. */
  attributes: boolean;
}

const EMPEROR_DEFAULTS: Readonly<EmperorDocumentOptions> = {
  epoch: 1_800_000_000,
  minified: false,
  version: '2.0',
  attributes: false,
};

const MONITOR = '/srv/vassals';

/** Returns the document of an emperor, in uWSGI's layout byte for byte (core/emperor.c, `emperor_send_stats`). */
export function emperorDocument(state: EmperorState, options: Partial<EmperorDocumentOptions> = {}): string {
  const all = { ...EMPEROR_DEFAULTS, ...options };
  const writer = new StatsWriter(all.minified);
  writer.object(() => {
    writer.string('version', all.version === '2.0' ? '2.0.21' : '2.1-dev');
    writer.number('pid', state.pid);
    writer.number('uid', 0);
    writer.number('gid', 0);
    writer.string('cwd', MONITOR);
    writer.list('emperor', () => writer.item(MONITOR));
    writer.flag('emperor_tyrant', false);
    writer.number('throttle_level', 0);
    writer.list('vassals', () => {
      for (const each of state.vassals) writer.object(() => writeVassal(writer, each, all));
    });
    writer.list('blacklist', () => {
      for (const each of state.blacklist) writer.object(() => writeBlacklisted(writer, each, all.epoch));
    });
  });
  return writer.toString();
}

function writeVassal(writer: StatsWriter, vassal: VassalState, options: EmperorDocumentOptions): void {
  const instant = (seconds: number | null) => (seconds === null ? 0 : Math.floor(options.epoch + seconds));
  writer.string('id', vassal.id);
  writer.number('pid', vassal.pid ?? -1);
  writer.number('born', instant(vassal.born));
  writer.number('last_mod', instant(vassal.lastModified));
  writer.number('last_heartbeat', instant(vassal.heartbeat));
  writer.flag('loyal', vassal.loyal);
  writer.flag('ready', vassal.ready);
  writer.flag('accepting', vassal.accepting);
  writer.number('last_loyal', instant(vassal.lastLoyal));
  writer.number('last_ready', instant(vassal.lastReady));
  writer.number('last_accepting', instant(vassal.lastAccepting));
  writer.number('first_run', instant(vassal.firstRun));
  writer.number('last_run', instant(vassal.lastRun));
  writer.number('cursed', instant(vassal.cursed));
  writer.number('zerg', 0);
  writer.string('on_demand', vassal.onDemand);
  if (options.version === '2.1') {
    writer.flag('suspended', vassal.suspended);
    writer.flag('adopted', false);
  }
  writer.number('uid', 33);
  writer.number('gid', 33);
  writer.string('monitor', MONITOR);
  if (options.version === '2.1') {
    writer.list('attrs', () => {
      if (!options.attributes) return;
      for (const [name, value] of Object.entries(vassal.attributes)) writer.string(name, value);
    });
  }
  writer.number('respawns', vassal.respawns);
}

function writeBlacklisted(writer: StatsWriter, entry: BlacklistState, epoch: number): void {
  writer.string('id', entry.id);
  writer.number('throttle_level', entry.throttle);
  writer.number('attempt', entry.attempts);
  writer.number('first_attempt', Math.floor(epoch + entry.first));
  writer.number('last_attempt', Math.floor(epoch + entry.last));
}
