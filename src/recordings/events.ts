import type {
  ChildReading,
  HostReading,
  HostResources,
  ProcessReading,
  QueueReading,
} from '../host/reading.ts';

import { flag, mapOf, nullable, number, object, oneOf, text } from '../monitor/forms.ts';
import { TargetError } from '../sources/errors.ts';
import type { DocumentEvent, FailureEvent, Origin } from '../sources/source.ts';
import { DecodeError, type Parsed, parsedDocument, snapshotOf } from '../stats/decode.ts';
import type { Fields } from '../stats/fields.ts';
import type { Tree } from './columns.ts';
import { RecordingError } from './error.ts';
import { checked } from './header.ts';

const known = nullable(number);

const PROCESS_FORMS = {
  pid: number,
  clock: number,
  cpuTime: number,
  cpu: known,
  rss: known,
  vsz: known,
  threads: number,
  state: text,
  started: number,
  voluntarySwitches: known,
  involuntarySwitches: known,
  files: known,
  memory: nullable(object<NonNullable<ProcessReading['memory']>>({ pss: number, uss: number })),
};
const PROCESS = object<ProcessReading>(PROCESS_FORMS);

const HOST = object<HostReading>({
  clock: number,
  master: PROCESS,
  processes: mapOf(number, PROCESS),
  children: mapOf(number, object<ChildReading>({ ...PROCESS_FORMS, command: nullable(text) })),
  queues: mapOf(text, object<QueueReading>({ queue: number, limit: number })),
  listenOverflows: known,
  spools: mapOf(text, number),
  resources: object<HostResources>({ processors: number, memory: number, available: known, load: known }),
});

/** A document event without its document, which is uWSGI's and has no fixed form. */
interface Read {
  origin: Origin;
  time: number;
  clock: number;
  clockError: number;
  repaired: boolean;
  host: HostReading | null;
}

const READ = object<Read>({
  origin: oneOf(['server', 'pipe', 'file']),
  time: number,
  clock: number,
  clockError: number,
  repaired: flag,
  host: nullable(HOST),
});

/** Returns the tree of an event with a document. It contains the JSON of the event, if the event has it. */
export function treeOf({
  document: bytes,
  parsed,
  origin,
  time,
  clock,
  clockError,
  host,
}: DocumentEvent): Tree {
  const { document, repaired } = parsed ?? parsedDocument(bytes);
  return { ...(READ.write({ origin, time, clock, clockError, repaired, host }) as object), document };
}

/**
 * Returns the event of a tree.
 *
 * @throws RecordingError if the tree is not that of an event
 */
export function eventOf(tree: Tree): DocumentEvent {
  const { repaired, ...read } = checked(() => READ.read(tree));
  const parsed = { document: (tree as { document: Fields }).document, repaired };
  return new RecordedDocument(parsed, read);
}

/** The document of a recording. Its bytes are written only when they are needed. */
class RecordedDocument implements DocumentEvent {
  readonly kind = 'document';
  readonly snapshot: DocumentEvent['snapshot'];
  readonly origin: Origin;
  readonly time: number;
  readonly clock: number;
  readonly clockError: number;
  readonly host: HostReading | null;
  readonly #document: Fields;

  constructor(parsed: Parsed, { origin, time, clock, clockError, host }: Omit<Read, 'repaired'>) {
    this.#document = parsed.document;
    this.snapshot = snapshotIn(parsed);
    this.origin = origin;
    this.time = time;
    this.clock = clock;
    this.clockError = clockError;
    this.host = host;
  }

  get document(): Uint8Array {
    return Buffer.from(JSON.stringify(this.#document));
  }
}

function snapshotIn({ document, repaired }: Parsed): DocumentEvent['snapshot'] {
  if (typeof document !== 'object' || document === null || Array.isArray(document))
    throw new RecordingError('a document is missing');
  try {
    return snapshotOf({ document, repaired });
  } catch (error) {
    throw error instanceof DecodeError ? new RecordingError(error.message) : error;
  }
}

/** A failed read of a recording. */
interface Failure {
  time: number;
  retryAt: number;
  why: string;
  advice: string;
}

const FAILURE = object<Failure>({ time: number, retryAt: number, why: text, advice: text });

/** @param mask masks the cause, which can contain text of the server or of a command */
export function failureTree({ error, time, retryAt }: FailureEvent, mask: (text: string) => string): Tree {
  const { cause: why, advice } = error instanceof TargetError ? error : { cause: error.message, advice: '' };
  return FAILURE.write({ time, retryAt, why: mask(why), advice });
}

/** @throws RecordingError if the tree is not that of a failure */
export function failureOf(target: string, tree: Tree): FailureEvent {
  const { time, retryAt, why, advice } = checked(() => FAILURE.read(tree));
  return { kind: 'failure', error: new TargetError(target, why, advice), time, retryAt };
}
