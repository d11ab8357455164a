import { describe, expect, it } from 'vitest';
import { createMask } from '../../src/text/secrets.ts';
import { failureEvent, type Recorded, recordAll } from './recorded.ts';

/** The servers of a recording, and the targets of its events in the order of their times. */
function found(past: Recorded) {
  const items = [...past.items(past.start)];
  return {
    servers: items.flatMap((item) => (item.kind === 'servers' ? [item.servers] : [])).at(-1),
    targets: items.flatMap((item) => (item.kind === 'event' ? [item.target] : [])),
  };
}

describe('a recorder', () => {
  it('keeps servers apart whose targets differ only in a secret', () => {
    const targets = ['exec:stats --token=one', 'exec:stats --token=two', 'exec:stats --token=six'];
    const events = targets.map((target, at) => [target, [failureEvent(target, at)]] as const);
    const past = recordAll(new Map(events), { mask: createMask() });
    const masked = 'exec:stats --token=***';
    const distinct = [masked, `${masked} (2)`, `${masked} (3)`];
    const { servers, targets: written } = found(past);
    expect(servers?.map(({ id, target, name }) => [id, target, name])).toEqual(
      distinct.map((text, at) => [at + 1, text, text]),
    );
    expect(written).toEqual(distinct);
  });
});
