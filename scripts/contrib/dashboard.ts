import { type Described, METRICS, SERVER_LABEL } from '../../src/outputs/prometheus/table.ts';
import { type Panel, ROWS } from './panels.ts';

/** The label that Prometheus gives to the metrics of one exporter. */
const INSTANCE = 'instance';

function described(name: string): Described {
  const found = METRICS.find((metric) => metric.name === name);
  if (!found) throw new Error(`the dashboard shows ${name}, which is no metric`);
  return found;
}

/** Returns the expression of a panel in PromQL, with the variables of the dashboard. */
export function expressionOf(panel: Panel): string {
  const { metric, over, by = [], isOwn, isList } = panel;
  const server = isOwn ? [] : [`${SERVER_LABEL}=~"$server"`];
  const filter = [`${INSTANCE}=~"$instance"`, ...server].join(',');
  const labels = [INSTANCE, ...(isOwn ? [] : [SERVER_LABEL]), ...by].join(', ');
  const sum = (name: string) => {
    const { type, labels: known } = described(name);
    const unknown = by.find((label) => !known.includes(label));
    if (unknown !== undefined) throw new Error(`${name} has no label ${unknown}`);
    const series = `${name}{${filter}}`;
    return `sum by (${labels}) (${type === 'counter' ? `rate(${series}[$__rate_interval])` : series})`;
  };
  const whole = over === undefined ? sum(metric) : `${sum(metric)} / ${sum(over)}`;
  return isList ? `${whole} > 0` : whole;
}

/** The expressions of all panels, by title. */
export function expressions(): [title: string, expression: string][] {
  return ROWS.flatMap(([, panels]) =>
    panels.map((panel): [string, string] => [panel.title, expressionOf(panel)]),
  );
}

const DATASOURCE = { type: 'prometheus', uid: '$' + '{datasource}' };

/** Panels in a row of the grid, which has 24 columns, and their height. */
const PER_ROW = 3;
const SIZE = { w: 24 / PER_ROW, h: 8 };

function unitOf({ metric, unit }: Panel): string {
  if (unit) return unit;
  const { type, unit: base } = described(metric);
  if (type === 'counter') return base === 'bytes' ? 'Bps' : 'short';
  return base === 'bytes' ? 'bytes' : base === 'seconds' ? 's' : 'short';
}

function legendOf({ by = [], isOwn }: Panel): string {
  return [isOwn ? INSTANCE : SERVER_LABEL, ...by].map((label) => `{{${label}}}`).join(' ');
}

function panelOf(panel: Panel, id: number, x: number, y: number) {
  return {
    id,
    type: panel.isList ? 'table' : 'timeseries',
    title: panel.title,
    description: described(panel.metric).help,
    datasource: DATASOURCE,
    gridPos: { ...SIZE, x, y },
    fieldConfig: { defaults: { unit: unitOf(panel), ...(panel.isList ? {} : { min: 0 }) }, overrides: [] },
    options: {},
    targets: [
      {
        refId: 'A',
        datasource: DATASOURCE,
        expr: expressionOf(panel),
        legendFormat: legendOf(panel),
        ...(panel.isList ? { instant: true, format: 'table' } : {}),
      },
    ],
  };
}

function variable(name: string, label: string, query: string) {
  return {
    name,
    label,
    type: 'query',
    datasource: DATASOURCE,
    query: { query, refId: name },
    refresh: 2,
    sort: 1,
    multi: true,
    includeAll: true,
    allValue: '.*',
    current: { text: 'All', value: '$__all' },
  };
}

/** Returns the dashboard of Grafana as JSON. */
export function dashboard(): string {
  const panels: object[] = [];
  let id = 0;
  let y = 0;
  for (const [title, of] of ROWS) {
    id += 1;
    panels.push({ id, type: 'row', title, collapsed: false, gridPos: { w: 24, h: 1, x: 0, y }, panels: [] });
    y += 1;
    for (const [at, panel] of of.entries()) {
      id += 1;
      panels.push(panelOf(panel, id, (at % PER_ROW) * SIZE.w, y + Math.floor(at / PER_ROW) * SIZE.h));
    }
    y += Math.ceil(of.length / PER_ROW) * SIZE.h;
  }
  const found = `uwsgi_target_up{${INSTANCE}=~"$instance"}`;
  return `${JSON.stringify(
    {
      uid: 'statstop',
      title: 'uWSGI (statstop)',
      tags: ['uwsgi', 'statstop'],
      schemaVersion: 39,
      editable: true,
      graphTooltip: 1,
      refresh: '30s',
      time: { from: 'now-1h', to: 'now' },
      templating: {
        list: [
          { name: 'datasource', label: 'Data source', type: 'datasource', query: 'prometheus', current: {} },
          variable('instance', 'Exporter', `label_values(uwsgi_servers, ${INSTANCE})`),
          variable('server', 'Server', `label_values(${found}, ${SERVER_LABEL})`),
        ],
      },
      panels,
    },
    null,
    2,
  )}\n`;
}
