import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { campaign } from './campaign.ts';
import { type Options, parseOptions, USAGE } from './options.ts';
import { report } from './report.ts';
import { trialOf } from './trial.ts';
import { type Begins, watchOver } from './watchdog.ts';

/**
 * Damages captured documents in every way and runs the oracles on each. Two processes: this one watches the other one,
 * which does the work. Exit status: 0 without a failure, 1 for a failure, 2 for a wrong option.
 */
const SELF = fileURLToPath(import.meta.url);
/**
 * A case that takes longer than this number of seconds counts as endless. The child process itself reports slow cases.
 */
const PATIENCE_SECONDS = 60;

try {
  const options = parseOptions(process.argv.slice(2));
  process.exitCode = process.send ? await work(options) : await watch(options);
} catch (error) {
  console.error(`${error instanceof Error ? error.message : String(error)}\n${USAGE}`);
  process.exitCode = 2;
}

async function work({ seed, seconds, count, only }: Options): Promise<number> {
  process.once('disconnect', leave);
  const { summary, failure } = await campaign({
    seed,
    first: only ?? 0,
    count: only === null ? (count ?? Number.POSITIVE_INFINITY) : 1,
    seconds: seconds ?? Number.POSITIVE_INFINITY,
    thorough: only !== null,
    onCase: (number) => process.send?.({ number } satisfies Begins),
  });
  process.off('disconnect', leave);
  process.disconnect();
  console.log(failure ? report(failure) : summary.text());
  return failure ? 1 : 0;
}

/** Ends this process: the parent has gone. */
function leave(): void {
  process.exit(1);
}

async function watch({ seed, seconds, count, only }: Options): Promise<number> {
  console.log(`seed ${seed}`);
  const given = { seed, seconds, count, case: only };
  const args = Object.entries(given).flatMap(([name, value]) =>
    value === null ? [] : [`--${name}`, `${value}`],
  );
  const child = fork(SELF, args);
  const { status, signal, number, hung } = await watchOver(child, PATIENCE_SECONDS);
  if (status !== null) return status;
  const complaint = hung ? `not complete after ${PATIENCE_SECONDS} s` : `the process was ended by ${signal}`;
  console.log(report({ trial: trialOf(seed, number ?? 0), oracle: hung ? 'time' : 'process', complaint }));
  return 1;
}
