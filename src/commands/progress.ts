import { SYSTEM_CLOCK } from '../sources/source.ts';
import { dayAndTime, wholePercent } from '../text/format.ts';
import { showProgress } from './report.ts';

/** Seconds until the progress is first shown, and between two updates. */
const SECONDS = 1;

/**
 * Passes on what a recording contains. If that takes long, it shows on the terminal of standard error how much of the
 * time was read.
 *
 * @param time in Unix seconds
 */
export function* withProgress<Item extends object>(
  items: Iterable<Item>,
  time: { since: number; until: number },
): Generator<Item> {
  let shownAt = SYSTEM_CLOCK.monotonic();
  try {
    for (const item of items) {
      const now = SYSTEM_CLOCK.monotonic();
      if (now - shownAt >= SECONDS && 'time' in item && typeof item.time === 'number') {
        shownAt = now;
        showProgress(progress(item.time, time));
      }
      yield item;
    }
  } finally {
    showProgress('');
  }
}

function progress(now: number, { since, until }: { since: number; until: number }): string {
  const share = until > since ? (now - since) / (until - since) : 1;
  return `read up to ${dayAndTime(now)}, ${wholePercent(Math.min(1, Math.max(0, share)))}`;
}
