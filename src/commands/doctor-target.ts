import { isUtf8 } from 'node:buffer';
import { explain, type Locality } from '../host/explain.ts';
import { type FileFacts, factsOf, folderAbove } from '../host/file-facts.ts';
import { createHost } from '../host/host.ts';
import type { Proof } from '../host/proof.ts';
import { findTracebacker } from '../host/tracebacker.ts';
import { nothingObserved, type Observed } from '../monitor/observation.ts';
import { type ObserveOptions, observeDocument } from '../monitor/observe.ts';
import { NEEDS_RIGHTS } from '../outputs/kernel-facts.ts';
import type { Fact } from '../outputs/report.ts';
import type { Answer } from '../sources/answer.ts';
import * as errors from '../sources/errors.ts';
import { read } from '../sources/read.ts';
import { snapshotOf } from '../sources/snapshot.ts';
import { SYSTEM_CLOCK } from '../sources/source.ts';
import type { AppSnapshot } from '../stats/snapshot.ts';
import { type Address, addressOf, type Target } from '../targets/target.ts';
import { boundedMask, CELL_CHARACTERS } from '../text/bounds.ts';
import { responseTime, yesNo } from '../text/format.ts';
import { messageOf } from '../text/reason.ts';
import type { Mask } from '../text/secrets.ts';
import { plural } from '../text/words.ts';
import { octal } from './doctor-sections.ts';

/** What is known about a target after one read. */
export interface Examined {
  facts: readonly Fact[];
  /** `null` if it sent no complete document. */
  observed: Observed | null;
  /** `null` unless the document comes from an app server. */
  locality: Locality | null;
  /** Why it could not be read. `null` if it was read. */
  error: unknown;
}

interface ExamineOptions extends ObserveOptions {
  timeout: number;
  mask: Mask;
}

/** Reads a target once, on one connection. Never rejects: a failure is part of the result. */
export async function examine(target: Target, options: ExamineOptions): Promise<Examined> {
  const mask = boundedMask(options.mask, CELL_CHARACTERS);
  const facts = await addressFacts(target, mask);
  const failed = (error: unknown): Examined => {
    return { facts: [...facts, ...failureFacts(error, mask)], observed: null, locality: null, error };
  };
  const began = SYSTEM_CLOCK.monotonic();
  let answer: Answer;
  try {
    answer = await read(target, { timeoutSeconds: options.timeout });
  } catch (error) {
    if (await connectsTo(target))
      facts.push(['connected', yesNo(AFTER_CONNECTING.some((kind) => error instanceof kind))]);
    return failed(error);
  }
  facts.push(...answerFacts(answer, began));
  try {
    const snapshot = snapshotOf(target.text, answer);
    const isServer = snapshot.kind === 'app' && answer.origin === 'server';
    const host = isServer ? await hostOf(target, snapshot, answer.clock) : null;
    const locality = isServer ? await explain(target, snapshot) : null;
    if (isServer && locality?.proof)
      facts.push(['py-tracebacker', await tracebackerOf(snapshot, locality.proof, mask)]);
    const event = { kind: 'document', ...answer, snapshot, host } as const;
    // A single reading cannot show how long a condition holds.
    const observed = observeDocument(nothingObserved(target.text), event, { ...options, maxWait: 0 });
    return { facts, observed, locality, error: null };
  } catch (error) {
    return failed(error);
  }
}

/** The errors of a read that show that there was a connection. */
const AFTER_CONNECTING = [
  errors.SilentError,
  errors.StalledError,
  errors.ResetError,
  errors.NoAnswerError,
  errors.TooLargeError,
  errors.HttpStatusError,
  errors.NotStatsError,
  errors.TruncatedError,
];

function failureFacts(error: unknown, mask: Mask): Fact[] {
  if (error instanceof errors.TargetError)
    return [
      ['error', mask.text(error.cause)],
      ['advice', error.advice],
    ];
  return [['error', `internal error: ${mask.text(messageOf(error))}`]];
}

