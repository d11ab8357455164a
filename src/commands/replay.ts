import { hostname } from 'node:os';
import { initialState } from '../app/state.ts';
import { eventList } from '../recordings/event-list.ts';
import type { RecordedServer } from '../recordings/header.ts';
import type { Recording } from '../recordings/open.ts';
import { SYSTEM_CLOCK } from '../sources/source.ts';
import type { LoopOptions } from '../terminal/loop.ts';
import type { Mark } from '../views/replay.ts';
import { initialView } from './initial-view.ts';
import type { Chosen } from './options.ts';
import { openedRecording, refuseUnreadable, timeIn } from './recorded.ts';

/** The part of the options of the live view that shows a recording. */
export function replayed(
  path: string,
  texts: readonly string[],
  options: Chosen,
): Pick<LoopOptions, 'servers' | 'recording' | 'state'> {
  const recording = openedRecording(path, texts);
  const at = timeIn(recording, options.at, recording.start);
  refuseUnreadable(recording, at);
  return {
    servers: [],
    recording: { timeline: recording, name: recording.path, marks: marksOf(recording), at },
    state: initialState({
      servers: serversAt(recording, at),
      node: hostname(),
      now: at,
      view: initialView(options),
    }),
  };
}

function serversAt(recording: Recording, at: number): readonly RecordedServer[] {
  for (const item of recording.items(at)) if (item.kind === 'servers') return item.servers;
  return [];
}

/** Milliseconds of work after which keys are handled, and until the search of events continues. */
const SLICE_MS = 20;
const PAUSE_MS = 20;

/** Begins to search the events of a recording, and returns a function that returns those that were found. */
function marksOf(recording: Recording): () => readonly Mark[] {
  const search = eventList(recording);
  let marks: readonly Mark[] = [];
  const go = () => {
    const end = SYSTEM_CLOCK.monotonic() + SLICE_MS / 1000;
    while (SYSTEM_CLOCK.monotonic() < end) {
      const { done, value } = search.next();
      if (!done) continue;
      marks = value;
      return;
    }
    setTimeout(go, PAUSE_MS).unref();
  };
  setTimeout(go, PAUSE_MS).unref();
  return () => marks;
}
