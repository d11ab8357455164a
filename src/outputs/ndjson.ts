import { type FleetSample, isCurrent, type Member } from '../monitor/observation.ts';
import type { Exporter } from './exporter.ts';
import { maskedJson, sampleJson } from './json.ts';
import type { StreamOptions } from './streamed.ts';

/**
 * One line for each server: its document `statstop.sample/1` with the fields `name` and `missed`. A server that cannot be
 * read has a document `statstop.lost/1`. The schemas are in `schema/`.
 */
export const NDJSON: Exporter<StreamOptions, FleetSample> = {
  name: '--stream ndjson',
  of: 'fleet',
  write: ({ sample: { members, time } }, options) =>
    members.map((member) => `${document(member, time, options)}\n`).join(''),
};

/** @param time when a server without a document was last tried, in Unix seconds */
function document({ name, observation }: Member, time: number, { mask, missed = 0 }: StreamOptions): string {
  const { target, connection } = observation;
  if (isCurrent(observation)) return sampleJson(observation, mask, 'line', { name, missed });
  const { why: error, advice } = 'why' in connection ? connection : { why: 'not read yet', advice: '' };
  const { since, retryAt } = connection.state === 'lost' ? connection : { since: null, retryAt: null };
  return maskedJson(
    { schema: 'statstop.lost/1', target, name, missed, time, since, error, advice, retryAt },
    mask,
    'line',
  );
}
