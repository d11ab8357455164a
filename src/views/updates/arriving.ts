import type { Sample } from '../../rates/sample.ts';
import { hasRow } from '../detail.ts';
import { type Live, type Notice, type StackReading, UNTOUCHED } from '../live.ts';
import { VIEWS } from '../views.ts';
import { notOpened, opened } from './opening.ts';

/** What the user sees when a document has come. While the screen is frozen, its numbers stay as they are. */
export function arrived(live: Live, sample: Sample): Live {
  const { view } = live;
  if (live.sample === null) return first(live, sample);
  const resetAt = sample.reset ? sample.time : live.resetAt;
  if (view.frozenAt !== null) return { ...live, resetAt };
  const next = { ...live, sample, resetAt };
  if (view.detail === null) return next;
  if (hasRow(next)) return { ...next, kept: null };
  // What stays until the view is left is said once.
  if (live.kept || !hasRow(live)) return next;
  const stack = provedBy(live.sample, live.stack);
  return { ...next, stack, kept: live.sample, notice: goneNotice(live.now) };
}

/**
 * A stack that was read after the last document which had the row: its core may have begun something else between the
 * two, and nobody can tell.
 */
function provedBy(last: Sample, stack: StackReading | null): StackReading | null {
  if (stack?.result.state !== 'read' || stack.result.time <= last.time) return stack;
  return { ...stack, result: { state: 'failed', why: OTHER_REQUEST } };
}

export const OTHER_REQUEST =
  'it ended while its stack was read: what was read can be that of the next request';

function goneNotice(at: number): Notice {
  return { text: 'it is gone: this is how it was last', role: 'warning', at };
}

/** Now it is known which views there are. */
function first(live: Live, sample: Sample): Live {
  const view = opened(live.view, sample.kind);
  if (view) return { ...live, sample, view };
  const notice = { text: notOpened(live.view, sample.kind), role: 'warning', at: live.now } as const;
  // Else they would be written to the setting file as those of a view that has none of them.
  const [{ name }] = VIEWS[sample.kind];
  const { columns, sort } = live.view.left[name] ?? UNTOUCHED;
  return { ...live, sample, notice, view: { ...live.view, tab: name, columns, sort } };
}
