import type { Digest } from '../monitor/digest/digest.ts';
import { digestIn } from '../monitor/digest/form.ts';
import { TreeDecoder } from './decode.ts';
import { RecordingError } from './error.ts';
import { failureOf } from './events.ts';
import { contentOf, frameAt, type Store } from './frames.ts';
import { type BlockHeader, headerIn, jsonIn, serversIn } from './header.ts';
import type { Block } from './index.ts';
import { Unpacker } from './packed.ts';
import type { Item } from './play.ts';

/** What a recording contains, where some blocks are not replayed. Such a block has the kinds `servers` and these. */
export type ShortItem =
  | Item
  /** The block begins. */
  | { kind: 'short'; time: number; header: BlockHeader }
  /** A read. `retryAt` is when the next one is made after a failed one; `null` for one with a document. */
  | { kind: 'read'; time: number; target: string; retryAt: number | null }
  /** What the reads of a server in the block show. */
  | { kind: 'digest'; target: string; digest: Digest };

/**
 * Reads a block without its documents.
 *
 * @param store opens its file
 * @param version of this statstop; digests of other versions are ignored
 * @returns `null` if the block must be replayed: a server has no digest, or a part is damaged
 */
export function shortBlock(store: () => Store, block: Block, version: string): ShortItem[] | null {
  try {
    return itemsOf(store(), block, version);
  } catch (error) {
    if (error instanceof RecordingError) return null;
    throw error;
  }
}

function itemsOf(store: Store, { at: start, end }: Block, version: string): ShortItem[] | null {
  const first = frameAt(store, start);
  if (first?.kind !== 'block') return null;
  const header = headerIn(contentOf(store, first));
  if (header.version !== version) return null;
  let { servers } = header;
  const items: ShortItem[] = [
    { kind: 'servers', time: first.time, servers },
    { kind: 'short', time: first.time, header },
  ];
  const missing = new Set<string>();
  for (let at = first.end; at < end; ) {
    const next = frameAt(store, at);
    if (next === null) return null;
    at = next.end;
    const { kind, time } = next;
    if (kind === 'servers') {
      servers = serversIn(contentOf(store, next));
      items.push({ kind, time, servers });
    }
    if (kind !== 'document' && kind !== 'failure' && kind !== 'digest') continue;
    const target = servers.find(({ id }) => id === next.server)?.target;
    if (target === undefined) return null;
    if (kind === 'digest') {
      const digest = digestIn(new TreeDecoder().decode(new Unpacker().unpack(contentOf(store, next))));
      if (digest === null) return null;
      items.push({ kind, target, digest });
      missing.delete(target);
      continue;
    }
    missing.add(target);
    const retryAt = kind === 'failure' ? failureOf(target, jsonIn(contentOf(store, next))).retryAt : null;
    items.push({ kind: 'read', time, target, retryAt });
  }
  return missing.size === 0 ? items : null;
}
