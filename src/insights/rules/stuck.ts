import { aboutRequest } from '../../rates/about.ts';
import { agesFrom, oldestRequest } from '../../rates/in-flight.ts';
import type { AppSample } from '../../rates/sample.ts';
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
  rank: 4,
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
    return [
      {
        level: age,
        since: oldest.start,
        about: aboutRequest(oldest),
        advice: `${ADVICE}${endWorker(sample, oldest.worker)}`,
        command: dumpStack(sample.snapshot.workers[oldest.worker - 1], sample),
        text: `${requestsOfAge(sample, age)} on ${whatOf(oldest)}`,
      },
    ];
  },
};

/** Seconds by which the ages of requests that began together can differ. */
const TOGETHER = 2;

/** How many requests are at least half as old as the oldest one, and their ages, before a narrow screen cuts the line. */
function requestsOfAge(sample: AppSample, oldest: number): string {
  const ages = agesFrom(sample, oldest / 2);
  if (ages.length < 2) return `request running for ${duration(oldest)}`;
  const youngest = ages.reduce((least, age) => Math.min(least, age));
  const from = oldest - youngest > TOGETHER ? `${duration(youngest)} to ` : '';
  return `${plural(ages.length, 'request')} for ${from}${duration(oldest)}, oldest`;
}

/** Rules about single requests. */
export const REQUEST_RULES: readonly Rule[] = [stuck];
