import { type About, type Finding, SEVERITIES } from '../rates/finding.ts';
import type { Value } from './checkpoint-forms.ts';
import { EVENT_KINDS, type Event } from './event.ts';
import { list, mapOf, nullable, number, object, oneOf, setOf, text } from './forms.ts';
import type { Observation } from './observation.ts';
import type { Traces } from './traces.ts';

// The forms of findings and events in a checkpoint.

const ABOUT = nullable(object<About>({ view: text, row: nullable(text) }));
const SERVER = object<NonNullable<Finding['server']>>({ target: text, name: text });

const FINDING = object<Finding>(
  {
    rule: text,
    subject: text,
    severity: oneOf(SEVERITIES),
    since: number,
    text,
    advice: text,
    command: text,
    about: ABOUT,
    server: SERVER,
  },
  ['command', 'server'],
);

export const WATCHES = mapOf(
  text,
  object<Value<Observation['watches']>>({
    since: number,
    until: number,
    readings: number,
    finding: nullable(FINDING),
    worst: nullable(
      object<NonNullable<Value<Observation['watches']>['worst']>>({
        severity: oneOf(SEVERITIES),
        text,
        level: number,
      }),
    ),
  }),
);

export const EVENTS = list(
  object<Event>(
    {
      id: number,
      time: number,
      until: nullable(number),
      kind: oneOf(EVENT_KINDS),
      severity: oneOf(SEVERITIES),
      text,
      result: text,
      about: ABOUT,
      server: SERVER,
    },
    ['until', 'severity', 'result', 'server'],
  ),
);

type Group = Value<Traces['groups']>;

export const TRACES = object<Traces>({
  next: number,
  open: mapOf(text, number),
  groups: mapOf(
    text,
    object<Group>({
      times: list(number),
      counted: nullable(
        object<NonNullable<Group['counted']>>({ event: number, count: number, last: number }),
      ),
    }),
  ),
  first: nullable(number),
  waiting: nullable(object<NonNullable<Traces['waiting']>>({ since: number, last: number, workers: number })),
  cheaper: nullable(
    object<NonNullable<Traces['cheaper']>>({
      begin: number,
      last: number,
      started: number,
      stopped: number,
      changes: number,
      least: number,
      most: number,
    }),
  ),
  killed: setOf(number),
});
