import { Player } from '../recordings/player.ts';
import type { TargetError } from '../sources/errors.ts';
import type { Step } from './observe-each.ts';
import type { Chosen } from './options.ts';
import { openedRecording, refuseUnreadable, timeIn } from './recorded.ts';
import { writeSteps } from './write-steps.ts';

/** Writes the readings of a recording from `at` on. */
export async function writeRecording(
  path: string,
  texts: readonly string[],
  options: Chosen,
  stop: AbortController,
): Promise<TargetError[]> {
  const recording = openedRecording(path, texts);
  const from = timeIn(recording, options.at, recording.start);
  refuseUnreadable(recording, from);
  const player = new Player(recording);
  player.seek(from);
  const { count = Number.POSITIVE_INFINITY } = options;
  const names = player.servers.map(({ name }) => name);
  try {
    return await writeSteps(recordedSteps(player, from, count), names, options, stop, true);
  } finally {
    recording.close();
  }
}

/** The observations of a player from a time on: `count` of each server. */
async function* recordedSteps(player: Player, from: number, count: number): AsyncGenerator<Step> {
  const counts = new Map<string, number>();
  for (let target = player.lastTarget; target !== null; target = player.step()) {
    const { fleet, time } = player;
    const observation = fleet.servers.get(target);
    if (time < from || observation === undefined) continue;
    const taken = (counts.get(target) ?? 0) + 1;
    counts.set(target, taken);
    if (taken <= count) yield { name: fleet.names.get(target) ?? target, observation, time };
    if ([...fleet.servers.keys()].every((each) => (counts.get(each) ?? 0) >= count)) return;
  }
}
