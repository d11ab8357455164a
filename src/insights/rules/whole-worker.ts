import { aboutWorker } from '../../rates/about.ts';
import { type RequestInFlight, requestAge, requestsInFlight } from '../../rates/in-flight.ts';
import type { AppSample, WorkerSample } from '../../rates/sample.ts';
import { isServing } from '../../rates/state.ts';
import { processOf } from '../../rates/with-host.ts';
import { duration } from '../../text/format.ts';
import { percent, plural } from '../../text/words.ts';
import { endWorker } from '../advice.ts';
import { dumpStack } from '../commands.ts';
import { pathPattern } from '../paths/pattern.ts';
import { type Rule, total } from '../rule.ts';

/** Minimum number of requests that are slow in one worker only. Fewer can be in the same worker by chance. */
const MANY = 4;

/** The use of a processor by a worker in which one thread runs at a time. */
const ONE_PROCESSOR = { least: 0.9, most: 1.2 };

/**
 * The least use of a processor by such a worker if other processes need the processors, too. Slow requests that only wait
 * are often in the same worker, because uWSGI gives connections to one worker until it is full.
 */
const COMPUTES = 0.1;

/** Possible error in seconds: uWSGI reports the start of a request in whole seconds. */
const START_ERROR = 1;

/** Number of paths in the text. */
const MOST_PATHS = 4;

const ADVICE =
  'One of its requests can hold the whole worker: native code that keeps the GIL, such as a regular expression. The oldest request may only wait. py-spy dump --pid PID shows the Python stack of each thread; py-tracebacker does not answer while the GIL is held.';

const workerStuck: Rule = {
  name: 'worker-stuck',
  rank: 2,
  measures: `age in seconds of the youngest request in a worker with a request on each of its two or more cores: since then it has finished none. It uses about one processor (${percent(ONE_PROCESSOR.least)} to ${percent(ONE_PROCESSOR.most)}). Or it uses at least ${percent(COMPUTES)} and has ${MANY} or more cores, and the other workers have finished requests since then and run none of that age`,
  levels: { warning: 10, critical: 60 },
  holds: 0,
  clears: 5,
  advice: ADVICE,
  observe({ sample, history }) {
    if (sample.kind !== 'app') return [];
    const serving = sample.workers.filter(({ worker }) => isServing(worker));
    const full = serving.flatMap((each) => {
      const age = youngestAge(each, sample);
      return age === null ? [] : [{ each, age, cpu: processOf(each.worker, sample.host)?.cpu ?? null }];
    });
    const fullOnes = new Set(full.map(({ each }) => each));
    const others = serving.filter((each) => !fullOnes.has(each));
    const oldest = others.reduce((most, each) => Math.max(most, oldestAge(each, sample)), 0);
    const finishedIn = (age: number) => {
      const begin = sample.time - age + START_ERROR;
      const points = history.near.filter(({ time, seconds }) => time - seconds >= begin);
      return total(points, ({ requests }) => requests);
    };
    const [worst, ...more] = full
      .filter(
        ({ each, age, cpu }) =>
          cpu !== null &&
          cpu <= ONE_PROCESSOR.most &&
          (cpu >= ONE_PROCESSOR.least ||
            (cpu >= COMPUTES && each.worker.cores.length >= MANY && oldest < age && finishedIn(age) > 0)),
      )
      .sort((a, b) => b.age - a.age);
    if (!worst) return [];
    const { age, cpu } = worst;
    const { worker } = worst.each;
    const use = cpu === null ? '' : `, CPU ${percent(cpu)}`;
    const too = more.length > 0 ? `; ${plural(more.length, 'other worker')} too` : '';
    const requests = requestsInFlight(sample).filter((request) => request.worker === worker.id);
    return [
      {
        level: age,
        since: sample.time - age,
        about: aboutWorker(worker.id),
        advice: `${ADVICE.replace('PID', String(worker.pid ?? 'PID'))}${endWorker(sample, worker.id)}`,
        command: dumpStack(worker, sample),
        text: `worker ${worker.id} finished no request for ${duration(age)}: ${worker.cores.length} wait${use}${too}${pathsOf(requests)}`,
      },
    ];
  },
};

/**
 * Age of the youngest request of a worker that has a request on each of its two or more cores. The worker has finished no
 * request in that time: the core of that request would be free, or have a younger one. `null` for other workers, if an
 * age is unknown, and for requests that are long on purpose.
 */
function youngestAge({ worker: { cores } }: WorkerSample, sample: AppSample): number | null {
  if (cores.length < 2) return null;
  let youngest = Number.POSITIVE_INFINITY;
  for (const core of cores) {
    const age = core.inRequest && !sample.long.has(core) ? requestAge(core, sample) : null;
    if (age === null) return null;
    youngest = Math.min(youngest, age);
  }
  return youngest;
}

/** Age of the oldest request of a worker that is not long on purpose; 0 without one. */
function oldestAge({ worker: { cores } }: WorkerSample, sample: AppSample): number {
  return cores.reduce((oldest, core) => {
    const isMeant = sample.long.has(core) || !core.inRequest;
    return isMeant ? oldest : Math.max(oldest, requestAge(core, sample) ?? 0);
  }, 0);
}

/** The distinct paths of requests. The rarest come first: a frequent path is more often that of a request that waits. */
function pathsOf(requests: readonly RequestInFlight[]): string {
  const counts = new Map<string, number>();
  for (const { method, uri } of requests) {
    if (uri === null) continue;
    const path = `${method ?? ''} ${pathPattern(uri)}`;
    counts.set(path, (counts.get(path) ?? 0) + 1);
  }
  const paths = [...counts].sort(([, a], [, b]) => a - b).map(([path]) => path.trim());
  const others = paths.length - MOST_PATHS;
  const more = others > 0 ? [plural(others, 'other path')] : [];
  // A comma would belong to the path.
  return paths.length === 0 ? '' : `; ${[...paths.slice(0, MOST_PATHS), ...more].join(' and ')}`;
}

/** Rules about workers that hang as a whole. */
export const WORKER_RULES: readonly Rule[] = [workerStuck];
