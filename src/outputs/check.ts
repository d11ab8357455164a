import type { Observed, Subject } from '../monitor/observation.ts';
import { type Finding, wrongs } from '../rates/finding.ts';
import type { Sample } from '../rates/sample.ts';
import { isReloading, RELOADING } from '../rates/state.ts';
import { isUntimed } from '../rates/untimed.ts';
import { withoutWorkers } from '../rates/workerless.ts';
import { boundedMask, CELL_CHARACTERS } from '../text/bounds.ts';
import { clean } from '../text/clean.ts';
import type { Mask } from '../text/secrets.ts';
import { plural } from '../text/words.ts';
import { pastNote } from '../views/saved.ts';
import type { Exporter } from './exporter.ts';
import { type Layout, maskedJson } from './json.ts';
import { changesData, performance } from './performance.ts';

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

/** Options of `check` for one server. */
export interface CheckOptions {
  mask: Mask;
  /** Why what happened since the last run is unknown or was not kept; absent if nothing is wrong with it. */
  stateError?: string | undefined;
  /** Whether it is from a recording. The line then has the time. */
  recorded?: boolean;
}

/** The worst status comes first, as in `max_state_alt` of the Monitoring Plugins. */
export const WORST_FIRST: readonly Status[] = [2, 1, 3, 0];

/** Returns the worst of several statuses. UNKNOWN without any. */
export function worstOf(statuses: readonly Status[]): Status {
  return WORST_FIRST.find((status) => statuses.includes(status)) ?? 3;
}

/** The status of a server; at least UNKNOWN after an error of the state file. */
export function statusWith(observed: Observed, stateError: string | undefined): Status {
  return worstOf([statusOf(observed), ...(stateError === undefined ? [] : ([3] as const))]);
}

/** Returns one line in the format of Nagios plugins: the status, the findings, and performance data after a `|`. */
export function checkLine(observed: Observed, { mask, stateError, recorded }: CheckOptions): string {
  const problem = stateError === undefined ? '' : `; ${boundedMask(mask, CELL_CHARACTERS).text(stateError)}`;
  const status = STATUSES[statusWith(observed, stateError)];
  const text = oneLine(`UWSGI ${status} - ${conditionOf(observed, mask, recorded)}${problem}`);
  const numbers = numbersOf(observed);
  return numbers === '' ? text : `${text} | ${numbers}`;
}

/**
 * Returns the findings of a server without hints, or else its state, with the time if it is not of the present. Masked,
 * not clean.
 */
export function conditionOf({ sample, findings: all }: Observed, mask: Mask, recorded = false): string {
  const findings = wrongs(all);
  const condition =
    findings.length > 0
      ? listed(findings, boundedMask(mask, CELL_CHARACTERS))
      : (whyUnknown(sample) ?? fine(sample));
  return `${condition}${timeNote(sample, recorded)}`;
}

/** The time of a sample that is not of the present, in brackets; empty for others. */
export function timeNote(sample: Subject, recorded = false): string {
  const note = pastNote(sample, recorded);
  return note === '' ? '' : ` (${note})`;
}

/**
 * Returns the performance data of a server; empty if there is none.
 *
 * @param server prefix of its labels (`serverLabels`)
 */
export function numbersOf({ sample, changes }: Observed, server?: string): string {
  const parts = [
    withoutWorkers(sample) === null ? performance(sample, server) : '',
    changes ? changesData(changes, server) : '',
  ];
  return parts.filter((part) => part !== '').join(' ');
}

/** Cleans a text, and replaces each `|`, which starts the performance data. */
export function oneLine(text: string): string {
  return clean(text).replaceAll('|', '/');
}

export const CHECK: Exporter<CheckOptions> = {
  name: 'check',
  of: 'server',
  write: (observed, options) => `${checkLine(observed, options)}\n`,
};

export const CHECK_JSON: Exporter<CheckOptions> = {
  name: 'check --json',
  of: 'server',
  write: (observed, { mask, stateError }) => `${checkJson(observed, mask, 'indented', stateError)}\n`,
};

export const CHECK_JSON_LINE: Exporter<CheckOptions> = {
  name: 'check --json of several servers',
  of: 'server',
  write: (observed, { mask, stateError }) => `${checkJson(observed, mask, 'line', stateError)}\n`,
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
export function checkJson(observed: Observed, mask: Mask, layout?: Layout, stateError?: string): string {
  const { sample, findings, changes, events } = observed;
  const { target, time, timeIsExact, interval, kind } = sample;
  const status = STATUSES[statusWith(observed, stateError)];
  const error = statusOf(observed) === 3 ? whyUnknown(sample) : null;
  const why = error === null ? {} : { error };
  return maskedJson(
    {
      schema: 'statstop.check/1',
      target,
      time,
      timeIsExact,
      interval,
      kind,
      status,
      ...why,
      ...(stateError === undefined ? {} : { stateError }),
      ...(changes ? { changes } : {}),
      findings,
      events,
    },
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
