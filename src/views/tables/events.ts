import { type Event, type EventKind, lasted } from '../../monitor/event.ts';
import type { Subject } from '../../monitor/observation.ts';
import * as format from '../../text/format.ts';
import type { Mask } from '../../text/secrets.ts';
import { type Column, numbers, timestamps, words } from '../column.ts';
import type { Role } from '../frame.ts';
import { defineView, type Section, type View } from '../view.ts';
import { serverColumn } from './server-columns.ts';

/** An event, and the time of the sample in Unix seconds. */
interface EventRow {
  event: Event;
  time: number;
}

/** Roles of the kinds of events; the others are plain. Those of a finding depend on its severity. */
const ROLES: Readonly<Partial<Record<EventKind, Role>>> = {
  harakiri: 'critical',
  lost: 'critical',
  respawn: 'warning',
  reload: 'warning',
  restart: 'warning',
  ended: 'good',
  restored: 'good',
  cheaper: 'dim',
};

function roleOf({ kind, severity }: Event): Role | null {
  if (kind === 'began' && severity) return severity === 'hint' ? 'dim' : severity;
  return ROLES[kind] ?? null;
}

/** What happened, with what was known only at the end. */
export function eventText({ text, result }: Event): string {
  return result === undefined ? text : `${text} (${result})`;
}

/** The full text of an event, and when it was seen. */
export function eventFields(event: Event, mask: Mask): Section['fields'] {
  return [
    { name: 'event', value: `${event.kind}: ${mask.text(eventText(event))}` },
    { name: 'seen at', value: format.timeOfDay(event.time) },
    ...(event.until ? [{ name: 'until', value: format.timeOfDay(event.until) }] : []),
  ];
}

const EVENT_COLUMNS: readonly Column<EventRow>[] = [
  timestamps<EventRow>({
    name: 'when',
    title: 'WHEN',
    key: 'E',
    width: 10,
    importance: 2,
    description: 'when it was seen',
    value: ({ event }) => event.time,
  }),
  words<EventRow>({
    name: 'kind',
    title: 'KIND',
    key: 'D',
    width: 8,
    importance: 3,
    description: 'began or ended (a finding), harakiri, respawn, reload, restart, cheaper, lost or restored',
    value: ({ event }) => event.kind,
    role: ({ event }) => roleOf(event),
  }),
  numbers<EventRow>(format.age, {
    name: 'lasted',
    title: 'LASTED',
    key: 'L',
    width: 7,
    importance: 4,
    description: 'how long it lasted, or has lasted until now; - for an event without duration',
    value: ({ event, time }) => lasted(event, time),
  }),
  words<EventRow>({
    name: 'severity',
    title: 'SEVERITY',
    key: 'V',
    width: 9,
    importance: 6,
    description: 'severity of a finding: when it began, or the worst one when it ended',
    value: ({ event }) => event.severity ?? null,
  }),
  words<EventRow>({
    name: 'event',
    title: 'EVENT',
    width: 20,
    preferredWidth: 44,
    grows: true,
    phrase: true,
    importance: 1,
    description: 'what happened',
    value: ({ event }) => eventText(event),
  }),
];

const serverOf = ({ event }: EventRow) => event.server ?? { target: '', name: '' };
const idOf = ({ event }: EventRow) => String(event.id);

/** What the view of a fleet has in addition: the server of each event. */
const OF_FLEET = {
  columns: [
    ...EVENT_COLUMNS.slice(0, 1),
    serverColumn(1.5, (row: EventRow) => serverOf(row).name),
    ...EVENT_COLUMNS.slice(1),
  ],
  id: (row: EventRow) => `${serverOf(row).target} ${idOf(row)}`,
  opens: (row: EventRow) => ({ target: serverOf(row).target, row: { view: 'events', id: idOf(row) } }),
};

/** Creates the view of the events for one kind of server, or for a fleet. */
export function eventsView(kind: Subject['kind']): View {
  return defineView<Subject, EventRow>({
    name: 'events',
    title: 'Events',
    kind,
    columns: EVENT_COLUMNS,
    id: idOf,
    ...(kind === 'fleet' ? OF_FLEET : {}),
    sort: { column: 'when', descending: true },
    order: 'the newest first',
    rows: ({ time }, { events }) => events.toReversed().map((event) => ({ event, time })),
    event: ({ event }) => event,
    label: ({ event }) => event.kind,
    has: (_, { events }) => events.length > 0,
    empty: 'no events since statstop was started',
    emptyInRecording: 'no events so far in this recording',
  });
}
