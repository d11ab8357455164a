import { aboutRequest, aboutWorker } from '../../rates/about.ts';
import { delta, sum } from '../../rates/delta.ts';
import type { History } from '../../rates/history.ts';
import { requestsInFlight } from '../../rates/in-flight.ts';
import type { AppSample, WorkerSample } from '../../rates/sample.ts';
import { isLoading, isServing, stateOf } from '../../rates/state.ts';
import { processOf } from '../../rates/with-host.ts';
import { ageOf } from '../../rates/written.ts';
import { duration } from '../../text/format.ts';
import { plural } from '../../text/words.ts';
import { resumeWorkers } from '../advice.ts';
import { dumpStack } from '../commands.ts';
import { type Rule, recent, sinceWhen, total } from '../rule.ts';
import { requestWords } from '../words.ts';

/** Rank before the rules about the load, because these states explain a full queue and busy cores. */
const FIRST = 0;

const running = ({ workers }: AppSample): readonly WorkerSample[] =>
  workers.filter(({ worker }) => worker.alive && worker.status !== 'cheap');

const LOADING_SECONDS = 60;

const loading: Rule = {
  name: 'loading',
  measures: `seconds since the start of the worker that has been loading its application for longest. Critical at ${LOADING_SECONDS} if no other worker serves requests, unless you set a level`,
  levels: { warning: LOADING_SECONDS, critical: null },
  holds: 0,
  clears: 0,
  advice:
    'The application hangs or loads slowly (lazy-apps). See the log for its progress; py-spy dump --pid PID shows the Python stack.',
  observe({ sample }) {
    if (sample.kind !== 'app') return [];
    const all = running(sample);
    const slow = all.filter(({ worker }) => isLoading(worker));
    const starts = slow.flatMap(({ worker }) => worker.lastSpawn ?? []);
    const since = starts.length === 0 ? null : starts.reduce((first, each) => Math.min(first, each));
    const first = slow.find(({ worker }) => worker.lastSpawn === since);
    const age = ageOf(sample, since);
    if (age === null) return [];
    return [
      {
        level: age,
        about: first ? aboutWorker(first.worker.id) : null,
        advice:
          first && processOf(first.worker, sample.host) !== null
            ? loading.advice.replace('PID', String(first.worker.pid))
            : loading.advice,
        command: dumpStack(first?.worker, sample),
        since,
        ...(slow.length === all.length ? { critical: LOADING_SECONDS } : {}),
        text: `${slow.length} of ${plural(all.length, 'worker')} still loading after ${duration(age)}`,
      },
    ];
  },
};

const paused: Rule = {
  name: 'paused',
  rank: FIRST,
  measures: 'share of the running workers that are paused, 0 to 1',
  levels: { warning: 0.5, critical: 1 },
  holds: 0,
  clears: 0,
  advice:
    'Clients are waiting. To resume the workers, send SIGTSTP to the master or write p to the master-fifo.',
  observe({ sample }) {
    if (sample.kind !== 'app') return [];
    const all = running(sample);
    const count = all.filter(({ worker }) => stateOf(worker) === 'paused').length;
    if (count === 0) return [];
    const text =
      count === all.length
        ? `server paused: ${plural(count, 'worker')}`
        : `${count} of ${plural(all.length, 'worker')} paused`;
    const advice = `Clients are waiting. ${resumeWorkers(sample)}`;
    return [{ level: count / all.length, about: { view: 'workers', row: null }, advice, text }];
  },
};

