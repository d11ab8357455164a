import { isObserved, type Member, type Observed } from '../../monitor/observation.ts';
import type { Sample } from '../../rates/sample.ts';

/** A value that is a metric. `true` is 1 and `false` is 0. An unknown value, `null`, is left out. */
export type Value = number | boolean | null;

/** A metric of a kind of rows. Its name in the exposition is the prefix of its group and this name. */
export interface Metric<Row> {
  name: string;
  /** A counter only grows, or starts again at 0. */
  type: 'gauge' | 'counter' | 'summary';
  /** Base unit, which is part of the name. */
  unit?: 'seconds' | 'bytes';
  /** One sentence. */
  help: string;
  /** Whether uwsgi_exporter has the same metric. */
  isShared?: true;
  /** Of a summary, this is the sum. */
  value(row: Row): Value;
  /** Of a summary: the number of observations. */
  count?(row: Row): number;
}

/**
 * Rows of one kind, such as workers, and their metrics. The label `stats_uri` comes first for the groups of a server.
 *
 * @template Of what the rows belong to: a server, or all of them
 */
export interface Group<Of, Row> {
  prefix: string;
  labels: readonly string[];
  /** Whether the rows are written only on request, because there are many. */
  isOptional?: true;
  rows(of: Of): readonly Row[];
  /** The values of the labels. Untrusted: the exposition cleans, masks and shortens texts. */
  labelsOf(row: Row): readonly (string | number | null)[];
  metrics: readonly Metric<Row>[];
}

/** A server, and what only the exporter knows about it. */
export interface Exposed extends Member {
  /** How often findings began, by rule and severity. Absent for an output that is printed once. */
  raised?: ReadonlyMap<string, number> | undefined;
}

/** A group of some kind of rows. */
export type AnyGroup<Of> = Group<Of, unknown>;

/** Checks the types of a group before its kind of rows is forgotten. */
export function group<Of, Row>(definition: Group<Of, Row>): AnyGroup<Of> {
  return definition;
}

/** The observation of a server whose values are up to date, if it has this kind. */
function current<Kind extends Sample['kind']>(
  { observation }: Member,
  kind: Kind,
): Observed<Extract<Sample, { kind: Kind }>>[] {
  return isCurrent(observation) && isOf(observation, kind) ? [observation] : [];
}

/** The sample of a server whose values are up to date, if it has this kind: a list of one, or of none. */
export function sampleOf<Kind extends Sample['kind']>(
  member: Member,
  kind: Kind,
): Extract<Sample, { kind: Kind }>[] {
  return current(member, kind).map(({ sample }) => sample);
}

/** Whether the values of a server are up to date. Those of a lost server are not. */
export function isCurrent(observation: Member['observation']): observation is Observed {
  const { state } = observation.connection;
  return isObserved(observation) && (state === 'live' || state === 'saved');
}

function isOf<Kind extends Sample['kind']>(
  observation: Observed,
  kind: Kind,
): observation is Observed<Extract<Sample, { kind: Kind }>> {
  return observation.sample.kind === kind;
}
