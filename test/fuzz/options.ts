import { parseArgs } from 'node:util';

export interface Options {
  seed: number;
  /** Time limit in seconds; `null` for none. */
  seconds: number | null;
  /** Maximum number of cases; `null` for no limit. */
  count: number | null;
  /** Runs only this case; `null` for all. */
  only: number | null;
}

export const USAGE = 'npm run fuzz -- [--seconds N] [--count N] [--seed N] [--case N]';

const DEFAULT_SECONDS = 30;
const SEEDS = 2 ** 31;

/**
 * Parses the command line.
 *
 * @throws TypeError or RangeError for a wrong option
 */
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
