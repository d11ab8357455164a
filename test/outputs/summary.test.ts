import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { SUMMARY_FORMAT_NAMES } from '../../src/outputs/summary/format-names.ts';
import { SUMMARY_FORMATS } from '../../src/outputs/summary/formats.ts';
import type { SourceEvent } from '../../src/sources/source.ts';
import { periodsOf } from '../../src/summaries/periods.ts';
import type { Summary } from '../../src/summaries/summary.ts';
import { createMask } from '../../src/text/secrets.ts';
import { captureEvents, recordAll, troubleEvents } from '../recordings/recorded.ts';
import { summaryOf } from '../summaries/items.ts';

const OPTIONS = { mask: createMask(), zone: 'UTC (UTC+00:00)' };

/** A summary of a recording of these servers. */
function summarized(servers: ReadonlyMap<string, readonly SourceEvent[]>): Summary {
  const past = recordAll(servers);
  return summaryOf(past.items(past.start), periodsOf({ since: past.start, until: past.end }, 0));
}

const trouble = troubleEvents();
/** The same server, of which the recording lacks 20 s. */
const start = trouble[20]?.time ?? 0;
const TROUBLE = summarized(
  new Map([['app', trouble.filter(({ time }) => time < start || time > start + 20)]]),
);
const SEVERAL = summarized(captureEvents());

const text = SUMMARY_FORMATS.text(TROUBLE, OPTIONS);
const markdown = SUMMARY_FORMATS.markdown(TROUBLE, OPTIONS);
const json = JSON.parse(SUMMARY_FORMATS.json(TROUBLE, OPTIONS));

/** The lines of a table of a text, from the heading that begins with a word to an empty line. */
function tableIn(lines: string, first: string): string[][] {
  const all = lines.split('\n');
  const begin = all.findIndex((line) => line.trim().startsWith(first));
  const end = all.indexOf('', begin);
  return all.slice(begin, end).map((line) => line.trim().split(/ {2,}/));
}

describe('the text of a summary', () => {
  it('has the numbers of each period and of the whole time', () => {
    const [heading, ...rows] = tableIn(text, 'SINCE');
    expect(heading?.slice(0, 5)).toEqual(['SINCE', 'RPS', 'RESP', 'BUSY', 'QUEUE']);
    expect(rows).toHaveLength(TROUBLE.periods.length + 1);
    for (const row of rows) expect(row).toHaveLength(heading?.length ?? 0);
    expect(rows.at(-1)?.[0]).toBe('whole time');
    expect(rows.at(-1)?.[1]).toBe(json.total.rps.toFixed(1));
  });

  it('shows an unknown number as a dash, and names the gap', () => {
    const gap = TROUBLE.periods.findIndex((_, at) => TROUBLE.totals[at]?.busy === null);
    const [, rps, ...others] = tableIn(text, 'SINCE')[gap + 1] ?? [];
    expect(gap).toBeGreaterThan(0);
    // The counters of the server also cover the time that was not recorded.
    expect(Number(rps)).toBeGreaterThan(0);
    expect(others.slice(1)).toEqual(others.slice(1).map(() => '-'));
    expect(text.match(/^Not recorded: .* \(2\ds\)$/gm)).toHaveLength(1);
  });

  it('has events, requests and paths', () => {
    const { events, slowest, paths } = TROUBLE.servers[0] ?? {
      events: [],
      slowest: [],
      paths: { paths: [] },
    };
    expect(tableIn(text, 'TIME  ')).toHaveLength(events.length + 1);
    expect(tableIn(text, 'AGE')).toHaveLength(slowest.length + 1);
    expect(tableIn(text, 'TIME%')).toHaveLength(Math.min(10, paths.paths.length) + 1);
    expect(events.map(({ kind }) => kind)).toContain('began');
    expect(slowest[0]?.uri).toMatch(/^\//);
    expect(text).toContain(slowest[0]?.uri);
  });

  it('says which time zone it uses', () => {
    expect(text).toContain('\nTimes are local: UTC (UTC+00:00)\n');
  });

  it('has totals and a section for each of several servers', () => {
    const several = SUMMARY_FORMATS.text(SEVERAL, OPTIONS);
    expect(several).toContain(`\nAll ${SEVERAL.servers.length} servers\n`);
    for (const { name } of SEVERAL.servers) expect(several).toContain(`\n${name}: ${name} on web1`);
  });
});

describe('the Markdown of a summary', () => {
  it('has tables with as many cells in each row', () => {
    for (const part of markdown.split('\n\n').filter((each) => each.startsWith('|'))) {
      const counts = part
        .trimEnd()
        .split('\n')
        .map((line) => line.match(/(?<!\\)\|/g)?.length);
      expect(counts.length).toBeGreaterThan(2);
      expect(new Set(counts).size).toBe(1);
    }
    expect(markdown.match(/^#{1,3} /gm)?.length).toBe(5);
  });

  it('contains no markup of a client', () => {
    const uri = '/<b>|`x`|[a](http://evil.example)@ann#1 *b* www.evil.example';
    const server = TROUBLE.servers[0];
    if (!server?.slowest[0]) throw new Error('there is a slow request');
    const slowest = [{ ...server.slowest[0], uri }];
    const written = SUMMARY_FORMATS.markdown(
      { ...TROUBLE, servers: [{ ...server, slowest }] },
      {
        ...OPTIONS,
        mask: createMask({ show: ['REQUEST_URI'] }),
      },
    );
    expect(written).toContain(
      '/\\<b\\>\\|\\`x\\`\\|\\[a\\](http\\://evil.example)\\@ann\\#1 \\*b\\* www\\.evil.example |',
    );
  });
});

describe('the JSON of a summary', () => {
  const schema = JSON.parse(
    readFileSync(new URL('../../schema/statstop.report-1.json', import.meta.url), 'utf8'),
  );
  const validate = new Ajv2020({
    strict: true,
    strictTypes: false,
    formats: { 'date-time': true },
  }).compile(schema);

  it('conforms to its schema', () => {
    for (const summary of [TROUBLE, SEVERAL]) {
      validate(JSON.parse(SUMMARY_FORMATS.json(summary, OPTIONS)));
      expect(validate.errors ?? []).toEqual([]);
    }
  });

  it('has times in UTC, and null for unknown numbers', () => {
    expect(json.since).toBe(new Date(TROUBLE.since * 1000).toISOString());
    expect(json.periods).toHaveLength(TROUBLE.periods.length);
    const unknown = json.periods.filter(({ busy }: { busy: number | null }) => busy === null);
    expect(unknown.length).toBeGreaterThan(0);
    expect(unknown[0]).toMatchObject({ queue: null, exceptions: null, restarts: null });
    expect(json.servers[0].gaps).toHaveLength(1);
  });

  it('has the events, requests and paths of the text', () => {
    const [server] = json.servers;
    expect(server.events.map(({ kind }: { kind: string }) => kind)).toEqual(
      TROUBLE.servers[0]?.events.map(({ kind }) => kind),
    );
    expect(server.slowest).toHaveLength(TROUBLE.servers[0]?.slowest.length ?? 0);
    expect(server.paths.paths.length).toBeGreaterThan(0);
  });
});

it('each format has a name for the command line', () => {
  expect(Object.keys(SUMMARY_FORMATS)).toEqual([...SUMMARY_FORMAT_NAMES]);
});
