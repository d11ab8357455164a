/** Minimum values for highlighting. */
export interface Thresholds {
  /** Running time of a request, in seconds. */
  longRequest: number;
  tooLongRequest: number;
}

export const THRESHOLDS: Thresholds = { longRequest: 2, tooLongRequest: 10 };
