import type { EmperorSample } from '../../rates/sample.ts';
import type { BlacklistEntry } from '../../stats/snapshot.ts';
import * as format from '../../text/format.ts';
import { type Column, counts, numbers, timestamps, words } from '../column.ts';
import { defineView } from '../view.ts';
import { serverSection } from './server-section.ts';

export const BLACKLIST_COLUMNS: readonly Column<BlacklistEntry>[] = [
  words<BlacklistEntry>({
    name: 'vassal',
    title: 'BLACKLIST',
    key: 'B',
    width: 12,
    grows: true,
    importance: 1,
    description: 'configuration of the vassal, as the emperor monitor names it',
    value: ({ id }) => id,
    role: () => 'critical',
  }),
  counts({
    name: 'attempts',
    title: 'ATTEMPT',
    key: 'P',
    width: 8,
    importance: 2,
    description: 'failed starts after the first one',
    value: ({ attempts }) => attempts,
  }),
  numbers<BlacklistEntry>(format.responseTime, {
    name: 'throttle',
    title: 'THROTTLE',
    key: 'E',
    width: 9,
    importance: 3,
    description: 'delay before the next attempt',
    value: ({ throttle }) => throttle,
  }),
  timestamps({
    name: 'firstAttempt',
    title: 'FIRST',
    key: 'R',
    width: 10,
    importance: 5,
    description: 'time of the first failed start',
    value: ({ firstAttempt }) => firstAttempt,
  }),
  timestamps({
    name: 'lastAttempt',
    title: 'LAST',
    key: 'L',
    width: 10,
    importance: 4,
    description: 'time of the last failed start',
    value: ({ lastAttempt }) => lastAttempt,
  }),
];

/** The view of the vassals that failed to start. The emperor tries to start them again later. */
export const BLACKLIST = defineView<EmperorSample, BlacklistEntry>({
  name: 'blacklist',
  title: 'Blacklist',
  kind: 'emperor',
  columns: BLACKLIST_COLUMNS,
  sort: { column: 'attempts', descending: true },
  order: 'most failed starts first',
  rows: ({ snapshot }) => snapshot.blacklist,
  id: ({ id }) => id,
  more: (_, sample, { mask }) => [serverSection(sample, mask)],
  has: ({ snapshot }) => snapshot.blacklist.length > 0,
  count: ({ snapshot }) => snapshot.blacklist.length,
  empty: 'no vassal has failed to start',
});
