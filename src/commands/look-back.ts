import { fleetObservation } from '../monitor/fleet.ts';
import { isObserved } from '../monitor/observation.ts';
import type { Moment } from '../recordings/moment.ts';
import { Player } from '../recordings/player.ts';
import { TargetError } from '../sources/errors.ts';
import { dayAndTime } from '../text/format.ts';
import type { Looked } from './observe-all.ts';
import { openedRecording, refuseUnreadable, timeIn } from './recorded.ts';

/**
 * What a recording has at a time, with the findings of the settings that it was recorded with.
 *
 * @throws TargetError if its only server could not be read; RecordingError; UsageError
 */
export function recordedAt(path: string, texts: readonly string[], at: Moment | undefined): Looked {
  const recording = openedRecording(path, texts);
  try {
    const time = timeIn(recording, at, recording.end);
    refuseUnreadable(recording, time);
    const player = new Player(recording);
    player.seek(time);
    while (player.nextTime !== null && player.nextTime <= time) player.step();
    const { fleet } = player;
    const recorded = true;
    const failures = new Map(
      [...fleet.servers].flatMap(([target, { connection }]) =>
        connection.state === 'lost'
          ? [
              [
                target,
                new TargetError(
                  target,
                  `${connection.why} (at ${dayAndTime(fleet.time)})`,
                  connection.advice,
                ),
              ] as const,
            ]
          : [],
      ),
    );
    const [only, ...others] = fleet.servers.values();
    if (only === undefined || others.length > 0)
      return { observed: null, all: { observed: fleetObservation(fleet), failures }, recorded };
    const [failure] = failures.values();
    if (failure) throw failure;
    if (!isObserved(only)) throw new TargetError(only.target, 'it was not read yet', 'Give a later time.');
    return { observed: only, all: null, recorded };
  } finally {
    recording.close();
  }
}
