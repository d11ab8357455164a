import { aboutRequest } from '../../rates/about.ts';
import { countOlder, oldestRequest } from '../../rates/in-flight.ts';
import { duration } from '../../text/format.ts';
import { plural } from '../../text/words.ts';
import { endWorker } from '../advice.ts';
import { dumpStack } from '../commands.ts';
import type { Rule } from '../rule.ts';
import { whatOf } from '../words.ts';

const ADVICE =
  'It waits for a resource or does too much work. Its Python stack (py-tracebacker) shows the current line.';

const stuck: Rule = {
  name: 'stuck',
  rank: 3,
  measures:
    'age in seconds of the oldest request, without those that are long on purpose (WebSockets, event streams, --long)',
  levels: { warning: 10, critical: 60 },
  holds: 0,
  clears: 0,
  advice: `${ADVICE} Exclude paths that are long on purpose with --long.`,
  observe({ sample }) {
    if (sample.kind !== 'app') return [];
    const oldest = oldestRequest(sample);
    if (!oldest || oldest.age === null) return [];
    const { age } = oldest;
    const others = countOlder(sample, age / 2) - 1;
    const more = others > 0 ? `; ${plural(others, 'other')} at least ${duration(age / 2)}` : '';
    return [
      {
        level: age,
        since: oldest.start,
        about: aboutRequest(oldest),
        advice: `${ADVICE}${endWorker(sample, oldest.worker)}`,
        command: dumpStack(sample.snapshot.workers[oldest.worker - 1], sample),
        text: `request running for ${duration(age)} on ${whatOf(oldest)}${more}`,
      },
    ];
  },
};

/** Rules about single requests. */
export const REQUEST_RULES: readonly Rule[] = [stuck];
