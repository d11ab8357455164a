/** Numbers from which something stands out. */
export interface Thresholds {
  /** Seconds that a request has run. */
  longRequest: number;
  tooLongRequest: number;
}

export const THRESHOLDS: Thresholds = { longRequest: 2, tooLongRequest: 10 };
