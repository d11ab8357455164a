/** An event that is earlier by more than this number of seconds comes after the clock was set back. */
const MOST_LATE = 60;

/**
 * The time of an event in the order of the events. A read that began earlier can end later than that of another server.
 * Its event is late, and gets the time of the latest event before it.
 *
 * @param time of the event, in Unix seconds
 * @param latest time of the events before it
 */
export function timeInOrder(time: number, latest: number): number {
  return latest - time <= MOST_LATE ? Math.max(time, latest) : time;
}
