import { requestsInFlight } from '../rates/requests.ts';
import type { AppSample, Sample } from '../rates/sample.ts';
import { maskUri, maskVariable } from '../views/secrets.ts';

/** Names of the values that are instants: unix seconds in a sample, ISO 8601 in JSON. */
const INSTANTS = new Set([
  'time',
  'lastSpawn',
  'requestStart',
  'lastModified',
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
]);

/** A sample as one JSON document, `statstop.sample/1`; its schema is in `schema/`. */
export function sampleJson(sample: Sample, showSecrets: boolean): string {
  const { target, time, interval, kind, reset, repaired, server, ...rest } = sample;
  const document = {
    schema: 'statstop.sample/1',
    target,
    time,
    interval,
    kind,
    reset,
    repaired,
    server,
    ...rest,
    ...(sample.kind === 'app' ? appParts(sample, showSecrets) : {}),
  };
  return JSON.stringify(document, instants, 2);
}

/** Requests stand in a list of their own: a core does not repeat their variables. */
function appParts(sample: AppSample, showSecrets: boolean) {
  return {
    workers: sample.workers.map((worker) => ({
      ...worker,
      cores: worker.cores.map(({ vars: _, ...core }) => core),
    })),
    inFlight: requestsInFlight(sample).map(({ vars, uri, ...request }) => ({
      ...request,
      uri: uri === null || showSecrets ? uri : maskUri(uri),
      vars: vars.map(({ name, value }) => ({ name, value: showSecrets ? value : maskVariable(name, value) })),
    })),
  };
}

function instants(name: string, value: unknown): unknown {
  if (typeof value !== 'number') return value;
  return INSTANTS.has(name) ? isoTime(value) : value;
}

/** `null` for what is no time that a calendar has. */
function isoTime(unixSeconds: number): string | null {
  const date = new Date(unixSeconds * 1000);
  return Number.isNaN(date.getTime()) ? null : date.toISOString();
}
