import { parseArgs } from 'node:util';

export interface Options {
  seed: number;
  /** `null` for no limit. */
  seconds: number | null;
  /** `null` for no limit. */
  count: number | null;
  /** Only this case; `null` for all. */
  only: number | null;
}

export const USAGE = 'npm run fuzz -- [--seconds N] [--count N] [--seed N] [--case N]';

const DEFAULT_SECONDS = 30;
const SEEDS = 2 ** 31;

/** What the command line asks for. @throws TypeError, RangeError that say what is wrong with it */
export function parseOptions(args: readonly string[]): Options {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({
    args: [...args],
    options: { seconds: text, count: text, seed: text, case: text },
  });
  const count = number('count', values.count);
  const seconds = number('seconds', values.seconds);
  return {
    seed: number('seed', values.seed) ?? Math.floor(Math.random() * SEEDS),
    seconds: seconds ?? (count === null ? DEFAULT_SECONDS : null),
    count,
    only: number('case', values.case),
  };
}

function number(name: string, text: string | undefined): number | null {
  if (text === undefined) return null;
  if (!/^\d+(\.\d+)?$/.test(text)) throw new RangeError(`--${name} takes a number, not '${text}'`);
  return Number(text);
}
