import type { Role } from './frame.ts';

/** Minimum values for highlighting that the settings can change. */
export interface Thresholds {
  /** Running time of a request, in seconds. */
  longRequest: number;
  tooLongRequest: number;
}

export const THRESHOLDS: Thresholds = { longRequest: 2, tooLongRequest: 10 };

/** Values from which a number is highlighted; `null`: never. */
interface Levels {
  warning: number | null;
  critical: number | null;
}

/** Any number above 0. */
const ANY = Number.MIN_VALUE;

/** All numbers that are highlighted, apart from the ages of requests. Shares are from 0 to 1. */
const LEVELS = {
  /** Share of the cores that are busy. At 1, a new request must wait. */
  cores: { warning: 1, critical: null },
  /** Share of the listen queue that is in use. At 1, the kernel refuses connections. */
  queue: { warning: 0.5, critical: 1 },
  /** Share of all processors of the machine. */
  cpu: { warning: 0.9, critical: null },
  /** Per minute. */
  exceptions: { warning: ANY, critical: null },
  /** Per minute. */
  harakiris: { warning: null, critical: ANY },
  /** Number of vassals. */
  blacklist: { warning: null, critical: ANY },
  /** Mean share of busy cores over a period. */
  usage: { warning: 0.8, critical: 0.95 },
} as const satisfies Record<string, Levels>;

/** The role of a number by its levels; `null` if it is unknown or too low. */
export function levelRole(of: keyof typeof LEVELS, value: number | null): Role | null {
  const { warning, critical }: Levels = LEVELS[of];
  if (value === null) return null;
  if (critical !== null && value >= critical) return 'critical';
  return warning !== null && value >= warning ? 'warning' : null;
}
