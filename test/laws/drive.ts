import { fleetObservation } from '../../src/monitor/fleet.ts';
import type { Observed } from '../../src/monitor/observation.ts';
import { FLEET_TEXT, TEXT } from '../../src/outputs/text.ts';
import { decode } from '../../src/stats/decode.ts';
import type { Mask } from '../../src/text/secrets.ts';
import type { Scene } from '../../src/views/scene.ts';
import { screen } from '../../src/views/screen.ts';
import { update } from '../../src/views/update.ts';
import { VIEWS } from '../../src/views/views.ts';
import { observing } from '../monitor/observing.ts';
import { EXPORTERS, FLEET_EXPORTERS } from '../outputs/exporters.ts';
import { fleetOf } from '../views/fleets.ts';
import { LOOKED_AT, makeScene, VIEW } from '../views/samples.ts';

const SIZE = { columns: 80, rows: 24 };

/** A live view of a document that was read twice, with its findings. */
export function watching(bytes: Buffer, mask: Mask): Scene & Observed {
  const reading = (second: number) => ({
    snapshot: decode(bytes),
    time: LOOKED_AT + second,
    clock: second,
  });
  const known = observing('/srv/app/uwsgi.status', [reading(0), reading(1), reading(61)]);
  return { ...makeScene(known.sample, { view: { mask } }), ...known };
}

/**
 * Draws each view once, with the detail of its last row.
 *
 * @param tabs names of the views; all by default
 */
export function glance(
  scene: Scene & Observed,
  tabs: readonly string[] = VIEWS[scene.sample.kind].map(({ name }) => name),
): void {
  for (const tab of tabs) {
    let at: Scene = { ...scene, view: { ...scene.view, tab, cores: 'tree' } };
    screen(at, SIZE);
    for (const key of [{ kind: 'edge', edge: 'last' }, { kind: 'detail' }, { kind: 'back' }] as const) {
      at = update(at, key, SIZE);
      screen(at, SIZE);
    }
  }
}

/** All outputs of a sample, and those of a fleet with this server. */
export function driveOutputs(known: Observed, mask: Mask): string[] {
  const view = { ...VIEW, mask };
  const tabs = VIEWS[known.sample.kind].map(({ name }) => name);
  const fleet = fleetObservation(fleetOf(known));
  return [
    ...EXPORTERS.map((exporter) => exporter.write(known, { ...view, width: 80 })),
    ...FLEET_EXPORTERS.map((exporter) => exporter.write(fleet, { ...view, width: 80 })),
    ...tabs.map((tab) => TEXT.write(known, { ...view, tab, width: null })),
    ...VIEWS.fleet.map(({ name: tab }) => FLEET_TEXT.write(fleet, { ...view, tab, width: null })),
  ];
}
