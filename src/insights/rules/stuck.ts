import { aboutRequest } from '../../rates/about.ts';
import { oldestRequest, type RequestInFlight, requestsInFlight } from '../../rates/in-flight.ts';
import { duration } from '../../text/format.ts';
import { plural } from '../../text/words.ts';
import { endWorker } from '../advice.ts';
import { dumpStack } from '../commands.ts';
import type { Rule } from '../rule.ts';
import { whatOf } from '../words.ts';

const ADVICE =
  'It waits for something, or has too much to do: its Python stack has the line that it is at (py-tracebacker).';

const stuck: Rule = {
  name: 'stuck',
  rank: 3,
  measures:
    'seconds that the oldest request has run, without those that are long on purpose (WebSockets, streams of events, --long)',
  levels: { warning: 10, critical: 60 },
  holds: 0,
  clears: 0,
  advice: `${ADVICE} --long names paths that are long on purpose.`,
  observe({ sample }) {
    if (sample.kind !== 'app') return [];
    const oldest = oldestRequest(sample);
    if (!oldest || oldest.age === null) return [];
    const { age } = oldest;
    const isNearlyAsOld = (each: RequestInFlight) => each.long === null && (each.age ?? 0) * 2 >= age;
    const others = requestsInFlight(sample).filter(isNearlyAsOld).length - 1;
    const more = others > 0 ? `, ${plural(others, 'other')} at least half as long` : '';
    return [
      {
        level: age,
        since: oldest.start,
        about: aboutRequest(oldest),
        advice: `${ADVICE}${endWorker(sample, oldest.worker)}`,
        command: dumpStack(sample.snapshot.workers[oldest.worker - 1], sample),
        text: `a request runs for ${duration(age)} on ${whatOf(oldest)}${more}`,
      },
    ];
  },
};

/** Rules about single requests. */
export const REQUEST_RULES: readonly Rule[] = [stuck];
