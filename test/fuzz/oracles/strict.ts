import { isUtf8 } from 'node:buffer';
import { excessOf } from '../../../src/stats/limits.ts';
import { type Origin, WORKER } from '../fields.ts';
import type { Check } from '../oracle.ts';

type Fields = Readonly<Record<string, unknown>>;

/** Valid JSON is read as JSON: nothing is repaired, and each worker has its own numbers. */
export const agreesWithJson: Check = ({ trial: { bytes, damage }, outcome }) => {
  const document = strict(bytes);
  if (document === undefined) {
    const boast = 'snapshot' in outcome && !outcome.snapshot.repaired;
    return boast ? 'is not marked as repaired, but it is not JSON' : null;
  }
  const workers = isFields(document) && Array.isArray(document.workers) ? document.workers : null;
  if ('error' in outcome) {
    const isSmall = isFields(document) && excessOf(document) === null;
    return workers && isSmall ? `refused JSON with workers: ${outcome.error}` : null;
  }
  const { snapshot } = outcome;
  if (damage.kind === 'cut') return null;
  if (snapshot.repaired) return 'is marked as repaired, but it is JSON';
  if ((snapshot.kind === 'app') !== (workers !== null)) return `read as ${snapshot.kind}`;
  if (snapshot.kind !== 'app' || workers === null) return null;
  if (snapshot.workers.length !== workers.length)
    return `${snapshot.workers.length} workers of ${workers.length}`;
  for (const [place, worker] of snapshot.workers.entries()) {
    const sent = isFields(workers[place]) ? workers[place] : {};
    for (const [name, origin] of Object.entries(WORKER)) {
      const value = (worker as unknown as Fields)[name];
      if (!agrees(value, sent, origin))
        return `workers[${place}].${name} is ${String(value)}, but "${origin.key}" is ${JSON.stringify(sent[origin.key])}`;
    }
  }
  return null;
};

/** The result of JSON.parse; `undefined` if it refuses. */
function strict(bytes: Buffer): unknown {
  if (!isUtf8(bytes)) return undefined;
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    return undefined;
  }
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function agrees(value: unknown, sent: Fields, { key, scale, zeroIsUnknown }: Origin): boolean {
  const number = Object.hasOwn(sent, key) ? sent[key] : null;
  if (typeof number !== 'number' || number < 0 || number > Number.MAX_SAFE_INTEGER) return value === null;
  if (zeroIsUnknown && number === 0) return value === null;
  // Without a request there is no average, and a fraction of a request is invalid.
  const mayBeUnknown = key === 'avg_rt' || !Number.isInteger(number);
  return value === number / scale || (mayBeUnknown && value === null);
}
