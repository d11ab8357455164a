import type { Observed } from '../monitor/observation.ts';
import { unlistedChildren } from '../rates/children.ts';
import { requestsInFlight } from '../rates/in-flight.ts';
import { growthOf } from '../rates/memory.ts';
import { coreSamples } from '../rates/rates.ts';
import { restartsOf } from '../rates/restarts.ts';
import type { AppSample, RouterSample } from '../rates/sample.ts';
import { usageOf } from '../rates/usage.ts';
import { processOf, queueSource } from '../rates/with-host.ts';
import type { Snapshot } from '../stats/snapshot.ts';
import { boundedMask, VALUE_CHARACTERS } from '../text/bounds.ts';
import { type Mask, NO_MASK } from '../text/secrets.ts';
import { unsafe } from '../text/unsafe.ts';
import type { Exporter } from './exporter.ts';
import { hostParts, processParts } from './host-json.ts';
import { pathParts } from './paths-json.ts';

/** Names of the fields with a point in time: unix seconds in a sample, ISO 8601 in JSON. */
const INSTANTS = new Set([
  'time',
  'since',
  'retryAt',
  'lastSpawn',
  'requestStart',
  'lastModified',
  'started',
  'startedAt',
  'lastSeen',
  'born',
  'lastHeartbeat',
  'lastLoyal',
  'lastReady',
  'lastAccepting',
  'firstRun',
  'lastRun',
  'cursedAt',
  'firstAttempt',
  'lastAttempt',
  'lastCheck',
  'failedAt',
  'until',
]);

/**
 * Returns an observation as one JSON document, `statstop.sample/1`. Its schema is in `schema/`.
 *
 * @param layout see `maskedJson`
 * @param streamed the fields that only a stream has
 */
export function sampleJson(observed: Observed, mask: Mask, layout?: Layout, streamed: object = {}): string {
  const { sample } = observed;
  const { target, time, timeIsExact, interval, kind, reset, snapshot } = sample;
  const { repaired, server } = snapshot;
  const document = {
    schema: 'statstop.sample/1',
    target,
    ...streamed,
    time,
    timeIsExact,
    interval,
    kind,
    reset,
    repaired,
    server,
    ...parts(observed),
    events: observed.events,
  };
  return maskedJson(document, mask, layout);
}

export const JSON_EXPORTER: Exporter<{ mask: Mask }> = {
  name: '--json',
  of: 'server',
  write: (observed, { mask }) => `${sampleJson(observed, mask)}\n`,
};

export const JSON_LINE: Exporter<{ mask: Mask }> = {
  name: '--json of several servers',
  of: 'server',
  write: (observed, { mask }) => `${sampleJson(observed, mask, 'line')}\n`,
};

/** `line`: the document is one line. `indented`: one line for each value, to be read. */
export type Layout = 'indented' | 'line';

/** Returns a document as JSON with times in ISO 8601, masked secrets, and escaped control characters. */
export function maskedJson(document: object, mask: Mask, layout: Layout = 'indented'): string {
  // Without a mask, long texts stay complete: only masking takes much time.
  const shown = mask === NO_MASK ? mask : boundedMask(mask, VALUE_CHARACTERS);
  return harmless(JSON.stringify(document, replacer(shown), layout === 'line' ? 0 : 2));
}

/** Escapes all characters that a terminal would interpret or hide. `JSON.stringify` escapes only C0 controls. */
function harmless(json: string): string {
  if (HARMLESS.test(json)) return json;
  return json.replace(unsafe(), (char) => (char === '\n' ? char : char.replace(CODE_UNIT, escaped)));
}

const HARMLESS = /^[\n -~]*$/;

const CODE_UNIT = /[\s\S]/g;

function escaped(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

function parts(observed: Observed) {
  const { sample } = observed;
  switch (sample.kind) {
    case 'app':
      return appParts(sample, observed);
    case 'emperor':
      return ownParts(sample.snapshot);
    case 'router':
      return routerParts(sample);
  }
}

/** Returns the fields that only this kind of document has. */
function ownParts<Own>({ kind: _, server: __, repaired: ___, ...own }: Own & Snapshot) {
  return own;
}

/** Omits empty lists: the server has no spoolers, caches and so on. */
function present(parts: object): object {
  return Object.fromEntries(
    Object.entries(parts).filter(([, value]) => !Array.isArray(value) || value.length > 0),
  );
}

/** Returns the parts of an app server. Requests have their own list, so cores do not repeat their variables. */
function appParts(sample: AppSample, { history, paths }: Observed) {
  const { restarts } = history;
  const growths = growthOf(history);
  const { workers: _, ...own } = ownParts(sample.snapshot);
  const { host } = sample;
  return {
    host: hostParts(host),
    totals: sample.totals,
    usage: usageOf(history),
    paths: pathParts(paths),
    workers: sample.workers.map((each) => {
      const { worker, before: _, ...rates } = each;
      const cores = coreSamples(sample, each).map(({ core: { vars: _, ...core }, ...rates }) => ({
        ...core,
        ...rates,
      }));
      const { apps, cores: __, ...fields } = worker;
      const growth = growths[worker.id - 1] ?? null;
      return { ...fields, ...rates, growth, process: processParts(processOf(worker, host)), apps, cores };
    }),
    inFlight: requestsInFlight(sample).map(({ start: _, value: __, ...request }) => request),
    ...present({
      ...own,
      sockets: own.sockets.map((socket) => ({ ...socket, queueSource: queueSource(socket, host) })),
      daemons: own.daemons.map((daemon) => ({
        ...daemon,
        restarts: restartsOf(restarts, 'daemon', daemon.command ?? '', daemon.pid),
      })),
      children: unlistedChildren(sample).map(({ kind, name, process }) => ({
        kind,
        name,
        pid: process.pid,
        restarts: restartsOf(restarts, 'child', name ?? '', process.pid),
        process: processParts(process),
      })),
    }),
  };
}

function routerParts({ snapshot, nodes, staticNodes }: RouterSample) {
  return {
    ...ownParts(snapshot),
    subscriptions: snapshot.subscriptions.map(({ nodes: _, ...subscription }) => subscription),
    nodes: nodes.map(({ node, ...rates }) => ({ ...node, ...rates })),
    staticNodes: staticNodes.map(({ node, ...rates }) => ({ ...node, ...rates })),
  };
}

/** Request variables that fields of the document come from, by the name of the field. */
const VARIABLES_OF: Readonly<Record<string, string>> = {
  method: 'REQUEST_METHOD',
  uri: 'REQUEST_URI',
  path: 'REQUEST_URI',
  host: 'HTTP_HOST',
  remote: 'REMOTE_ADDR',
};

/** Returns a replacer for `JSON.stringify` that masks every string and writes times in ISO 8601. */
function replacer(mask: Mask) {
  return function (this: object, key: string, value: unknown): unknown {
    if (typeof value === 'number') return INSTANTS.has(key) ? isoTime(value) : value;
    if (typeof value !== 'string') return value;
    const named = key === 'value' && 'name' in this && typeof this.name === 'string';
    const variable = named ? String(this.name) : VARIABLES_OF[key];
    return variable === undefined ? mask.text(value) : mask.variable(variable, value);
  };
}

/**
 * A unix time in ISO 8601, in UTC and milliseconds: `2026-11-22T08:16:50.123Z`. `null` outside the range of `Date`.
 */
export function isoTime(unixSeconds: number): string | null {
  const date = new Date(unixSeconds * 1000);
  return Number.isNaN(date.getTime()) ? null : date.toISOString();
}