function answerFacts({ document, bytes, origin, protocol, clock }: Answer, began: number): Fact[] {
  const seconds = SYSTEM_CLOCK.monotonic() - began;
  const first = origin === 'server' ? `, the first after ${responseTime(clock - began)}` : '';
  return [
    ...(origin === 'server' ? ([['connected', 'yes']] satisfies Fact[]) : []),
    ['protocol', protocol ?? `not used: ${origin}`],
    ['received', `${plural(bytes.length, 'byte')} in ${responseTime(seconds)}${first}`],
    ['encoding', isUtf8(document) ? 'UTF-8' : 'not UTF-8'],
  ];
}

/** Reads every value of the kernel, also the memory of the first running worker, which needs more rights. */
function hostOf(target: Target, snapshot: AppSnapshot, clock: number) {
  return createHost({ target, whole: true }).read(snapshot, clock, runningWorker(snapshot)?.id ?? null);
}

function runningWorker({ workers }: AppSnapshot) {
  return workers.find(({ pid }) => pid !== null);
}

async function tracebackerOf(snapshot: AppSnapshot, proof: Proof, mask: Mask): Promise<string> {
  const worker = runningWorker(snapshot);
  if (!worker) return 'not examined: no worker runs';
  const found = await findTracebacker(worker, snapshot.server.pid);
  await found?.close();
  if (found !== null) return mask.text(found.name);
  const none = `no socket of worker ${worker.id} found`;
  return proof === 'owner' ? none : `${none}: ${NEEDS_RIGHTS}`;
}

/** What a target is that this machine does not connect to. */
const WITHOUT_ADDRESS: Readonly<Partial<Record<Target['kind'], string>>> = {
  stdin: 'standard input',
  exec: 'a command',
  ssh: 'a socket of another machine, through ssh',
};

async function addressFacts(target: Target, mask: Mask): Promise<Fact[]> {
  const address = addressOf(target);
  if (address === null) return [['kind', WITHOUT_ADDRESS[target.kind] ?? target.kind]];
  const facts: Fact[] = [
    ['kind', target.kind === 'path' ? 'a path' : KINDS[address.family]],
    ['address', mask.text(nameOf(address))],
  ];
  if (address.family !== 'unix') return facts;
  const { path } = address;
  const [file, folder] = await Promise.all([factOf(() => factsOf(path)), factOf(() => folderAbove(path))]);
  return [...facts, ['file', file && mask.text(file)], ['folder', folder && mask.text(folder)]];
}

const KINDS = { unix: 'a unix socket', abstract: 'an abstract socket', tcp: 'a TCP socket' } as const;

function nameOf(address: Address): string {
  switch (address.family) {
    case 'unix':
      return address.path;
    case 'abstract':
      return `@${address.name}`;
    case 'tcp':
      return `${address.host} port ${address.port}`;
  }
}

async function factOf(read: () => Promise<FileFacts>): Promise<string> {
  try {
    const { path, type, uid, gid, mode, link, mayRead, mayWrite } = await read();
    const access = [...(mayRead ? ['read'] : []), ...(mayWrite ? ['write'] : [])].join(' and ');
    const to = link === null ? '' : `, by a link to ${link}`;
    const where = type === 'folder' ? `${path}: ` : '';
    return `${where}${type}, uid ${uid}, gid ${gid}, mode ${octal(mode)}, access: ${access || 'no'}${to}`;
  } catch (error) {
    return `it cannot be examined (${(error as NodeJS.ErrnoException).code ?? error})`;
  }
}

/** Whether a read of a target connects to it. A path that cannot be examined may be that of a socket. */
async function connectsTo(target: Target): Promise<boolean> {
  if (target.kind !== 'path') return target.kind === 'socket';
  return factsOf(target.path).then(
    ({ type }) => type === 'socket',
    () => true,
  );
}
