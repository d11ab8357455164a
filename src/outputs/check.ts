import type { Observed } from '../monitor/observation.ts';
import { type Finding, wrongs } from '../rates/finding.ts';
import type { Sample } from '../rates/sample.ts';
import { isReloading, RELOADING } from '../rates/state.ts';
import { isUntimed } from '../rates/untimed.ts';
import { withoutWorkers } from '../rates/workerless.ts';
import { boundedMask, CELL_CHARACTERS } from '../text/bounds.ts';
import { clean } from '../text/clean.ts';
import type { Mask } from '../text/secrets.ts';
import { plural } from '../text/words.ts';
import type { Exporter } from './exporter.ts';
import { type Layout, maskedJson } from './json.ts';
import { performance } from './performance.ts';

/** Names of the exit statuses 0 to 3 (Monitoring Plugins Development Guidelines, "Plugin Return Codes"). */
export const STATUSES = ['OK', 'WARNING', 'CRITICAL', 'UNKNOWN'] as const;
export type Status = 0 | 1 | 2 | 3;

/** Returns the status of the worst finding, without hints. UNKNOWN if there are no findings but also no usable data. */
export function statusOf({ sample, findings: all }: Observed): Status {
  const findings = wrongs(all);
  if (findings.some(({ severity }) => severity === 'critical')) return 2;
  if (findings.length > 0) return 1;
  return whyUnknown(sample) === null ? 0 : 3;
}

/** Returns the reason why a sample without findings does not mean OK. `null` if it means OK. */
function whyUnknown(sample: Sample): string | null {
  return withoutWorkers(sample) ?? (isUntimed(sample) ? UNTIMED : null);
}

const UNTIMED =
  'no measurement: this machine is too busy or statstop was stopped, so the readings came too late. Try again';

/** Returns one line in the format of Nagios plugins: the status, the findings, and performance data after a `|`. */
export function checkLine(observed: Observed, mask: Mask): string {
  const text = oneLine(`UWSGI ${STATUSES[statusOf(observed)]} - ${conditionOf(observed, mask)}`);
  const numbers = numbersOf(observed);
  return numbers === '' ? text : `${text} | ${numbers}`;
}

/** Returns the findings of a server without hints, or else its state. Masked, not clean. */
export function conditionOf({ sample, findings: all }: Observed, mask: Mask): string {
  const findings = wrongs(all);
  return findings.length > 0
    ? listed(findings, boundedMask(mask, CELL_CHARACTERS))
    : (whyUnknown(sample) ?? fine(sample));
}

/**
 * Returns the performance data of a server; empty if there is none.
 *
 * @param server prefix of its labels (`serverLabels`)
 */
export function numbersOf({ sample }: Observed, server?: string): string {
  return withoutWorkers(sample) === null ? performance(sample, server) : '';
}

/** Cleans a text, and replaces each `|`, which starts the performance data. */
export function oneLine(text: string): string {
  return clean(text).replaceAll('|', '/');
}

export const CHECK: Exporter<{ mask: Mask }> = {
  name: 'check',
  of: 'server',
  write: (observed, { mask }) => `${checkLine(observed, mask)}\n`,
};

export const CHECK_JSON: Exporter<{ mask: Mask }> = {
  name: 'check --json',
  of: 'server',
  write: (observed, { mask }) => `${checkJson(observed, mask)}\n`,
};

export const CHECK_JSON_LINE: Exporter<{ mask: Mask }> = {
  name: 'check --json of several servers',
  of: 'server',
  write: (observed, { mask }) => `${checkJson(observed, mask, 'line')}\n`,
};

/** Returns the line for a server without a sample. */
export function unknownLine(status: Status, why: string): string {
  return oneLine(`UWSGI ${STATUSES[status]} - ${why}`);
}

/**
 * Limits of the line: UTF-16 units of one finding, and number of findings. An address can have any length, and there
 * can be a finding for each of many locks.
 */
const LONGEST_TEXT = 200;
const MOST_FINDINGS = 20;

/** Lists the worst findings and the number of the others. */
function listed(findings: readonly Finding[], mask: Mask): string {
  const texts = findings.slice(0, MOST_FINDINGS).map(({ text }) => shortened(mask.text(text)));
  const others = findings.length - texts.length;
  return [...texts, ...(others > 0 ? [`${others} more`] : [])].join('; ');
}

function shortened(text: string): string {
  return text.length > LONGEST_TEXT ? `${text.slice(0, LONGEST_TEXT)}...` : text;
}

function fine(sample: Sample): string {
  switch (sample.kind) {
    case 'app': {
      const { workers, cheap, down, loading, coresBusy, cores } = sample.totals;
      const others = Object.entries({ loading, down }).flatMap(([state, count]) =>
        count > 0 ? `, ${count} ${state}` : '',
      );
      const reload = isReloading(sample.snapshot.workers) ? `, ${RELOADING}` : '';
      const busy = cores === null ? '' : `, ${coresBusy} of ${plural(cores, 'core')} busy`;
      return `${plural(workers - cheap - down - loading, 'worker')} running${others.join('')}${reload}${busy}`;
    }
    case 'emperor':
      return plural(sample.snapshot.vassals.length, 'vassal');
    case 'router':
      return plural(sample.nodes.length + sample.staticNodes.length, 'node');
  }
}

/**
 * Returns the findings as one JSON document, `statstop.check/1`.
 *
 * @param layout see `maskedJson`
 */
export function checkJson(observed: Observed, mask: Mask, layout?: Layout): string {
  const { sample, findings } = observed;
  const { target, time, timeIsExact, interval, kind } = sample;
  const status = STATUSES[statusOf(observed)];
  const error = status === 'UNKNOWN' ? whyUnknown(sample) : null;
  const why = error === null ? {} : { error };
  return maskedJson(
    { schema: 'statstop.check/1', target, time, timeIsExact, interval, kind, status, ...why, findings },
    mask,
    layout,
  );
}

/** Returns a document `statstop.check/1` for a server without a sample. */
export function failureJson(
  target: string,
  status: Status,
  error: string,
  mask: Mask,
  layout?: Layout,
): string {
  return maskedJson(
    { schema: 'statstop.check/1', target, status: STATUSES[status], error, findings: [] },
    mask,
    layout,
  );
}
