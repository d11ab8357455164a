import { randomOf } from './choose.ts';
import { type Case, caseOf, type Oracle } from './oracle.ts';
import { ORACLES } from './oracles.ts';
import { STATSTOP, type Subject } from './subject.ts';
import { Summary } from './summary.ts';
import { type Trial, trialOf } from './trial.ts';

export interface CampaignOptions {
  seed: number;
  /** Number of the first case; 0 when not given. */
  first?: number;
  /** Cases; no limit when not given. */
  count?: number;
  /** No limit when not given. */
  seconds?: number;
  /** Every oracle looks at every case. */
  thorough?: boolean;
  /** Told before each case, so that one that never ends can be named. */
  onCase?: (number: number) => void;
}

export interface Failure {
  trial: Trial;
  oracle: string;
  complaint: string;
}

/** A case that takes longer hangs: the largest document takes half of it. */
export const HANG_SECONDS = 5;

/** Case after case, up to the first failure or the end of what was asked for. */
export async function campaign(
  {
    seed,
    first = 0,
    count = Number.POSITIVE_INFINITY,
    seconds = Number.POSITIVE_INFINITY,
    ...options
  }: CampaignOptions,
  subject: Subject = STATSTOP,
): Promise<{ summary: Summary; failure: Failure | null }> {
  const summary = new Summary();
  const start = performance.now();
  for (let number = first; number < first + count; number++) {
    if (performance.now() - start > seconds * 1000) break;
    options.onCase?.(number);
    const trial = trialOf(seed, number);
    const failure = await judge(trial, subject, summary, options.thorough ?? false);
    if (failure) return { summary, failure };
    // Others want to be heard: a signal, the timers of a server.
    if (number % 16 === 0) await new Promise(setImmediate);
  }
  return { summary, failure: null };
}

/** Asks the oracles about one case. */
async function judge(
  trial: Trial,
  subject: Subject,
  summary: Summary,
  thorough: boolean,
): Promise<Failure | null> {
  const start = process.cpuUsage();
  let asked = 'samples';
  try {
    const given = caseOf(trial, subject);
    summary.add(trial, given.outcome);
    for (const [name, oracle] of Object.entries(ORACLES)) {
      asked = name;
      const complaint = await ask(name, oracle, given, thorough);
      if (complaint !== null) return { trial, oracle: name, complaint };
    }
  } catch (error) {
    const complaint = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return { trial, oracle: asked, complaint: `threw ${complaint}` };
  }
  // The processor's time: others may want it too. What waits without end, the watchdog sees.
  const { user, system } = process.cpuUsage(start);
  const seconds = (user + system) / 1e6;
  if (seconds <= HANG_SECONDS) return null;
  return { trial, oracle: 'time', complaint: `the case took ${seconds.toFixed(1)} s` };
}

async function ask(
  name: string,
  { check, oneIn = 1 }: Oracle,
  given: Case,
  thorough: boolean,
): Promise<string | null> {
  const random = randomOf(given.trial.seed, given.trial.number, name);
  const chosen = random.chance(1 / oneIn);
  return chosen || thorough ? check({ ...given, random }) : null;
}
