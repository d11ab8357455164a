import type { Sample } from '../../rates/sample.ts';
import { hasRow } from '../detail.ts';
import type { Live, Notice } from '../live.ts';
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
  return live.kept ? next : { ...next, kept: live.sample, notice: goneNotice(sample.time) };
}

function goneNotice(at: number): Notice {
  return { text: 'it has ended, or is there no more: this is how it was last', role: 'warning', at };
}

/** Now it is known which views there are. */
function first(live: Live, sample: Sample): Live {
  const view = opened(live.view, sample.kind);
  if (view) return { ...live, sample, view };
  const notice = { text: notOpened(live.view, sample.kind), role: 'warning', at: sample.time } as const;
  return { ...live, sample, notice };
}
