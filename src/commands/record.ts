import { hostname } from 'node:os';
import { Ss } from '../host/ss.ts';
import { timely } from '../host/timely.ts';
import { memoize } from '../rates/memoize.ts';
import { RecordingError } from '../recordings/error.ts';
import { openSource } from '../sources/open.ts';
import type { SourceEvent } from '../sources/source.ts';
import { Readers, type WatchedServer } from '../terminal/readers.ts';
import { clean } from '../text/clean.ts';
import { plural } from '../text/words.ts';
import { Estimate } from './estimate.ts';
import { LocalServers } from './local-servers.ts';
import { nodeOf } from './node-of.ts';
import type { Chosen } from './options.ts';
import { write } from './output.ts';
import { openFolder, recorderFor } from './recording-folder.ts';
import { warn, warnOf } from './report.ts';
import type { Selected } from './selected.ts';
import { targetsOf } from './targets.ts';
import { UsageError } from './usage-error.ts';
import { SHARED_SECONDS, watched } from './watched.ts';

export interface RecordOptions extends Chosen {
  to: string;
  /** Seconds. */
  keep?: number;
  /** Bytes. */
  maxSize?: number;
}

/** Signals that end a recording. A second one ends the process at once. */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * `statstop record`: writes what it reads of the targets to a folder, until a signal ends it. Without a target, it
 * records the servers of this machine, also those that start later.
 *
 * @throws RecordingError if the folder cannot be used
 */
export async function record(texts: readonly string[], options: RecordOptions): Promise<void> {
  if (options.interval === 0) throw new UsageError('a recording needs an interval from 0.1 to 3600');
  const ended = new AbortController();
  for (const signal of SIGNALS) process.once(signal, () => ended.abort());
  const local = new LocalServers((text) => warn([text]));
  const selected = texts.length === 0 ? await local.all() : await targetsOf(texts);
  const nodes = new Map(
    await Promise.all(selected.map(async (each) => [each, await nodeOf(each.target)] as const)),
  );
  const ss = new Ss('ss', SHARED_SECONDS);
  // A server that still runs keeps its object, so that it is not interrupted.
  const watchedOf = memoize((each: Selected) => watched(each, nodes.get(each) ?? hostname(), { ss }));
  const recorder = recorderFor(options);
  const { to, keep, maxSize: most } = options;
  const folder = await openFolder(to, recorder, { keep, most, say: (text) => warn([text]) });
  const estimate = new Estimate(options);
  const unread = new Set<string>();
  const sayChange = (target: string, event: SourceEvent) => {
    if (event.kind === 'document') {
      if (unread.delete(target)) say(`${target}: it can be read again`);
    } else if (!unread.has(target)) {
      unread.add(target);
      warnOf(event.error);
    }
  };
  await new Promise<void>((resolve, reject) => {
    const take = (target: string, event: SourceEvent) => {
      if (ended.signal.aborted) return;
      sayChange(target, event);
      try {
        const said = estimate.after(target, event, folder.record(target, event));
        if (said !== null) say(said);
      } catch (error) {
        reject(error);
      }
    };
    const open = ({ target, again, hostOf }: WatchedServer) =>
      openSource(target, {
        timeoutSeconds: options.timeout,
        interval: () => options.interval,
        keepsJson: () => true,
        again,
        hostOf: timely((snapshot, clock) => hostOf(snapshot, clock, null)),
      });
    const readers = new Readers({ open, take, fail: reject });
    const read = (all: readonly WatchedServer[]) => {
      recorder.setServers(all.map(({ server }) => server));
      estimate.servers = all.length;
      readers.read(all);
    };
    const follow = async () => {
      if (texts.length > 0) return;
      for await (const all of local.changes(selected, ended.signal)) read(all.map(watchedOf));
    };
    read(selected.map(watchedOf));
    say(`recording ${plural(selected.length, 'server')} to ${folder.path}`);
    readers.start();
    follow().catch(reject);
    ended.signal.addEventListener('abort', () => {
      readers.stop();
      resolve();
    });
  }).finally(() => {
    // After an error, too: the readers would keep the process alive.
    ended.abort();
    folder.close();
  });
  if (folder.isFailing) throw new RecordingError(`${folder.path}: the last readings could not be written`);
}

/** A message for the user, or for the journal. The recording goes on if it cannot be written. */
function say(text: string): void {
  write(`${clean(text)}\n`).catch(() => {});
}