const reloading: Rule = {
  name: 'reloading',
  rank: FIRST,
  measures: 'seconds that a reload has waited for requests after other workers have ended',
  levels: { warning: 2, critical: 30 },
  holds: 0,
  clears: 0,
  advice:
    'No new request is served until the last one ends. worker-reload-mercy = SECONDS limits the wait. A graceful stop looks the same.',
  observe({ sample, history }) {
    if (sample.kind !== 'app') return [];
    const since = sinceWhen(history, (point) => point.reloading);
    if (since === null) return [];
    const [oldest, ...others] = requestsInFlight(sample);
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
 * Responses of a worker without an application, by the size in bytes that uWSGI counts for each. The status line of
 * uWSGI's own page for error 500 has another length over FastCGI and SCGI (`uwsgi_500` in core/utils.c). A request for
 * a plugin that is not loaded gets no response.
 */
const ANSWERS = [
  { size: 104, what: "got error 500 (104 bytes each, uWSGI's own page)" },
  { size: 103, what: "got error 500 (103 bytes each, uWSGI's own page)" },
  {
    size: 0,
    what: 'got an empty response',
    advice:
      'If the log has "unavailable modifier requested", the plugin of the application is missing. Load it with plugins = python3 (or php, cgi, ...).',
  },
] as const;

/**
 * Minimum number of requests if no worker has an application. Fewer prove nothing: the server may run PHP or CGI, which
 * can send a page of that size.
 */
const ENOUGH_REQUESTS = 3;
const RECENT_SECONDS = 60;

/** Number of requests, and the bytes sent for them. */
interface Answered {
  requests: number | null;
  bytes: number | null;
}

const noApp: Rule = {
  name: 'no-app',
  measures: `requests of workers without an application. Every response had the size of uWSGI's own error 500 page (104 bytes; 103 over FastCGI and SCGI) or, since the start, was empty. If no worker has an application, ${ENOUGH_REQUESTS} requests are needed, and they are critical unless you set a level`,
  levels: { warning: 1, critical: null },
  holds: 0,
  clears: 30,
  advice:
    'See the log for why the application was not loaded (module, wsgi-file, mount). With need-app = true the server does not start without one.',
  observe({ sample, history }) {
    if (sample.kind !== 'app') return [];
    const serving = sample.workers.filter(({ worker }) => isServing(worker));
    const without = serving.filter(({ worker }) => worker.apps.length === 0);
    const isWhole = without.length === serving.length;
    const ever = sinceStart(without);
    const counts = [ever, sinceReading(without), ...(isWhole ? [lately(history)] : [])];
    const least = isWhole ? ENOUGH_REQUESTS : 1;
    for (const { requests, bytes } of counts) {
      if (requests === null || requests < least) continue;
      // Over a short time, exceptions or clients that do not wait can also cause empty responses. So require that all
      // responses since the start were empty.
      const isLike = (size: number) => bytes === requests * size && (size > 0 || ever.bytes === 0);
      const answer = ANSWERS.find(({ size }) => isLike(size));
      if (!answer) continue;
      const where = isWhole ? '' : ` in ${without.length} of ${plural(serving.length, 'worker')}`;
      return [
        {
          level: requests,
          about: { view: 'apps', row: null },
          ...(isWhole ? { critical: ENOUGH_REQUESTS } : {}),
          ...('advice' in answer ? { advice: answer.advice } : {}),
          text: `no application loaded${where}: ${plural(requests, 'request')} ${answer.what}`,
        },
      ];
    }
    return [];
  },
};

function sinceStart(workers: readonly WorkerSample[]): Answered {
  return {
    requests: sum(workers, ({ worker }) => worker.requests),
    bytes: sum(workers, ({ worker }) => worker.tx),
  };
}

function sinceReading(workers: readonly WorkerSample[]): Answered {
  return {
    requests: sum(workers, ({ requestsDelta }) => requestsDelta),
    bytes: sum(workers, ({ worker, before }) => delta(before?.tx, worker.tx)),
  };
}

function lately(history: History): Answered {
  const points = recent(history, RECENT_SECONDS);
  // `tx` was computed as a rate times its interval. Rounding restores the whole number.
  const bytes = Math.round(total(points, ({ tx }) => tx));
  return { requests: total(points, ({ requests }) => requests), bytes };
}

/** Rules about servers that cannot serve requests, whatever the load. */
export const STATE_RULES: readonly Rule[] = [paused, reloading, loading, noApp];
