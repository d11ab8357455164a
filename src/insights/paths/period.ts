/** Readings of a period in steps, oldest first. The size is limited. */
export interface Period {
  name: PeriodName;
  buckets: readonly Bucket[];
}

/** Readings of one step of a period. */
interface Bucket {
  /** Seconds of a monotonic clock at the first reading. */
  start: number;
  readings: number;
  /** Sum of the times that the readings stand for. */
  seconds: number;
  /** The numbers of each slot (`CELL`), one after the other. */
  cells: Float64Array;
}

/** A request that a reading saw in flight. */
export interface Sighting {
  /** Index of its path in the profile. */
  slot: number;
  /** Seconds that the readings stand for in which it was seen, with this one. */
  seconds: number;
  /** Seconds; `null` if it is unknown. */
  age: number | null;
}

/** One reading. */
export interface Seen {
  /** Seconds of a monotonic clock. */
  clock: number;
  /** The time in seconds that the reading stands for. */
  seconds: number;
  sightings: Iterable<Sighting>;
  /** Number of slots of the profile. */
  slots: number;
}

/** The periods, shortest first. `all` begins with the first reading. */
export const PERIODS = ['minute', 'tenMinutes', 'hour', 'all'] as const;
export type PeriodName = (typeof PERIODS)[number];

/** Seconds of each period and of its steps. A period covers up to one step less than its length. */
const LENGTHS: Readonly<Record<PeriodName, { length: number; step: number }>> = {
  minute: { length: 60, step: 5 },
  tenMinutes: { length: 600, step: 60 },
  hour: { length: 3600, step: 300 },
  all: { length: Number.POSITIVE_INFINITY, step: Number.POSITIVE_INFINITY },
};

/** Places of the numbers of a slot in its cell. */
const CELL = { time: 0, squares: 1, begun: 2, carried: 3, oldest: 4, size: 5 } as const;

/** The periods before the first reading. */
export const NO_PERIODS: readonly Period[] = PERIODS.map((name) => ({ name, buckets: [] }));

/** A period with one more reading, and without the steps that are now too old. */
export function withReading({ name, buckets }: Period, reading: Seen): Period {
  const { length, step } = LENGTHS[name];
  const last = buckets.at(-1);
  const isCurrent = last !== undefined && reading.clock - last.start < step;
  const current = added(isCurrent ? last : null, reading, length);
  const earlier = isCurrent ? buckets.slice(0, -1) : buckets;
  return { name, buckets: [...earlier.filter(({ start }) => start > reading.clock - length), current] };
}

function added(bucket: Bucket | null, { clock, seconds, sightings, slots }: Seen, length: number): Bucket {
  const cells = new Float64Array(slots * CELL.size);
  if (bucket) cells.set(bucket.cells);
  const increase = (place: number, by: number) => {
    cells[place] = (cells[place] ?? 0) + by;
  };
  for (const { slot, seconds: seen, age } of sightings) {
    const at = slot * CELL.size;
    const before = seen - seconds;
    increase(at + CELL.time, seconds);
    // The growth of the square of the time in which the request was seen in this period.
    increase(at + CELL.squares, seconds * (seconds + 2 * Math.min(before, length)));
    if (before <= 0) increase(at + CELL.begun, 1);
    else if (bucket === null) increase(at + CELL.carried, 1);
    // 0 is unknown.
    cells[at + CELL.oldest] = Math.max(cells[at + CELL.oldest] ?? 0, age === null ? 0 : age + 1);
  }
  return {
    start: bucket?.start ?? clock,
    readings: (bucket?.readings ?? 0) + 1,
    seconds: (bucket?.seconds ?? 0) + seconds,
    cells,
  };
}

/**
 * A period of the whole time, with a later one of as many or more slots added. Requests that began before the later one
 * are part of the earlier one.
 */
export function together({ name, buckets }: Period, later: Period): Period {
  const [before] = buckets;
  const [after] = later.buckets;
  if (before === undefined || after === undefined) return { name, buckets: before ? buckets : later.buckets };
  const cells = Float64Array.from(after.cells, (value, at) => {
    const place = at % CELL.size;
    const known = before.cells[at] ?? 0;
    if (place === CELL.carried) return known;
    return place === CELL.oldest ? Math.max(known, value) : known + value;
  });
  const { start } = before;
  const [readings, seconds] = [before.readings + after.readings, before.seconds + after.seconds];
  return { name, buckets: [{ start, readings, seconds, cells }] };
}

/** The sums of a slot over a period. */
export interface Tally {
  slot: number;
  /** Seconds that its requests were seen in flight, all requests together. */
  time: number;
  /** Sum of the squares of the seconds of each request. */
  squares: number;
  /** Number of requests. */
  seen: number;
  /** Greatest age in seconds; `null` if it is unknown. */
  oldest: number | null;
}

/** Number of readings, the time that they stand for in seconds, and the slots with requests. */
export function totalsOf({ buckets }: Period): { readings: number; seconds: number; tallies: Tally[] } {
  const slots = Math.max(0, ...buckets.map(({ cells }) => cells.length / CELL.size));
  const tallies: Tally[] = [];
  for (let slot = 0; slot < slots; slot += 1) {
    const tally = tallyOf(buckets, slot);
    if (tally.time > 0) tallies.push(tally);
  }
  return {
    readings: buckets.reduce((sum, bucket) => sum + bucket.readings, 0),
    seconds: buckets.reduce((sum, bucket) => sum + bucket.seconds, 0),
    tallies,
  };
}

function tallyOf(buckets: readonly Bucket[], slot: number): Tally {
  let time = 0;
  let squares = 0;
  let seen = 0;
  let oldest = 0;
  for (const [nth, { cells }] of buckets.entries()) {
    const at = slot * CELL.size;
    if (at >= cells.length) continue;
    time += cells[at + CELL.time] ?? 0;
    squares += cells[at + CELL.squares] ?? 0;
    // Requests that began before the period are in its first step.
    seen += (cells[at + CELL.begun] ?? 0) + (nth === 0 ? (cells[at + CELL.carried] ?? 0) : 0);
    oldest = Math.max(oldest, cells[at + CELL.oldest] ?? 0);
  }
  return { slot, time, squares, seen, oldest: oldest > 0 ? oldest - 1 : null };
}

/**
 * The period with other slots. The numbers of slots that get the same new index are added.
 *
 * @param to new index of each slot
 * @param slots number of slots afterwards
 */
export function withSlots({ name, buckets }: Period, to: readonly number[], slots: number): Period {
  return {
    name,
    buckets: buckets.map((bucket) => {
      const cells = new Float64Array(slots * CELL.size);
      for (let from = 0; from < bucket.cells.length; from += CELL.size) {
        const at = (to[from / CELL.size] ?? 0) * CELL.size;
        for (let place = 0; place < CELL.size; place += 1) {
          const before = cells[at + place] ?? 0;
          const value = bucket.cells[from + place] ?? 0;
          cells[at + place] = place === CELL.oldest ? Math.max(before, value) : before + value;
        }
      }
      return { ...bucket, cells };
    }),
  };
}
