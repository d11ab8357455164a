import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';
import { ALERTS, alertName } from '../../scripts/contrib/alerts.ts';
import { fleetObservation } from '../../src/monitor/fleet.ts';
import { nothingObserved, type Observation } from '../../src/monitor/observation.ts';
import { exposition } from '../../src/outputs/prometheus/exposition.ts';
import type { Reading } from '../../src/rates/sample.ts';
import { createMask } from '../../src/text/secrets.ts';
import { CAPTURES, type Capture } from '../insights/captures.ts';
import { readingsOf } from '../insights/captures-read.ts';
import { promtool, skipWithoutPrometheus } from '../lab/prometheus.ts';
import { observing } from '../monitor/observing.ts';
import { parsed } from '../outputs/prometheus/parse.ts';
import { fleetOf } from '../views/fleets.ts';

/** `promtool test rules` with incidents of real servers: the captures of `fixtures/findings`. */

const RULES = fileURLToPath(new URL('../../contrib/prometheus/statstop.rules.yml', import.meta.url));

/** Seconds between two scrapes, and the number of scrapes before and after the incident. */
const SCRAPE = 15;
const BEFORE = 4;
const AFTER = 4;

interface Incident {
  name: string;
  observation: Observation;
  /** Alerts that are expected, as `NAME severity`. */
  alerts: readonly string[];
}

function incidentOf(capture: Capture): Incident {
  const { name, side } = capture;
  const [first, ...others] = readingsOf(capture);
  if (!first) throw new Error('a capture has a reading');
  const observation = observing(`/run/${name}.${side}`, [first, ...others] as [Reading, ...Reading[]], {
    maxWait: 0,
  });
  const found = observation.findings.map(({ rule, severity }) => `${alertName(rule)} ${severity}`);
  return { name: `${name}.${side}`, observation, alerts: [...new Set(found)] };
}

const LOST: Incident = {
  name: 'lost',
  observation: {
    ...nothingObserved('/run/lost'),
    connection: { state: 'lost', since: null, why: 'refused', advice: '', retryAt: 0 },
  },
  alerts: ['UwsgiTargetDown critical'],
};

/** Metrics that the alerts use. */
const USED = /^(?:uwsgi_finding|uwsgi_target_up)$/;

/** The series of an incident for promtool: absent before it, and with its values during it. */
function seriesOf({ observation }: Incident) {
  const text = exposition(fleetObservation(fleetOf(observation)), { mask: createMask() });
  return [...parsed(text, 'text').values()]
    .flatMap(({ samples }) => samples)
    .filter(({ name }) => USED.test(name))
    .map(({ name, labels, value }) => {
      const pairs = Object.entries(labels).map(([label, text]) => `${label}=${JSON.stringify(text)}`);
      return { series: `${name}{${pairs.join(',')}}`, values: `_x${BEFORE} ${value}x${AFTER}` };
    });
}

/** The alerts of all incidents at a time, with the annotations of the generated rules. */
function expectations(seconds: number, incidents: readonly Incident[]) {
  return ALERTS.map(({ name, summary, description }) => ({
    eval_time: `${seconds}s`,
    alertname: name,
    exp_alerts: incidents.flatMap(({ observation: { target }, alerts }) =>
      alerts
        .map((alert) => alert.split(' '))
        .filter(([alert]) => alert === name)
        .map(([, severity = '']) => ({
          exp_labels: { stats_uri: target, severity, ...ruleOf(name) },
          exp_annotations: {
            summary: summary
              .replace('{{ $labels.stats_uri }}', target)
              .replace('{{ $labels.severity }}', severity),
            description,
          },
        })),
    ),
  }));
}

/** The label of the rule, which the alerts of a finding have. */
function ruleOf(alert: string): { rule?: string } {
  const { expression = '' } = ALERTS.find(({ name }) => name === alert) ?? {};
  const rule = /rule="([^"]+)"/.exec(expression)?.[1];
  return rule === undefined ? {} : { rule };
}

it.skipIf(skipWithoutPrometheus())('the alerts fire for incidents, and only then', () => {
  const incidents = [...CAPTURES.map(incidentOf), LOST];
  // Each rule with captures fires, and some servers have no alert at all.
  for (const { rule, side, name } of CAPTURES.filter(({ side }) => side === 'above')) {
    const { alerts = [] } = incidents.find((each) => each.name === `${name}.${side}`) ?? {};
    expect(alerts.map((alert) => alert.split(' ')[0])).toContain(alertName(rule));
  }
  const folder = mkdtempSync(join(tmpdir(), 'statstop-alerts-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'tests.json');
  const exporter = { series: 'uwsgi_servers{state="live"}', values: `1x${BEFORE + AFTER}` };
  const test = {
    interval: `${SCRAPE}s`,
    input_series: [exporter, ...incidents.flatMap(seriesOf)],
    alert_rule_test: [...expectations(SCRAPE, []), ...expectations(SCRAPE * (BEFORE + AFTER - 1), incidents)],
  };
  writeFileSync(
    file,
    JSON.stringify({ rule_files: [RULES], evaluation_interval: `${SCRAPE}s`, tests: [test] }),
  );
  const { status, output } = promtool(['test', 'rules', file]);
  expect([status, output.slice(0, 4000)]).toEqual([0, expect.stringContaining('SUCCESS')]);
});
