import type { FleetSample, Member, Observed } from '../../monitor/observation.ts';
import { boundedMask, CELL_CHARACTERS } from '../../text/bounds.ts';
import { clean } from '../../text/clean.ts';
import type { Mask } from '../../text/secrets.ts';
import type { Exporter } from '../exporter.ts';
import type { ExporterState, Scrape } from './exporter-metrics.ts';
import { labelText, serverLabel, serverNames } from './labels.ts';
import type { AnyGroup, Metric, Value } from './metric.ts';
import { OMITTED, OWN_GROUPS, SERVER_GROUPS, SERVER_LABEL } from './table.ts';

/** The text format 0.0.4 of Prometheus, or OpenMetrics 1.0. */
export type Format = 'text' | 'openmetrics';

export interface ExpositionOptions {
  mask: Mask;
  /** Default: text. */
  format?: Format;
  /** Whether to write the metrics of each core. */
  collectCores?: boolean;
  /** Absent for an output that is printed once. */
  exporter?: ExporterState;
  /** How often findings of each target began. Absent for an output that is printed once. */
  raised?: ReadonlyMap<string, ReadonlyMap<string, number>>;
}

/** Maximum number of rows of one kind, such as workers or caches, of one server. A document can have more. */
export const MOST_ROWS = 4096;
/** The same for rows that are written only on request: cores. */
const MOST_OPTIONAL_ROWS = 32_768;

/** Returns the metrics of all servers, in the order of the tables. */
export function exposition({ sample }: Observed<FleetSample>, options: ExpositionOptions): string {
  const { mask, format = 'text', exporter = null } = options;
  const names = serverNames(sample.members, mask);
  const servers = sample.members.map((member, at) => ({
    of: { ...member, raised: options.raised?.get(member.observation.target) },
    base: serverLabel(SERVER_LABEL, names[at] ?? ''),
  }));
  const groups = SERVER_GROUPS.filter(({ isOptional }) => !isOptional || options.collectCores);
  const omitted = new Omitted();
  const families = groups.flatMap((group) => familiesOf(group, servers, omitted, options));
  const own: readonly Place<Scrape>[] = [{ of: { sample, exporter }, base: '' }];
  const others = OWN_GROUPS.flatMap((group) => familiesOf(group, own, omitted, options));
  const comments = format === 'text' ? sample.members.flatMap((member) => whyLost(member, mask)) : [];
  const end = format === 'text' ? [] : ['# EOF\n'];
  return [...comments, ...families, omitted.family(), ...others, ...end].join('');
}

/** A server, or all of them, with the labels that each row has. */
interface Place<Of> {
  of: Of;
  base: string;
}

/** The number of rows that were left out, by server. */
class Omitted {
  readonly #counts = new Map<string, number>();

  add(base: string, rows: number): void {
    this.#counts.set(base, (this.#counts.get(base) ?? 0) + rows);
  }

  family(): string {
    const { name, type, help } = OMITTED;
    const lines = [...this.#counts].map(([base, rows]) => `${name}{${base}} ${rows}\n`).join('');
    return lines === '' ? '' : `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${lines}`;
  }
}

/** The families of a group: for each metric a head, and a line for each row with a known value. */
function familiesOf<Of>(
  group: AnyGroup<Of>,
  places: readonly Place<Of>[],
  omitted: Omitted,
  { mask, format = 'text' }: ExpositionOptions,
): string[] {
  const most = group.isOptional ? MOST_OPTIONAL_ROWS : MOST_ROWS;
  const rows: { row: unknown; labels: string }[] = [];
  for (const { of, base } of places) {
    const all = group.rows(of);
    const used = new Set<string>();
    for (const row of all.length > most ? all.slice(0, most) : all) {
      const own = labelText(group.labels, group.labelsOf(row), mask);
      if (used.has(own)) continue;
      used.add(own);
      rows.push({ row, labels: own === '' ? base : base === '' ? own : `${base},${own}` });
    }
    if (base !== '') omitted.add(base, all.length - used.size);
  }
  return group.metrics.map((metric) => family(`${group.prefix}${metric.name}`, metric, rows, format));
}

function family(
  name: string,
  metric: Metric<unknown>,
  rows: readonly { row: unknown; labels: string }[],
  format: Format,
): string {
  let lines = '';
  for (const { row, labels } of rows) {
    const value = number(metric.value(row));
    if (value === null) continue;
    const braces = labels === '' ? '' : `{${labels}}`;
    lines +=
      metric.type === 'summary'
        ? `${name}_sum${braces} ${value}\n${name}_count${braces} ${metric.count?.(row) ?? 0}\n`
        : `${name}${braces} ${value}\n`;
  }
  return lines === '' ? '' : head(name, metric, format) + lines;
}

function number(value: Value): number | null {
  if (value === null) return null;
  const known = Number(value);
  return Number.isFinite(known) ? known : null;
}

const TOTAL = '_total';

/**
 * The lines before the samples of a family. In OpenMetrics, the name of the family of a counter lacks `_total`, and no
 * counter may have another ending. Some counters of uwsgi_exporter have. They get no type there, so that their names are
 * the same in both formats. OpenMetrics then reads them as unknown. The word `unknown` would be an error for
 * node_exporter, which reads the text format only.
 */
function head(name: string, { type, unit, help }: Metric<unknown>, format: Format): string {
  if (format === 'text') return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n`;
  const isTotal = name.endsWith(TOTAL);
  const of = isTotal ? name.slice(0, -TOTAL.length) : name;
  const types = type === 'counter' && !isTotal ? '' : `# TYPE ${of} ${type}\n`;
  const units = unit === undefined ? '' : `# UNIT ${of} ${unit}\n`;
  return `${types}${units}# HELP ${of} ${help.replaceAll('"', '\\"')}\n`;
}

/** A comment with the reason why a server cannot be read. OpenMetrics allows no comments. */
function whyLost({ observation: { target, connection } }: Member, given: Mask): string[] {
  if (!('why' in connection)) return [];
  const mask = boundedMask(given, CELL_CHARACTERS);
  return [`# not read: ${clean(mask.text(`${target}: ${connection.why}. ${connection.advice}`))}\n`];
}

export const PROMETHEUS: Exporter<ExpositionOptions, FleetSample> = {
  name: 'export',
  of: 'fleet',
  write: exposition,
};
