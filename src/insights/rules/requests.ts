import { NEAR_HARAKIRI, untilHarakiri } from '../../rates/harakiri.ts';
import { oldestRequest, requestsInFlight } from '../../rates/requests.ts';
import type { Rule } from '../rule.ts';
import { duration, plural, whatOf } from '../words.ts';

const stuck: Rule = {
  name: 'stuck',
  measures: 'seconds that the oldest request has run',
  levels: { warning: 10, critical: 60 },
  holds: 0,
  clears: 0,
  advice:
    'Enter shows all of it, and t the line of Python that it is at. harakiri = SECONDS ends requests that take longer.',
  observe({ sample }) {
    if (sample.kind !== 'app') return [];
    const oldest = oldestRequest(sample);
    if (!oldest || oldest.age === null) return [];
    const { age } = oldest;
    const others = requestsInFlight(sample).filter((each) => (each.age ?? 0) * 2 >= age).length - 1;
    const more = others > 0 ? `, ${plural(others, 'other')} at least half as long` : '';
    return [
      {
        level: age,
        since: oldest.start,
        text: `a request runs for ${duration(age)} on ${whatOf(oldest)}${more}`,
      },
    ];
  },
};

const nearHarakiri: Rule = {
  name: 'near-harakiri',
  measures:
    'seconds that the oldest request has run, of those that harakiri allows, where the kernel of this machine tells that, and workers have one core',
  levels: { warning: NEAR_HARAKIRI, critical: null },
  holds: 0,
  clears: 0,
  advice: 'Its worker will be killed: t shows the line of Python that it is at.',
  observe({ sample }) {
    if (sample.kind !== 'app' || !sample.host?.harakiri) return [];
    const limit = sample.host.harakiri;
    const oldest = oldestRequest(sample);
    const left = oldest && untilHarakiri(oldest.age, limit, sample.snapshot.workers[oldest.worker - 1]);
    if (!oldest || left === null) return [];
    const { age, start } = oldest;
    const when = left < 1 ? 'any moment' : `in ${duration(left)}`;
    return [
      {
        level: (age ?? 0) / limit,
        since: start === null ? null : start + limit * NEAR_HARAKIRI,
        text: `harakiri (${duration(limit)}) ends a request ${when} on ${whatOf(oldest)}`,
      },
    ];
  },
};

/** Of single requests. */
export const REQUEST_RULES: readonly Rule[] = [stuck, nearHarakiri];
