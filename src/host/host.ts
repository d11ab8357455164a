import { statSync } from 'node:fs';
import type { AppSnapshot } from '../stats/snapshot.ts';
import type { Target } from '../targets/target.ts';
import { childPids, withCommands } from './children.ts';
import { masterNamed, masters, OwnPids, recentlyContained } from './elsewhere.ts';
import { isLocal } from './local.ts';
import { Memory } from './memory.ts';
import { isInOurNetwork } from './proc.ts';
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
   * of the same pid returns its result, unless `whole` is set. A call during a reading returns its result, too.
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
  /** Its pid here, and in the document. */
  pid: number;
  own: number;
  /** Set if it runs in another PID namespace. */
  pids: OwnPids | undefined;
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
  readonly #command: string | undefined;
  readonly #ss: Ss;
  /** Runs in the network namespace of the server, if that is another one. */
  #theirSs: Ss | null = null;
  #queues: Queues;
  readonly #memory: Memory;
  readonly #spools: Spools;
  #properties: HostProperties | null = null;
  #processes: Processes | null = null;
  #verdict: Verdict | null = null;
  /** The last result, its clock, and the pid in the document that it belongs to. */
  #last: { own: number; clock: number; reading: HostReading | null } | null = null;
  #reading: Promise<HostReading | null> | null = null;

  constructor({ target, proc = '/proc', ss, whole = false }: HostOptions) {
    this.#target = target;
    this.#proc = proc;
    this.#whole = whole;
    this.#command = ss instanceof Ss ? undefined : ss;
    this.#ss = ss instanceof Ss ? ss : new Ss(ss);
    this.#queues = new Queues(proc, this.#ss, whole);
    this.#memory = new Memory(proc);
    this.#spools = new Spools(proc, whole ? { limitMs: WHOLE_LIMIT_MS } : {});
  }

  read(snapshot: AppSnapshot, clock: number, lookedAt: number | null = null): Promise<HostReading | null> {
    this.#reading ??= this.#read(snapshot, clock, lookedAt).finally(() => {
      this.#reading = null;
    });
    return this.#reading;
  }

  async #read(snapshot: AppSnapshot, given: number, lookedAt: number | null): Promise<HostReading | null> {
    const { pid: own } = snapshot.server;
    if (own === null) return null;
    const isRecent = this.#last?.own === own && given - this.#last.clock < INTERVAL;
    if (this.#last && isRecent && !this.#whole) return this.#last.reading;
    const reading = await this.#ask(snapshot, own, given, lookedAt).catch(() => null);
    this.#last = { own, clock: reading?.clock ?? given, reading };
    return reading;
  }

  /** @param own pid in the document */
  async #ask(
    snapshot: AppSnapshot,
    own: number,
    given: number,
    lookedAt: number | null,
  ): Promise<HostReading | null> {
    const began = process.hrtime.bigint();
    const verdict = await this.#prove(snapshot, own, given);
    const { pid, pids } = verdict;
    if (verdict.proof === null || this.#properties === null || this.#processes === null) return null;
    const { bootTime } = this.#properties;
    const now = () => given + Number(process.hrtime.bigint() - began) / 1e9;
    const clock = now();

    const workers = new Map(
      snapshot.workers.flatMap((each) => {
        const here = each.pid === null || !pids ? each.pid : pids.here(each.pid);
        return here === null ? [] : [[here, each]];
      }),
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
      processes.set(id, withOwnPid(memory === null ? reading : { ...reading, memory }, pids));
    }
    const children = await withCommands(
      others.flatMap((of) => readings.get(of) ?? []),
      pid,
      this.#proc,
    );
    // Another process may have the pid by now.
    if (statOf(`${this.#proc}/${pid}`)?.startedAfterBoot !== verdict.started) return null;
    const resources = readHostResources(this.#proc, this.#properties);
    const byPid = new Map(children.map((each) => [pids?.own(each.pid) ?? each.pid, withOwnPid(each, pids)]));
    const refused = listenOverflows(`${this.#proc}/${pid}`);
    return {
      clock,
      master: withOwnPid(master, pids),
      processes,
      children: byPid,
      queues,
      listenOverflows: refused,
      spools,
      resources,
    };
  }

  /**
   * A proof is valid while the process lives, its stats socket is the same file, and the documents agree with it. A
   * failed attempt is valid for `PROOF_INTERVAL`.
   */
  async #prove(snapshot: AppSnapshot, own: number, clock: number): Promise<Verdict> {
    const known = this.#verdict;
    const file = fileOf(this.#target);
    this.#properties ??= await readHostProperties(this.#proc);
    const { bootTime } = this.#properties;
    const claim = { target: this.#target, snapshot, bootTime, proc: this.#proc, ss: this.#ss };
    const startOf = (pid: number) => statOf(`${this.#proc}/${pid}`)?.startedAfterBoot ?? null;
    if (known?.own === own && known.file === file && known.started === startOf(known.pid)) {
      const { pid, pids } = known;
      pids?.refresh();
      const isValid =
        known.proof === null ? clock < known.until : !hasWorkers(snapshot) || agrees({ ...claim, pid, pids });
      if (isValid) return known;
    }
    const verdict = { pid: own, own, pids: undefined, file, until: clock + PROOF_INTERVAL };
    const started = startOf(own);
    const proof = started === null ? null : await prove({ ...claim, pid: own });
    this.#verdict = { ...verdict, started, proof };
    if (proof === null && (await isLocal(this.#target))) {
      const named = masterNamed(own, socketPathOf(this.#target), this.#proc);
      const others = named.length > 0 ? named : masters(own, await recentlyContained(this.#proc));
      for (const pid of others) {
        const pids = new OwnPids(pid, this.#proc);
        pids.refresh();
        const started = startOf(pid);
        const proof = await prove({ ...claim, pid, pids });
        if (proof === null) continue;
        this.#verdict = { ...verdict, pid, pids, started, proof };
        break;
      }
    }
    await this.#begin(this.#verdict.pid, bootTime);
    return this.#verdict;
  }

  /** Begins to read another server. `ss` has to run in its network namespace. */
  async #begin(pid: number, bootTime: number): Promise<void> {
    this.#processes = new Processes(this.#proc, bootTime, this.#whole);
    const folder = `${this.#proc}/${pid}`;
    const isOurs = await isInOurNetwork(folder, this.#proc).catch(() => true);
    this.#theirSs?.close();
    this.#theirSs = isOurs ? null : new Ss(this.#command, 0, `${folder}/ns/net`);
    this.#queues = new Queues(this.#proc, this.#theirSs ?? this.#ss, this.#whole);
  }
}

/** A reading with the pid of the document. */
function withOwnPid<Reading extends ProcessReading>(reading: Reading, pids: OwnPids | undefined): Reading {
  return pids ? { ...reading, pid: pids.own(reading.pid) } : reading;
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
