import { deflateSync, inflateSync } from 'node:zlib';
import type { Levels } from '../insights/rule.ts';
import { type Form, FormError, list, nullable, number, object, text } from '../monitor/forms.ts';
import type { ObserveOptions } from '../monitor/observe.ts';
import { RecordingError } from './error.ts';

/** A server of a recording. */
export interface RecordedServer {
  /** Number of the server in the frames of one run of the recorder. It stays when other servers start or end. */
  id: number;
  target: string;
  /** Short name, unique in the recording at one time. */
  name: string;
  /** The machine that it runs on. */
  node: string;
  /** Pid of its master, if it was found by its process. */
  pid?: number;
  /** Why it could not be read; absent for a server that could. */
  closed?: { why: string; advice: string };
}

/** Settings that the observations of a recording were computed with. */
export type RecordedOptions = Pick<ObserveOptions, 'levels' | 'long' | 'paths'>;

/** What is known at the beginning of a block. */
export interface BlockHeader {
  /** Version of statstop. Another version ignores the checkpoints. */
  version: string;
  /** Identifies the run of the recorder. Monotonic times of two runs cannot be compared. */
  run: string;
  /** Seconds between two readings, as chosen. */
  interval: number;
  options: RecordedOptions;
  servers: readonly RecordedServer[];
}

type NamedLevels = Partial<Levels> & { rule: string };

const LEVELS = list(
  object<NamedLevels>({ rule: text, warning: number, critical: nullable(number) }, ['warning', 'critical']),
);

const OPTIONS = object<{
  levels: readonly NamedLevels[];
  long: readonly string[];
  paths: readonly string[];
}>({
  levels: LEVELS,
  long: list(text),
  paths: list(text),
});

const SERVERS = list(
  object<RecordedServer>(
    {
      id: number,
      target: text,
      name: text,
      node: text,
      pid: number,
      closed: object<NonNullable<RecordedServer['closed']>>({ why: text, advice: text }),
    },
    ['pid', 'closed'],
  ),
);

type Written = Omit<BlockHeader, 'options'> & { options: unknown };

const anything: Form<unknown> = { write: (value) => value, read: (value) => value };

const HEADER = object<Written>({
  version: text,
  run: text,
  interval: number,
  options: anything,
  servers: SERVERS,
});

/** Returns the content of a block's first frame. */
export function packedHeader({
  options: { levels = {}, long = [], paths = [] },
  ...header
}: BlockHeader): Uint8Array {
  const named = Object.entries(levels).map(([rule, of]) => ({ ...of, rule }));
  return packedJson(HEADER.write({ ...header, options: OPTIONS.write({ levels: named, long, paths }) }));
}

/** @throws RecordingError if it is not the header of a block */
export function headerIn(content: Buffer): BlockHeader {
  return checked(() => {
    const { options, ...header } = HEADER.read(jsonIn(content));
    const { levels, long, paths } = OPTIONS.read(options);
    return {
      ...header,
      options: { levels: Object.fromEntries(levels.map(({ rule, ...of }) => [rule, of])), long, paths },
    };
  });
}

export function packedServers(servers: readonly RecordedServer[]): Uint8Array {
  return packedJson(SERVERS.write(servers));
}

/** @throws RecordingError if it is not a list of servers */
export function serversIn(content: Buffer): readonly RecordedServer[] {
  return checked(() => SERVERS.read(jsonIn(content)));
}

/** Maximum size of JSON in a frame after decompression, in bytes. */
const MOST_JSON = 16 * 2 ** 20;

/** Returns JSON, compressed. */
export function packedJson(value: unknown): Uint8Array {
  return deflateSync(JSON.stringify(value));
}

/** @throws RecordingError if the bytes are damaged or too many */
export function jsonIn(content: Uint8Array): unknown {
  try {
    return JSON.parse(inflateSync(content, { maxOutputLength: MOST_JSON }).toString('utf8'));
  } catch {
    throw new RecordingError('a part is damaged or too large');
  }
}

/** Runs a reader of forms. Its errors become those of a recording. */
export function checked<Value>(read: () => Value): Value {
  try {
    return read();
  } catch (error) {
    throw error instanceof FormError ? new RecordingError(error.message) : error;
  }
}
