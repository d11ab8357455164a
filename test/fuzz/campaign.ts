import { randomOf } from './choose.ts';
import { type Case, caseOf, type Oracle, type Outcome, sizeOf } from './oracle.ts';
import { ORACLES } from './oracles.ts';
import { Pace, processorSeconds } from './pace.ts';
import { STATSTOP, type Subject } from './subject.ts';
import { Summary } from './summary.ts';
import { type Trial, trialOf } from './trial.ts';

export interface CampaignOptions {
  seed: number;
  /** Number of the first case; default 0. */
  first?: number;
  /** Number of cases; no limit by default. */
  count?: number;
  /** Time limit in seconds; none by default. */
  seconds?: number;
  /** Whether every oracle checks every case. */
  thorough?: boolean;
  /** Called before each case, so that a case that never ends can be identified. */
  onCase?: (number: number) => void;
}

export interface Failure {
  trial: Trial;
  oracle: string;
  complaint: string;
}

/** Runs cases until the first failure or until a limit is reached. */
export async function campaign(
  {
    seed,
    first = 0,
    count = Number.POSITIVE_INFINITY,
    seconds = Number.POSITIVE_INFINITY,
    ...options
  }: CampaignOptions,
  subject: Subject = STATSTOP,
  pace = new Pace(),
): Promise<{ summary: Summary; failure: Failure | null }> {
  const summary = new Summary();
  const start = performance.now();
  for (let number = first; number < first + count; number++) {
    if (performance.now() - start > seconds * 1000) break;
    options.onCase?.(number);
    const trial = trialOf(seed, number);
    const run = { trial, subject, thorough: options.thorough ?? false };
    const failure = await judge(run, pace, (outcome) => summary.add(trial, outcome));
    if (failure) return { summary, failure };
    // Lets the event loop run: signals, timers of a server.
    if (number % 16 === 0) await new Promise(setImmediate);
  }
  return { summary, failure: null };
}

interface Run {
  trial: Trial;
  subject: Subject;
  thorough: boolean;
}

/** Runs the oracles on one case and checks its duration. */
async function judge(run: Run, pace: Pace, onOutcome: (outcome: Outcome) => void): Promise<Failure | null> {
  const { trial } = run;
  const timed = async (tell?: (outcome: Outcome) => void) => {
    const start = processorSeconds();
    const failure = await askAll(run, tell);
    return { failure, seconds: processorSeconds() - start };
  };
  const { failure, seconds } = await timed(onOutcome);
  if (failure) return failure;
  const complaint = await pace.fault({
    size: sizeOf(trial),
    seconds,
    again: async () => (await timed()).seconds,
  });
  return complaint === null ? null : { trial, oracle: 'time', complaint };
}

async function askAll(
  { trial, subject, thorough }: Run,
  onOutcome?: (outcome: Outcome) => void,
): Promise<Failure | null> {
  let asked = 'samples';
  try {
    const given = caseOf(trial, subject);
    onOutcome?.(given.outcome);
    for (const [name, oracle] of Object.entries(ORACLES)) {
      asked = name;
      const complaint = await ask(name, oracle, given, thorough);
      if (complaint !== null) return { trial, oracle: name, complaint };
    }
    return null;
  } catch (error) {
    const complaint = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return { trial, oracle: asked, complaint: `threw ${complaint}` };
  }
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
