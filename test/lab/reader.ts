import { sampleOf } from '../../src/rates/rates.ts';
import type { AppSample, EmperorSample, Reading, Sample } from '../../src/rates/sample.ts';
import { read } from '../../src/sources/read.ts';
import { decode } from '../../src/stats/decode.ts';
import { parseTarget } from '../../src/targets/parse.ts';
import type { Protocol } from '../../src/targets/target.ts';
import { TIMEOUT_SECONDS } from '../timeouts.ts';

/** Reads one target repeatedly, as the live view does. Each sample is relative to the previous reading. */
export interface Reader {
  next(): Promise<Taken<Sample>>;
  /** @throws Error when the document is of another kind */
  app(): Promise<Taken<AppSample>>;
  /** @throws Error when the document is of another kind */
  emperor(): Promise<Taken<EmperorSample>>;
}

/** A sample, and the times of its two documents in seconds of `SYSTEM_CLOCK`. */
export interface Taken<S> {
  sample: S;
  /** `null` in the first sample. */
  from: number | null;
  to: number;
  protocol: Protocol | null;
}

/** @param text the target, as on the command line */
export function readerOf(text: string, timeoutSeconds = TIMEOUT_SECONDS): Reader {
  const target = parseTarget(text);
  let previous: Reading | null = null;
  let protocol: Protocol | null = null;

  async function next(): Promise<Taken<Sample>> {
    try {
      const answer = await read(target, { timeoutSeconds, protocol });
      protocol = answer.protocol;
      const current = { snapshot: decode(answer.document), time: answer.time, clock: answer.clock };
      const sample = sampleOf(text, current, previous);
      const from = previous?.clock ?? null;
      previous = current;
      return { sample, from, to: current.clock, protocol };
    } catch (error) {
      // Another server may have taken the address.
      protocol = null;
      throw error;
    }
  }
  async function nextOf<Kind extends Sample['kind']>(kind: Kind) {
    const taken = await next();
    if (!isOf(taken, kind)) throw new Error(`the document is of kind ${taken.sample.kind}, not ${kind}`);
    return taken;
  }
  return { next, app: () => nextOf('app'), emperor: () => nextOf('emperor') };
}

function isOf<Kind extends Sample['kind']>(
  taken: Taken<Sample>,
  kind: Kind,
): taken is Taken<Extract<Sample, { kind: Kind }>> {
  return taken.sample.kind === kind;
}
