import type { Event } from '../monitor/event.ts';

/** The position in a recording, or in the recent past of the live view. Times are in Unix seconds. */
export interface Replay {
  /** The recording; `null` for the recent past of the live view. */
  name: string | null;
  start: number;
  end: number;
  /** The shown time. */
  time: number;
  isPlaying: boolean;
  /** Seconds of the past that pass in one second. */
  speed: number;
  /** The events, in the order of their times. */
  marks: readonly Mark[];
}

/** An event of the timeline. */
export type Mark = Pick<Event, 'time' | 'kind' | 'severity'>;
