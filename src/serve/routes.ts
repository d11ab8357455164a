import type { FleetSample, Observed } from '../monitor/observation.ts';
import type { ExporterState } from '../outputs/prometheus/exporter-metrics.ts';
import { hasLost } from '../outputs/prometheus/exporter-metrics.ts';
import { type ExpositionOptions, type Format, PROMETHEUS } from '../outputs/prometheus/exposition.ts';
import { memoize } from '../rates/memoize.ts';
import { SYSTEM_CLOCK } from '../sources/source.ts';
import type { Target } from '../targets/target.ts';
import { formatFor, TYPES } from './accept.ts';
import { type Asked, error, plain, type Reply, type Routes } from './http.ts';
import type { Pool } from './pool.ts';
import { ProbeError, probedTarget } from './probe.ts';

export interface RouteOptions {
  pool: Pool;
  /** Patterns of targets that a scraper may choose. */
  allowed: readonly string[];
  output: Pick<ExpositionOptions, 'mask' | 'collectCores'>;
  version: string;
  /** Begins to observe a target of a probe. Returns its name in the pool. */
  watch(target: Target): string;
}

/**
 * Seconds that a scrape of all servers waits for new values. A server that is slower delays the others only this long,
 * and is written with its last values.
 */
const PATIENCE = 0.5;

/** Seconds that a probe waits if the scraper does not say how long it waits. It concerns one server only. */
const PROBE_PATIENCE = 9;

/** Seconds between the answer and the timeout of the scraper. */
const MARGIN = 0.5;

/** Seconds for which scrapes of the same values share one answer. Its numbers of the exporter are as old. */
const SHARED = 1;

const PAGE = `statstop export

/metrics        the servers of this exporter
/probe?target=  one server, if --probe-allow allows it
/-/healthy      whether the exporter runs
`;

/** The paths of the exporter. */
export function exporterRoutes(options: RouteOptions): Routes {
  const { pool, allowed, output } = options;
  const numbers = new Numbers(options.version);
  const answers = memoize((_values: object) => new Map<Format, { reply: Reply; at: number }>());
  /** @param values what the answer is about. Scrapes of the same object share one answer */
  const exposed = (
    values: object,
    observed: Observed<FleetSample>,
    { accept }: Asked,
    exporter?: ExporterState,
  ): Reply => {
    const format = formatFor(accept);
    const shared = answers(values);
    const known = shared.get(format);
    const at = SYSTEM_CLOCK.monotonic();
    if (known && at - known.at < SHARED) return known.reply;
    const more = { raised: pool.raised, ...(exporter ? { exporter } : {}) };
    const body = PROMETHEUS.write(observed, { ...output, format, ...more });
    const reply = { status: 200, type: TYPES[format], body };
    shared.set(format, { reply, at });
    return reply;
  };
  return {
    '/': () => plain(PAGE),
    '/-/healthy': () => plain('healthy\n'),
    '/metrics': async (asked) => {
      const began = SYSTEM_CLOCK.monotonic();
      await pool.refresh(pool.targets, within(asked, PATIENCE));
      const observed = pool.observation(pool.targets);
      const reply = exposed(pool.fleet, observed, asked, numbers.scraped(hasLost(observed.sample)));
      numbers.answered(SYSTEM_CLOCK.monotonic() - began);
      return reply;
    },
    '/probe': async (asked) => {
      try {
        const target = options.watch(probedTarget(asked.query.get('target'), allowed));
        await pool.refresh([target], within(asked, PROBE_PATIENCE));
        const observed = pool.observation([target]);
        return exposed(pool.of(target) ?? observed, observed, asked);
      } catch (cause) {
        if (cause instanceof ProbeError) return error(allowed.length === 0 ? 403 : 400, cause.message);
        throw cause;
      }
    },
  };
}

/** Seconds to wait for servers, at most `most`. The wait ends before the timeout of the scraper. */
function within({ patience }: Asked, most: number): number {
  return patience === null ? most : Math.max(0, Math.min(most, patience - MARGIN));
}

/** Counts scrapes. */
class Numbers {
  readonly #version: string;
  readonly #started = SYSTEM_CLOCK.wall() - process.uptime();
  #scrapes = 0;
  #errors = 0;
  #answered = 0;
  #seconds = 0;

  constructor(version: string) {
    this.#version = version;
  }

  /** Counts a scrape, and returns the state of the exporter. */
  scraped(hasFailed: boolean): ExporterState {
    this.#scrapes += 1;
    if (hasFailed) this.#errors += 1;
    const { user, system } = process.cpuUsage();
    return {
      version: this.#version,
      started: this.#started,
      scrapes: this.#scrapes,
      scrapeErrors: this.#errors,
      answered: this.#answered,
      seconds: this.#seconds,
      cpuTime: (user + system) / 1e6,
      memory: process.memoryUsage.rss(),
    };
  }

  answered(seconds: number): void {
    this.#answered += 1;
    this.#seconds += seconds;
  }
}
