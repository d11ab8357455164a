import { restored } from '../monitor/checkpoint.ts';
import { nothingObserved, type Observation } from '../monitor/observation.ts';
import { observe } from '../monitor/observe.ts';
import type { DocumentEvent, SourceEvent } from '../sources/source.ts';
import type { Tree } from './columns.ts';
import { TreeDecoder } from './decode.ts';
import { RecordingError } from './error.ts';
import { eventOf, failureOf } from './events.ts';
import { contentOf, type Frame, frameAt, type Store } from './frames.ts';
import { type BlockHeader, headerIn, jsonIn, type RecordedServer, serversIn } from './header.ts';
import { Unpacker } from './packed.ts';

/** What a recording contains, in order. */
export type Item =
  /** The servers from now on, at the beginning of a block and after each change. */
  | { kind: 'servers'; time: number; servers: readonly RecordedServer[] }
  /**
   * A block begins. `observations` are those of its servers before the next event, by target. `run` changes where the
   * recorder was started again: monotonic times before and after cannot be compared.
   */
  | {
      kind: 'block';
      time: number;
      header: BlockHeader;
      /** Computes the observations. That takes as long as many readings, so ask only where replay begins. */
      observations(): ReadonlyMap<string, Observation>;
    }
  /** An event of a server. */
  | {
      kind: 'event';
      /** In the order of the items: see `timeInOrder`. */
      time: number;
      target: string;
      event: SourceEvent;
    };

/** A server of the block that is being read. */
interface Channel {
  decoder: TreeDecoder;
  unpacker: Unpacker;
  /** The documents from before the block. */
  past: DocumentEvent[];
  /** The content of its frame. */
  checkpoint: Buffer | null;
}

/**
 * Reads one block of a recording.
 *
 * @param version of this statstop; checkpoints of other versions are ignored
 * @param start the place of the first frame of the block
 * @param end the place after the last frame
 * @throws RecordingError where the block is damaged. All items before that are complete.
 */
export function* play(store: Store, start: number, end: number, version: string): Generator<Item> {
  const first = frameAt(store, start);
  if (first?.kind !== 'block') throw new RecordingError('a block is missing');
  const header = headerIn(contentOf(store, first));
  let { servers } = header;
  const channels = new Map<number, Channel>();
  const targetOf = ({ server }: Frame) => {
    const target = servers.find(({ id }) => id === server)?.target;
    if (target === undefined) throw new RecordingError('a server is missing');
    return target;
  };
  let hasBegun = false;
  const begin = (): Item => ({
    kind: 'block',
    time: first.time,
    header,
    observations: () => observationsOf(header, channels, header.version === version),
  });
  yield { kind: 'servers', time: first.time, servers };
  let at = first.end;
  while (at < end) {
    const next = frameAt(store, at);
    if (next === null || next.kind === 'block') throw new RecordingError('a part is damaged or cut off');
    at = next.end;
    if (next.kind === 'index' || next.kind === 'end') break;
    if (next.kind === 'digest') continue;
    const isPast = next.kind === 'past' || next.kind === 'checkpoint';
    if (!isPast && !hasBegun) {
      hasBegun = true;
      yield begin();
    }
    if (next.kind === 'servers') {
      servers = serversIn(contentOf(store, next));
      yield { kind: 'servers', time: next.time, servers };
      continue;
    }
    const target = targetOf(next);
    const content = contentOf(store, next);
    if (next.kind === 'failure') {
      const event = failureOf(target, jsonIn(content));
      yield { kind: 'event', time: next.time, target, event };
      continue;
    }
    const channel = channels.get(next.server) ?? newChannel();
    channels.set(next.server, channel);
    if (next.kind === 'checkpoint') {
      channel.checkpoint = content;
      continue;
    }
    const event = eventOf(channel.decoder.decode(channel.unpacker.unpack(content)));
    if (next.kind === 'past') channel.past.push(event);
    else yield { kind: 'event', time: next.time, target, event };
  }
  if (!hasBegun) yield begin();
}

function newChannel(): Channel {
  return { decoder: new TreeDecoder(), unpacker: new Unpacker(), past: [], checkpoint: null };
}

/** Without a usable checkpoint, an observation begins with the last full document. */
function observationsOf(
  { servers, options }: BlockHeader,
  channels: ReadonlyMap<number, Channel>,
  isOurVersion: boolean,
): ReadonlyMap<string, Observation> {
  return new Map(
    servers.map(({ id, target }) => {
      const { past = [], checkpoint: content = null } = channels.get(id) ?? {};
      const checkpoint = isOurVersion && content !== null ? checkpointIn(content) : null;
      const known = checkpoint === null ? null : restored(target, checkpoint, past, options);
      const first = nothingObserved(target);
      return [
        target,
        known ?? past.slice(-1).reduce((before: Observation, each) => observe(before, each, options), first),
      ];
    }),
  );
}

/** `null` if it is damaged: only the events of a block are needed to replay it. */
function checkpointIn(content: Buffer): Tree | null {
  try {
    return new TreeDecoder().decode(new Unpacker().unpack(content));
  } catch (error) {
    if (error instanceof RecordingError) return null;
    throw error;
  }
}
