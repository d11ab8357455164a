import { statSync } from 'node:fs';
import type { AppSnapshot } from '../stats/snapshot.ts';
import type { Target } from '../targets/target.ts';
import { childPids, withCommands } from './children.ts';
import { Memory } from './memory.ts';
import { type Belongs, Processes } from './processes.ts';
import { agrees, isWorkerOf, type Proof, prove, socketPathOf } from './proof.ts';
import { Queues } from './queues.ts';
import type { HostReading, ProcessReading } from './reading.ts';
import { type HostProperties, listenOverflows, readHostProperties, readHostResources } from './resources.ts';
import { Spools } from './spool.ts';
import { Ss } from './ss.ts';
import { statOf } from './stat.ts';

export interface HostOptions {
  /** The target that the documents come from. */
  target: Target;
  /** Replaces `/proc`. */
  proc?: string;
  /** Replaces the `ss` command, or is shared by the hosts of several servers. */
  ss?: string | Ss;
  /** Reads everything again in each reading, regardless of the cost. For callers that read only once or twice. */
  whole?: boolean;
}

/** Reads what this machine's kernel knows about the servers of one target. */
export interface Host {
  /**
   * Never rejects, and never blocks the event loop for more than a few ms. A call within 0.45 s of the last reading
   * returns that reading, unless `whole` is set. A call during a reading returns its result.
   *
   * @param clock now, in monotonic seconds
   * @param lookedAt id of a worker whose memory is also read
   * @returns `null` if there is no proof that the server runs here, or no `/proc`
   */
  read(snapshot: AppSnapshot, clock: number, lookedAt?: number | null): Promise<HostReading | null>;
}

/** Creates a host that reads `/proc` and `ss` on Linux. On other systems every reading is `null`. */
export function createHost(options: HostOptions): Host {
  if (process.platform !== 'linux') return { read: async () => null };
  return new LinuxHost(options);
}

/**
 * Seconds between two readings (INTERVAL), and between two attempts to prove where the server runs (PROOF_INTERVAL).
 */
const INTERVAL = 0.45;
const PROOF_INTERVAL = 10;

/**
 * Milliseconds to wait for the spooler directories if `whole` is set. There may be no later reading with the late
 * result.
 */
const WHOLE_LIMIT_MS = 2000;

/** The result of checking whether a process is the master. */
interface Verdict {
  pid: number;
  /** Start in seconds after boot, to detect a reused pid. `null` if the process does not exist. */
  started: number | null;
  /** Device and inode of the target's socket, if it is a file. */
  file: string | null;
  proof: Proof | null;
  until: number;
}

class LinuxHost implements Host {
  readonly #target: Target;
  readonly #proc: string;
  readonly #whole: boolean;
  readonly #ss: Ss;
  readonly #queues: Queues;
  readonly #memory: Memory;
  readonly #spools: Spools;
  #properties: HostProperties | null = null;
  #processes: Processes | null = null;
  #verdict: Verdict | null = null;
  #last: HostReading | null = null;
  #reading: Promise<HostReading | null> | null = null;

  constructor({ target, proc = '/proc', ss, whole = false }: HostOptions) {
    this.#target = target;
    this.#proc = proc;
    this.#whole = whole;
    this.#ss = ss instanceof Ss ? ss : new Ss(ss);
    this.#queues = new Queues(proc, this.#ss, whole);
    this.#memory = new Memory(proc);
    this.#spools = new Spools(proc, whole ? { limitMs: WHOLE_LIMIT_MS } : {});
  }

  read(snapshot: AppSnapshot, clock: number, lookedAt: number | null = null): Promise<HostReading | null> {
    this.#reading ??= this.#read(snapshot, clock, lookedAt)
      .catch(() => null)
      .finally(() => {
        this.#reading = null;
      });
    return this.#reading;
  }

