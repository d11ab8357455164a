import type { EmperorSample } from '../../rates/sample.ts';
import { defineView } from '../view.ts';
import { serverSection } from './server-section.ts';
import { VASSAL_COLUMNS, type VassalRow, withoutNumbers } from './vassal-columns.ts';

/** The view of the vassals of an emperor. */
export const VASSALS = defineView<EmperorSample, VassalRow>({
  name: 'vassals',
  title: 'Vassals',
  kind: 'emperor',
  columns: VASSAL_COLUMNS,
  sort: { column: 'state', descending: false, ties: [{ column: 'vassal', descending: false }] },
  order:
    'what needs attention: cursed and stopped vassals and critical findings first, then starting ones and warnings, then suspended, ready and idle ones, by name',
  rows: (sample, { vassals }) =>
    sample.snapshot.vassals.map((vassal) => ({
      vassal,
      at: sample,
      member: vassal.pid === null ? null : (vassals.get(vassal.pid) ?? null),
    })),
  shownColumns: ({ sample, vassals }) => {
    const isRead = sample.snapshot.vassals.some(({ pid }) => pid !== null && vassals.has(pid));
    return isRead ? VASSAL_COLUMNS : withoutNumbers(VASSAL_COLUMNS);
  },
  opens: ({ member }) => member && { target: member.observation.target },
  id: ({ vassal }) => vassal.id,
  more: (_, sample, { mask }) => [serverSection(sample, mask)],
  has: ({ snapshot }) => snapshot.vassals.length > 0,
  empty: 'no vassals: the emperor has found no configuration',
});
