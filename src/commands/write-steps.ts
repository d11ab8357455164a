import { setImmediate } from 'node:timers/promises';
import { fleetObservation, newFleet, withServer } from '../monitor/fleet.ts';
import type { FleetSample } from '../monitor/observation.ts';
import { CSV, CSV_HEADING } from '../outputs/csv.ts';
import type { Exporter } from '../outputs/exporter.ts';
import { LINE, type LineOptions, lineHeading, serverWidthOf } from '../outputs/line.ts';
import { NDJSON } from '../outputs/ndjson.ts';
import { TargetError } from '../sources/errors.ts';
import { initialView } from './initial-view.ts';
import { sendingToStdout } from './line-output.ts';
import type { Step } from './observe-each.ts';
import { type Chosen, maskOf } from './options.ts';
import { Rows } from './rows.ts';
import type { StreamFormat } from './stream-formats.ts';

/** A format of rows, each for one reading of one server. */
interface RowFormat {
  exporter: Exporter<LineOptions, FleetSample>;
  /** The heading of the columns. */
  heading?(options: LineOptions): string;
  /** Whether a terminal shows the heading again on each screenful. */
  repeats?: true;
}

const FORMATS: Readonly<Record<StreamFormat | 'line', RowFormat>> = {
  ndjson: { exporter: NDJSON },
  csv: { exporter: CSV, heading: () => CSV_HEADING },
  line: { exporter: LINE, heading: lineHeading, repeats: true },
};

/**
 * Writes the observations of servers as rows, until the last one or until the reader has closed.
 *
 * @param steps observations in their order; of live servers or of a recording
 * @param names of all servers
 * @param stop aborted when the reader has closed
 * @param isPaced whether the next observation waits until the reader has taken the row: no reading is missed then
 * @returns the errors of the servers that could never be read
 * @throws OutputError
 */
export async function writeSteps(
  steps: AsyncIterable<Step>,
  names: readonly string[],
  options: Chosen,
  stop: AbortController,
  isPaced = false,
): Promise<TargetError[]> {
  const failures: unknown[] = [];
  const rows = new Rows(sendingToStdout(), (error) => {
    if (error !== null) failures.push(error);
    stop.abort();
  });
  const rowOf = rowWriter(names, options);
  const lost = new Map<string, TargetError>();
  for await (const step of steps) {
    const { name, observation } = step;
    const { connection, sample, target } = observation;
    if (sample !== null) lost.delete(name);
    else if (connection.state === 'lost')
      lost.set(name, new TargetError(target, connection.why, connection.advice));
    rows.put(name, (missed) => rowOf(step, missed));
    if (isPaced) {
      await rows.written();
      // Signals arrive only now: a write to a file does not wait.
      await setImmediate();
    }
    if (stop.signal.aborted) break;
  }
  await rows.written();
  if (failures.length > 0) throw failures[0];
  return [...lost.values()];
}

/** Returns a function that writes a row, with a heading before it where one is due. */
function rowWriter(names: readonly string[], options: Chosen) {
  const { exporter, heading, repeats } = FORMATS[options.stream ?? 'line'];
  const mask = maskOf(options);
  const { ellipsis } = initialView(options).glyphs;
  const serverWidth = names.length > 1 ? serverWidthOf(names, { mask }) : null;
  /** Rows since the last heading; `null` before the first one. */
  let rows: number | null = null;
  return ({ name, observation, time }: Step, missed: number): string => {
    const { columns = null, rows: height } = process.stdout;
    const at = { mask, missed, serverWidth, width: columns, ellipsis };
    const page = repeats && process.stdout.isTTY ? Math.max(2, height) : Number.POSITIVE_INFINITY;
    const isDue = options.header !== false && (rows === null || rows + 1 >= page);
    rows = isDue || rows === null ? 1 : rows + 1;
    const fleet = withServer(newFleet([{ target: observation.target, name }], time), observation, time);
    return (isDue ? (heading?.(at) ?? '') : '') + exporter.write(fleetObservation(fleet), at);
  };
}
