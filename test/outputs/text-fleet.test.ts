import { describe, expect, it } from 'vitest';
import { fleetObservation } from '../../src/monitor/fleet.ts';
import type { Observation } from '../../src/monitor/observation.ts';
import { sampleText } from '../../src/outputs/text.ts';
import { VIEWS } from '../../src/views/views.ts';
import { observed } from '../monitor/observing.ts';
import { app, appBetween, worker } from '../rates/builders.ts';
import { captured, fleetOf } from '../views/fleets.ts';
import { LOOKED_AT, VIEW } from '../views/samples.ts';

const BLOG: Observation = {
  ...captured('prefork', '/run/blog.stats'),
  connection: {
    state: 'lost',
    since: null,
    why: 'connection refused',
    advice: 'Check that the server is running.',
    retryAt: LOOKED_AT,
  },
};
const FLEET = fleetObservation(
  fleetOf(captured('threads', '/run/shop.stats'), BLOG, captured('emperor', '/run/emperor.stats')),
);

const linesOf = (given: Partial<Parameters<typeof sampleText>[1]> = {}) =>
  sampleText(FLEET, { ...VIEW, width: null, ...given }).split('\n');
const fieldsOf = (line = '') => line.trim().split(/ +/);

describe('the text of several servers', () => {
  it('has the servers, each with its name, and their totals', () => {
    const [summary, heading, ...lines] = linesOf();
    expect(summary).toMatch(/^3 servers \(2 up, 1 lost\) {2}\d+\.\d req\/s {2}\S+ {2}queue \d+\/\d+$/);
    expect(fieldsOf(heading).slice(0, 3)).toEqual(['SERVER', 'STATE', 'RPS']);
    expect(lines.slice(0, 4).map((line) => fieldsOf(line)[0])).toEqual([
      'blog.stats',
      expect.stringMatching(/^(shop|emperor)\.stats$/),
      expect.stringMatching(/^(shop|emperor)\.stats$/),
      'Total',
    ]);
  });

  it('has the same number of fields on each line of the servers', () => {
    const [, heading, ...lines] = linesOf();
    for (const line of lines.slice(0, 4)) expect(fieldsOf(line)).toHaveLength(fieldsOf(heading).length);
  });

  it('has totals that are the sum of the servers that answer', () => {
    const served = (target: string, requests: number): Observation => ({
      ...observed(appBetween(app([worker({ requests: 10 })]), app([worker({ requests })]))),
      target,
    });
    const fleet = fleetObservation(fleetOf(served('/a', 30), served('/b', 40), BLOG));
    const text = sampleText(fleet, { ...VIEW, width: null, columns: ['server', 'rps'] });
    const rows = text.split('\n').slice(2, -2).map(fieldsOf);
    expect(Object.fromEntries(rows)).toEqual({ a: '10.0', b: '15.0', 'blog.stats': '-', Total: '25.0' });
  });

  it('names the server of each finding', () => {
    expect(linesOf()).toContain('critical: blog.stats: no data yet: connection refused');
  });

  it('prints rows only without a header', () => {
    const lines = linesOf({ header: false, columns: ['server'] });
    expect(lines.toSorted()).toEqual(['', 'blog.stats', 'emperor.stats', 'shop.stats']);
  });

  it('prints the requests of all servers with the name of each', () => {
    const [, heading, ...lines] = linesOf({ tab: 'requests', columns: ['age', 'server', 'uri'] });
    expect(fieldsOf(heading)).toEqual(['AGE', 'SERVER', 'URI']);
    expect(lines.filter((line) => / shop\.stats +\//.test(line))).not.toEqual([]);
    expect(lines.filter((line) => /^ *\S+ +blog\.stats +\//.test(line))).toEqual([]);
  });

  it.each(VIEWS.fleet.filter(({ isCharts }) => !isCharts).map(({ name }) => name))(
    'has no trailing blanks in the view %s',
    (tab) => {
      expect(sampleText(FLEET, { ...VIEW, tab, width: null })).not.toMatch(/ \n|\n\n|[^\n]$/);
    },
  );
});
