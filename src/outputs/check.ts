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
import { maskedJson } from './json.ts';
import { performance } from './performance.ts';

/** What monitors make of an exit status (Monitoring Plugins Development Guidelines, "Plugin Return Codes"). */
export const STATUSES = ['OK', 'WARNING', 'CRITICAL', 'UNKNOWN'] as const;
export type Status = 0 | 1 | 2 | 3;

/** The severity of the worst finding, hints left out. Without findings, nothing may be known of the server. */
export function statusOf({ sample, findings: all }: Observed): Status {
  const findings = wrongs(all);
  if (findings.some(({ severity }) => severity === 'critical')) return 2;
  if (findings.length > 0) return 1;
  return whyUnknown(sample) === null ? 0 : 3;
}

/** Why no findings are no good news; `null` where they are. */
function whyUnknown(sample: Sample): string | null {
  return withoutWorkers(sample) ?? (isUntimed(sample) ? UNTIMED : null);
}

const UNTIMED =
  'the readings came too late to measure anything: this machine is too busy, or statstop was stopped';

/** One line as Nagios and its heirs expect it: the status, what is wrong, and numbers to draw behind a bar. */
export function checkLine(observed: Observed, mask: Mask): string {
  const { sample } = observed;
  const findings = wrongs(observed.findings);
  const what =
    findings.length > 0
      ? listed(findings, boundedMask(mask, CELL_CHARACTERS))
      : (whyUnknown(sample) ?? fine(sample));
  // A bar begins the numbers.
  const text = clean(`UWSGI ${STATUSES[statusOf(observed)]} - ${what}`).replaceAll('|', '/');
  const numbers = withoutWorkers(sample) === null ? performance(sample) : '';
  return numbers === '' ? text : `${text} | ${numbers}`;
}

export const CHECK: Exporter<{ mask: Mask }> = {
  name: 'check',
  write: (observed, { mask }) => `${checkLine(observed, mask)}\n`,
};

export const CHECK_JSON: Exporter<{ mask: Mask }> = {
  name: 'check --json',
  write: (observed, { mask }) => `${checkJson(observed, mask)}\n`,
};

/** The line of a server of which nothing is known. */
export function unknownLine(status: Status, why: string): string {
  return `UWSGI ${STATUSES[status]} - ${clean(why).replaceAll('|', '/')}`;
}

/** A monitor shows a line: an address can be of any length, and there can be a finding for each of many locks. */
const LONGEST_TEXT = 200;
const MOST_FINDINGS = 20;

/** The worst findings, and how many there are besides. */
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

/** The findings as one JSON document, `statstop.check/1`. */
export function checkJson(observed: Observed, mask: Mask): string {
  const { sample, findings } = observed;
  const { target, time, timeIsExact, interval, kind } = sample;
  const status = STATUSES[statusOf(observed)];
  const error = status === 'UNKNOWN' ? whyUnknown(sample) : null;
  const why = error === null ? {} : { error };
  return maskedJson(
    { schema: 'statstop.check/1', target, time, timeIsExact, interval, kind, status, ...why, findings },
    mask,
  );
}

/** The same form for a server of which nothing is known. */
export function failureJson(target: string, status: Status, error: string, mask: Mask): string {
  return maskedJson(
    { schema: 'statstop.check/1', target, status: STATUSES[status], error, findings: [] },
    mask,
  );
}