  async #read(snapshot: AppSnapshot, given: number, lookedAt: number | null): Promise<HostReading | null> {
    const { pid } = snapshot.server;
    if (pid === null) return null;
    const began = performance.now();
    const before = this.#last;
    this.#last = null;
    const verdict = await this.#prove(snapshot, pid, given);
    if (verdict.proof === null || this.#properties === null || this.#processes === null) return null;
    const isRecent = before?.master.pid === pid && given - before.clock < INTERVAL;
    if (isRecent && !this.#whole) {
      this.#last = before;
      return before;
    }
    const { bootTime } = this.#properties;
    const now = () => given + (performance.now() - began) / 1000;
    const clock = now();

    const workers = new Map(
      snapshot.workers.flatMap((each) => (each.pid === null ? [] : [[each.pid, each]])),
    );
    const belongs: Belongs = (of, stat) => {
      const worker = workers.get(of);
      if (worker === undefined) return of === pid || stat.parent === pid;
      return isWorkerOf(pid, stat, worker, bootTime);
    };
    const others = childPids(`${this.#proc}/${pid}`).filter((of) => of !== pid && !workers.has(of));
    const [readings, queues, spools] = await Promise.all([
      this.#processes.read([pid, ...workers.keys(), ...others], belongs, now),
      this.#queues.read(snapshot, pid, clock),
      this.#spools.read(snapshot, pid, clock),
    ]);
    const master = readings.get(pid);
    if (master === undefined) return null;
    const processes = new Map<number, ProcessReading>();
    for (const [of, { id }] of workers) {
      const reading = readings.get(of);
      if (reading === undefined) continue;
      const memory = id === lookedAt ? await this.#memory.read(reading, clock) : null;
      processes.set(id, memory === null ? reading : { ...reading, memory });
    }
    const children = await withCommands(
      others.flatMap((of) => readings.get(of) ?? []),
      pid,
      this.#proc,
    );
    // Another process may have the pid by now.
    if (statOf(`${this.#proc}/${pid}`)?.startedAfterBoot !== verdict.started) return null;
    const resources = readHostResources(this.#proc, this.#properties);
    const byPid = new Map(children.map((each) => [each.pid, each]));
    const refused = listenOverflows(`${this.#proc}/${pid}`);
    this.#last = {
      clock,
      master,
      processes,
      children: byPid,
      queues,
      listenOverflows: refused,
      spools,
      resources,
    };
    return this.#last;
  }

  /**
   * A proof is valid while the process lives, its stats socket is the same file, and the documents agree with it. A
   * failed attempt is valid for `PROOF_INTERVAL`.
   */
  async #prove(snapshot: AppSnapshot, pid: number, clock: number): Promise<Verdict> {
    const started = statOf(`${this.#proc}/${pid}`)?.startedAfterBoot ?? null;
    const file = fileOf(this.#target);
    const known = this.#verdict;
    this.#properties ??= await readHostProperties(this.#proc);
    const { bootTime } = this.#properties;
    const claim = { target: this.#target, snapshot, pid, bootTime, proc: this.#proc, ss: this.#ss };
    if (known?.pid === pid && known.started === started && known.file === file) {
      if (known.proof === null ? clock < known.until : !hasWorkers(snapshot) || agrees(claim)) return known;
    }
    this.#processes = new Processes(this.#proc, bootTime, this.#whole);
    const proof = started === null ? null : await prove(claim);
    this.#verdict = { pid, started, file, proof, until: clock + PROOF_INTERVAL };
    return this.#verdict;
  }
}

/** Whether any worker runs. A document without a running worker cannot contradict a proof. */
function hasWorkers({ workers }: AppSnapshot): boolean {
  return workers.some(({ pid }) => pid !== null);
}

/**
 * Identifies the file of the target by device and inode. `null` if the target is not a file. Each document needs this,
 * and `fs.promises` takes several times as long. The call can hang only where `connect`, which Node.js also calls on
 * this thread, has hung before.
 */
function fileOf(target: Target): string | null {
  const path = socketPathOf(target);
  try {
    const file = path === null ? undefined : statSync(path, { throwIfNoEntry: false });
    return file === undefined ? null : `${file.dev}:${file.ino}`;
  } catch {
    return null;
  }
}
