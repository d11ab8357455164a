import { aboutRequest, aboutWorker } from '../../rates/about.ts';
import { processOf } from '../../rates/kernel.ts';
import { requestsInFlight } from '../../rates/requests.ts';
import type { AppSample, WorkerSample } from '../../rates/sample.ts';
import { isLoading, isServing, stateOf } from '../../rates/state.ts';
import { ageOf } from '../../rates/written.ts';
import { duration } from '../../text/format.ts';
import { plural } from '../../text/words.ts';
import { resumeWorkers } from '../advice.ts';
import { type Rule, sinceWhen } from '../rule.ts';
import { requestWords } from '../words.ts';

/** Before the rules of the load: these states explain a full queue and busy cores. */
const FIRST = 0;

const running = ({ workers }: AppSample): readonly WorkerSample[] =>
  workers.filter(({ worker }) => worker.alive && worker.status !== 'cheap');

const LOADING_SECONDS = 60;

const loading: Rule = {
  name: 'loading',
  measures: `seconds since the start of the worker that has loaded its application for longest; critical at ${LOADING_SECONDS} where no other worker serves requests, unless a level is set`,
  levels: { warning: LOADING_SECONDS, critical: null },
  holds: 0,
  clears: 0,
  advice:
    'They hang, or load slowly (lazy-apps): the log says how far they are, and py-spy dump --pid PID where in Python.',
  observe({ sample }) {
    if (sample.kind !== 'app') return [];
    const all = running(sample);
    const slow = all.filter(({ worker }) => isLoading(worker));
    const starts = slow.flatMap(({ worker }) => worker.lastSpawn ?? []);
    const since = starts.length === 0 ? null : starts.reduce((first, each) => Math.min(first, each));
    const first = slow.find(({ worker }) => worker.lastSpawn === since);
    const age = ageOf(sample, since);
    if (age === null) return [];
    const verb = slow.length === 1 ? 'is' : 'are';
    return [
      {
        level: age,
        about: first ? aboutWorker(first.worker.id) : null,
        advice:
          first && processOf(first.worker, sample.host) !== null
            ? loading.advice.replace('PID', String(first.worker.pid))
            : loading.advice,
        since,
        ...(slow.length === all.length ? { critical: LOADING_SECONDS } : {}),
        text: `${slow.length} of ${plural(all.length, 'worker')} ${verb} still loading after ${duration(age)}`,
      },
    ];
  },
};

const paused: Rule = {
  name: 'paused',
  rank: FIRST,
  measures: 'paused workers, of all that run, 0 to 1',
  levels: { warning: 0.5, critical: 1 },
  holds: 0,
  clears: 0,
  advice: 'Clients wait. SIGTSTP to the master, or p to the master-fifo, resumes the workers.',
  observe({ sample }) {
    if (sample.kind !== 'app') return [];
    const all = running(sample);
    const count = all.filter(({ worker }) => stateOf(worker) === 'paused').length;
    if (count === 0) return [];
    const text =
      count === all.length
        ? `the server is paused: ${plural(count, 'worker')}`
        : `${count} of ${plural(all.length, 'worker')} paused`;
    const advice = `Clients wait. ${resumeWorkers(sample)}`;
    return [{ level: count / all.length, about: { view: 'workers', row: null }, advice, text }];
  },
};

const reloading: Rule = {
  name: 'reloading',
  rank: FIRST,
  measures: 'seconds for which a reload has waited for requests, while other workers have ended',
  levels: { warning: 2, critical: 30 },
  holds: 0,
  clears: 0,
  advice:
    'No new request is served until the last one has ended: worker-reload-mercy = SECONDS limits the wait. A graceful stop looks the same.',
  observe({ sample, history }) {
    if (sample.kind !== 'app') return [];
    const since = sinceWhen(history, (point) => point.reloading);
    const [oldest, ...others] = requestsInFlight(sample);
    if (since === null) return [];
    const seconds = sample.time - since;
    const what = oldest ? requestWords(oldest) : 'requests';
    const more = others.length > 0 ? ` and ${plural(others.length, 'other')}` : '';
    return [
      {
        level: seconds,
        about: oldest ? aboutRequest(oldest) : null,
        since,
        text: `reloading for ${duration(seconds)}, waiting for ${what}${more}`,
      },
    ];
  },
};

/**
 * Bytes of the response with which uWSGI answers where no application is loaded (`uwsgi_500` in core/utils.c): status
 * line, two headers, `Internal Server Error`.
 */
const ERROR_PAGE_BYTES = 104;

const noApp: Rule = {
  name: 'no-app',
  measures: `requests of workers without an application, all of whose answers had the ${ERROR_PAGE_BYTES} bytes of uWSGI's own page of error 500; critical at 1 where no worker has an application, unless a level is set`,
  levels: { warning: 1, critical: null },
  holds: 0,
  clears: 30,
  advice:
    'The log says why the application was not loaded (module, wsgi-file, mount). need-app = true lets the server not start without one.',
  observe({ sample }) {
    if (sample.kind !== 'app') return [];
    const serving = sample.workers.filter(({ worker }) => isServing(worker));
    // Servers of PHP and CGI have no applications either, but other answers.
    const failing = serving.filter((each) => errorPages(each) > 0);
    if (failing.length === 0) return [];
    const count = failing.reduce((sum, each) => sum + errorPages(each), 0);
    const isWhole = serving.every(({ worker }) => worker.apps.length === 0);
    const where = isWhole ? '' : ` in ${failing.length} of ${plural(serving.length, 'worker')}`;
    return [
      {
        level: count,
        about: { view: 'apps', row: null },
        ...(isWhole ? { critical: 1 } : {}),
        text: `no application is loaded${where}: ${plural(count, 'request')} answered with error 500 (${ERROR_PAGE_BYTES} bytes each, as uWSGI's own page)`,
      },
    ];
  },
};

/** Requests of a worker without an application, if each answer had the size of that page: of all time, or since the last reading. */
function errorPages({ worker, before, requestsDelta }: WorkerSample): number {
  const { apps, requests, tx } = worker;
  if (apps.length > 0 || tx === null) return 0;
  if (requests !== null && tx === requests * ERROR_PAGE_BYTES) return requests;
  const sent = before === null || before.tx === null ? null : tx - before.tx;
  return requestsDelta !== null && sent === requestsDelta * ERROR_PAGE_BYTES ? requestsDelta : 0;
}

/** Of servers that cannot serve, whatever the load. */
export const STATE_RULES: readonly Rule[] = [paused, reloading, loading, noApp];
