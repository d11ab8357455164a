import type { Subject } from '../monitor/observation.ts';
import { boundedMask, CELL_CHARACTERS } from '../text/bounds.ts';
import * as format from '../text/format.ts';
import { connectionCounts } from './connections.ts';
import { flow, type Item } from './flow.ts';
import type { Line } from './frame.ts';
import { keyOf } from './help.ts';
import { replayLine } from './replay-line.ts';
import { intervalOf, type Scene, type ViewState } from './scene.ts';

/**
 * The second line of the screen: what is observed, or a message that replaces it, and the seconds between reads on the
 * right.
 */
export function titleLine(scene: Scene, columns: number): Line {
  const message = messageOf(scene);
  if (scene.replay !== null && message === null) return replayLine(scene.replay, scene, columns);
  const items = message ? [message] : titleItems(scene);
  return lineOf([...items, ...recordingItems(scene), ...intervalItems(scene)], scene, columns);
}

/** The passing message as a line of its own, for screens without a title; `null` without a message. */
export function messageLine(scene: Scene, columns: number): Line | null {
  const message = passingMessage(scene);
  return message && lineOf([message], scene, columns);
}

function lineOf(items: readonly Item[], { view }: Scene, columns: number): Line {
  const mask = boundedMask(view.mask, CELL_CHARACTERS);
  return flow(
    items.map((item) => ({ ...item, text: mask.text(item.text) })),
    columns,
    view.glyphs.ellipsis,
  );
}

function titleItems({ target, name, node, sample }: Scene): Item[] {
  return [
    ...(name === null || target.endsWith(name)
      ? []
      : [{ text: name, role: 'title' as const, importance: 1 }]),
    { text: target, role: 'title', importance: 1 },
    ...(sample ? aboutItems(sample) : []),
    { text: node, importance: 4 },
  ];
}

function aboutItems(sample: Subject): Item[] {
  if (sample.kind === 'fleet') return [{ text: connectionCounts(sample.members), importance: 2 }];
  const { version, pid } = sample.snapshot.server;
  return [
    { text: version === null ? 'uWSGI' : `uWSGI ${version}`, importance: 3 },
    { label: PROCESS[sample.kind], text: format.orUnknown(String)(pid), importance: 5 },
  ];
}

/** The process that writes the document. */
const PROCESS = { app: 'master', emperor: 'emperor', router: 'router' } as const;

function recordingItems({ recording }: Scene): Item[] {
  return recording === null ? [] : [{ text: 'recording', role: 'warning', importance: 2, right: true }];
}

function intervalItems({ sample, view, pace, replay }: Scene): Item[] {
  if (sample?.saved || replay !== null) return [];
  const seconds = intervalOf(view);
  if (pace > 1) {
    const text = `every ${(seconds * pace).toFixed(1)}s instead of ${seconds}s: statstop uses too much CPU`;
    return [{ text, role: 'warning', importance: 2, right: true }];
  }
  const role = view.fast ? 'warning' : 'plain';
  return [{ text: `${seconds}s`, role, importance: 2, right: true }];
}

/** Seconds for which a notice and a reset of the counters stay on the screen. */
const NOTICE_SHOWN = 4;
const RESET_SHOWN = 10;

/** A notice, or the message that the counters restarted. Both disappear without user input. `null` without a message. */
export function passingMessage({
  notice,
  resetAt,
  now,
}: Pick<Scene, 'notice' | 'resetAt' | 'now'>): Item | null {
  if (notice !== null && now - notice.at < NOTICE_SHOWN) return { ...notice, importance: 1 };
  if (resetAt === null || now - resetAt >= RESET_SHOWN) return null;
  const text = `counters restarted at ${format.timeOfDay(resetAt)}: the server was reloaded or restarted`;
  return { text, role: 'warning', importance: 1 };
}

/**
 * The most important message: a notice, the frozen state, then a reset of the counters. A frozen screen does not show the
 * rates that a reset affects.
 */
function messageOf(scene: Scene): Item | null {
  const { notice, now, view } = scene;
  const frozen = view.frozenAt === null ? null : frozenItem(view.frozenAt, view);
  const resetAt = frozen || scene.replay ? null : scene.resetAt;
  return passingMessage({ notice, now, resetAt }) ?? frozen;
}

function frozenItem(at: number, { keys }: ViewState): Item {
  const text = `frozen at ${format.timeOfDay(at)}, ${keyOf(keys, 'freeze')} resumes`;
  return { text, role: 'warning', importance: 1 };
}
