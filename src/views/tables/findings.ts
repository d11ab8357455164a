import type { Subject } from '../../monitor/observation.ts';
import { findingId } from '../../rates/about.ts';
import { type Finding, wrongs } from '../../rates/finding.ts';
import * as format from '../../text/format.ts';
import type { Mask } from '../../text/secrets.ts';
import { type Column, numbers, timestamps, words } from '../column.ts';
import { defineView, type Opening, type Section, type View } from '../view.ts';
import { LOOKS } from './finding-looks.ts';
import { serverColumn } from './server-columns.ts';

/** A finding, and the time of its sample in unix seconds. */
interface FindingRow {
  finding: Finding;
  time: number;
}

/** The findings, each with its time. That of a saved document is the time of the document. */
function rowsOf(sample: Subject, findings: readonly Finding[]): FindingRow[] {
  const members = sample.kind === 'fleet' ? sample.members : [];
  const saved = new Map(
    members.flatMap(({ observation: { target, sample } }) => (sample?.saved ? [[target, sample.time]] : [])),
  );
  return findings.map((finding) => ({
    finding,
    time: saved.get(finding.server?.target ?? '') ?? sample.time,
  }));
}

const FINDING_COLUMNS: readonly Column<FindingRow>[] = [
  words<FindingRow>({
    name: 'severity',
    title: 'SEVERITY',
    key: 'V',
    width: 9,
    importance: 2,
    description: 'critical, warning, or hint (a recommendation; nothing is wrong)',
    value: ({ finding }) => finding.severity,
    role: ({ finding }) => (finding.severity === 'hint' ? 'dim' : finding.severity),
  }),
  numbers<FindingRow>(format.age, {
    name: 'for',
    title: 'FOR',
    key: 'R',
    width: 6,
    importance: 3,
    description: 'how long the condition has lasted',
    value: ({ finding, time }) => Math.max(0, time - finding.since),
  }),
  timestamps<FindingRow>({
    name: 'since',
    title: 'SINCE',
    key: 'E',
    width: 10,
    importance: 5,
    description: 'when the condition began',
    value: ({ finding }) => finding.since,
  }),
  words<FindingRow>({
    name: 'rule',
    title: 'RULE',
    key: 'L',
    width: 13,
    importance: 4,
    description: 'rule that reports the finding, by its name in the setting file',
    value: ({ finding }) => finding.rule,
  }),
  words<FindingRow>({
    name: 'finding',
    title: 'FINDING',
    key: 'D',
    width: 20,
    preferredWidth: 50,
    grows: true,
    phrase: true,
    importance: 1,
    description: 'the problem, or a possible improvement',
    value: ({ finding }) => finding.text,
  }),
];

/** Returns a field with the place of more details, if the live view has any for the rule. */
function lookField(rule: string) {
  const value = LOOKS.get(rule);
  return value === undefined ? [] : [{ name: 'where to look', value }];
}

/** Returns the full text of a finding and the advice of its rule. */
export function findingFields({ rule, text, advice, command }: Finding, mask: Mask): Section['fields'] {
  return [
    { name: 'finding', value: mask.text(text) },
    { name: 'what to do', value: mask.text(advice) },
    ...(command === undefined ? [] : [{ name: 'command', value: command }]),
    ...lookField(rule),
  ];
}

/** The server of a finding, in the view of a fleet, and the vassal in that of an emperor. */
const SERVER: Column<FindingRow> = {
  ...serverColumn<FindingRow>(1.5, ({ finding }) => finding.server?.name ?? null),
  text: ({ finding }, { mask }) => mask.text(finding.server?.name ?? ''),
};
const COLUMNS_OF_SERVERS = [...FINDING_COLUMNS.slice(0, 1), SERVER, ...FINDING_COLUMNS.slice(1)];

function idOf({ finding }: FindingRow): string {
  const { server } = finding;
  return server === undefined ? findingId(finding) : `${server.target} ${findingId(finding)}`;
}

/** A finding of another server is shown there. */
function openingOf({ finding }: FindingRow): Opening | null {
  const { server } = finding;
  return server ? { target: server.target, row: { view: 'findings', id: findingId(finding) } } : null;
}

/** Creates the view of the findings for one kind of server, or for a fleet. */
export function findingsView(kind: Subject['kind']): View {
  return defineView<Subject, FindingRow>({
    name: 'findings',
    title: 'Findings',
    kind,
    columns: kind === 'fleet' || kind === 'emperor' ? COLUMNS_OF_SERVERS : FINDING_COLUMNS,
    shownColumns: ({ findings }) =>
      kind === 'fleet' || findings.some(({ server }) => server) ? COLUMNS_OF_SERVERS : FINDING_COLUMNS,
    id: idOf,
    opens: openingOf,
    // The order of the list of findings: the worst first, hints last.
    sort: { column: '', descending: false },
    order: 'the worst first, hints last',
    rows: (sample, { findings }) => rowsOf(sample, findings),
    finding: ({ finding }) => finding,
    label: ({ finding }) => finding.rule,
    has: (_, { findings }) => findings.length > 0,
    // A hint needs no attention, so the count excludes hints.
    count: (_, { findings }) => wrongs(findings).length,
    more: ({ finding }, _, { mask }) => [{ title: 'Finding', fields: findingFields(finding, mask) }],
    empty: 'no findings: no value exceeds its level',
  });
}
