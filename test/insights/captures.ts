import { LOAD } from './captures-load.ts';
import { STATES } from './captures-states.ts';

/** Two or more documents of a real uWSGI: `fixtures/findings/NAME.SIDE.READ.stats`, unchanged. */
export interface Capture {
  name: string;
  /** The rule with a finding (`above`) or without one (`below`). */
  rule: string;
  side: 'below' | 'above';
  /** Seconds of the reads since the first one. */
  after: readonly number[];
  /** Unix seconds of the last read. */
  time: number;
  /** Number of further reads with the same document, one second apart. */
  again?: number;
  /** The server, and what was done to it. */
  done: string;
  /** The level that the rule measures, if it is gradual. */
  level?: number;
  /** Other rules with a finding, and why. */
  others?: Readonly<Record<string, string>>;
}

/** Rules without captures, and why. */
export const NOT_CAPTURED: Readonly<Record<string, string>> = {
  'worker-stuck': 'its CPU comes from the kernel: see the test of a real server whose GIL is held',
  blocked: 'the kernel knows its queue: see the test of a real gevent server',
  'queue-errors': 'no version of uWSGI counts them: see fixtures/cases/queue-errors.json',
  'listen-zero': 'the kernel tells it: see the test of a real server with a queue of length 0',
  spooler: 'the kernel counts its tasks: see the test of a real spooler',
  flapping: 'a vassal is seen for minutes: see the test of a real emperor',
  'memory-report': 'most of these servers run without it, and have its hint',
  memory: 'its readings of a real server are in fixtures/memory: see growth-real.test.ts',
};

/*
 * All are from uWSGI 2.0.21 (Debian) with the application of fixtures/lab (`/sleep/SECONDS`, `/boom`, `/bytes/N`) or
 * that of test/lab/inside.py (`/set`, `/get`, `/lock`), with --stats-no-metrics and --stats-minified, in /tmp/lab, on a
 * host named web1. Captures that do not need the cores use --stats-no-cores.
 */

const REQUESTS: readonly Capture[] = [
  {
    name: 'stuck',
    rule: 'stuck',
    side: 'below',
    after: [0, 1],
    time: 1795386848.083,
    done: '2 processes, one of them in /sleep/30 for 8 s',
    level: 8,
  },
  {
    name: 'stuck',
    rule: 'stuck',
    side: 'above',
    after: [0, 1],
    time: 1795386864.084,
    done: 'the same request, 16 s later',
    level: 24,
  },
];

const OTHERS: readonly Capture[] = [
  {
    name: 'harakiri',
    rule: 'harakiri',
    side: 'below',
    after: [0, 1],
    time: 1795386841.109,
    done: '3 processes, --harakiri 3, one request of 1 s',
  },
  {
    name: 'harakiri',
    rule: 'harakiri',
    side: 'above',
    after: [0, 5.02],
    time: 1795386846.125,
    done: 'the same server, one request that never ends',
    level: 1,
  },
  {
    name: 'respawn',
    rule: 'respawn',
    side: 'below',
    after: [0, 2.33],
    time: 1795386842.451,
    done: '2 processes, the first of them killed 3 times',
    level: 1.5,
  },
  {
    name: 'respawn',
    rule: 'respawn',
    side: 'above',
    after: [0, 2.61],
    time: 1795386845.062,
    done: 'the same server, the first process killed 5 times more',
    level: 2.5,
  },
  {
    name: 'respawn-cheap',
    rule: 'respawn',
    side: 'below',
    after: [0, 2.73],
    time: 1795873788.546,
    done: '40 processes, --cheaper 2, 3 requests that kill their worker',
    level: 1.5,
  },
  {
    name: 'respawn-cheap',
    rule: 'respawn',
    side: 'above',
    after: [0, 3.75],
    time: 1795873793.302,
    done: 'the same server, 5 requests more that kill their worker',
    level: 2.5,
  },
  {
    name: 'daemon',
    rule: 'restart',
    side: 'below',
    after: [0, 2.5, 5],
    time: 1795874595.316,
    done: 'a daemon that ends after 2 s, and one that does not',
    level: 1,
  },
  {
    name: 'daemon',
    rule: 'restart',
    side: 'above',
    after: [0, 2.5, 5, 7.5, 10],
    time: 1795874605.322,
    done: 'the same server, read for 10 s',
    level: 4,
  },
  {
    name: 'cron-late',
    rule: 'cron-late',
    side: 'below',
    after: [0, 1],
    time: 1795874793.754,
    done: 'a unique cron of each minute that takes 150 s, after 2 s',
  },
  {
    name: 'cron-late',
    rule: 'cron-late',
    side: 'above',
    after: [0, 1],
    time: 1795874868.192,
    done: 'the same run, after 76 s',
    level: (1795874868.192 - 1795874792) / 60,
  },
  {
    name: 'cache-misses',
    rule: 'cache-misses',
    side: 'below',
    after: [0, 1],
    time: 1795386841.101,
    done: 'a cache with one item, 6 reads of it and 4 of another',
    level: 0.4,
  },
  {
    name: 'cache-misses',
    rule: 'cache-misses',
    side: 'above',
    after: [0, 1],
    time: 1795386842.103,
    done: 'the same cache, 2 reads of the item and 8 of another',
    level: 0.8,
  },
  {
    name: 'cache-full',
    rule: 'cache-full',
    side: 'below',
    after: [0, 1],
    time: 1795386841.165,
    done: 'a cache of items=5 with one item, 3 put into it',
  },
  {
    name: 'cache-full',
    rule: 'cache-full',
    side: 'above',
    after: [0, 1],
    time: 1795386842.167,
    done: 'the same cache, 6 more',
    level: 6,
  },
  {
    name: 'lock',
    rule: 'lock',
    side: 'below',
    after: [0, 1],
    time: 1795386842.133,
    done: '2 processes, --thunder-lock, which one of them holds to wait for connections',
  },
  {
    name: 'lock',
    rule: 'lock',
    side: 'above',
    after: [0, 1],
    time: 1795386844.134,
    again: 3,
    done: 'the same server, a request that holds user lock 0',
    level: 1,
  },
  {
    name: 'blacklist',
    rule: 'blacklist',
    side: 'below',
    after: [0, 1],
    time: 1795386842.029,
    done: 'an emperor with one vassal that runs',
  },
  {
    name: 'blacklist',
    rule: 'blacklist',
    side: 'above',
    after: [0, 0.1],
    time: 1795386842.238,
    done: 'the same emperor, and a vassal whose chdir does not exist: it failed once, then twice',
    level: 1,
  },
  {
    name: 'blacklist-removed',
    rule: 'blacklist',
    side: 'below',
    after: [0, 1.11, 16.11],
    time: 1795386860.451,
    done: 'an emperor whose vassal ran, had no request yet, and was removed: it is in the list, and not retried',
  },
  {
    name: 'node',
    rule: 'node',
    side: 'below',
    after: [0, 0.5],
    time: 1795386841.2,
    done: 'an HTTP router, --subscription-tolerance 3, with one node that is in /sleep/20',
  },
  {
    name: 'node',
    rule: 'node',
    side: 'above',
    after: [0, 0.5],
    time: 1795386847.201,
    done: 'the same router: its node was stopped (SIGSTOP) for 5 s, then the next request came',
    level: 1,
  },
];

export const CAPTURES: readonly Capture[] = [...REQUESTS, ...LOAD, ...STATES, ...OTHERS];
