import type { Observed, Subject } from '../monitor/observation.ts';
import { boundedMask, CELL_CHARACTERS } from '../text/bounds.ts';
import { toWidth, width } from '../text/clean.ts';
import { UNKNOWN } from '../text/format.ts';
import { blank } from './blank.ts';
import { APP_FACTS, EMPEROR_FACTS, type Fact, FLEET_FACTS, ROUTER_FACTS, type Source } from './facts.ts';
import type { Line, Span } from './frame.ts';
import {
  APP_LAYOUTS,
  EMPEROR_LAYOUTS,
  type Layouts,
  type Place,
  placesAt,
  ROUTER_LAYOUTS,
} from './grid-layouts.ts';
import type { Scene } from './scene.ts';
import { sparkline } from './sparkline.ts';

/** Last grid of each sample. Frames that a key causes reuse it. */
const LAST_GRIDS = new WeakMap<Subject, { of: readonly unknown[]; grid: Line[] }>();

/**
 * The numbers of a server, on `rows` lines (one or two) of `columns` cells. Each number has a fixed place at each
 * width.
 */
export function grid(scene: Scene & Observed<Subject>, columns: number, rows: number): Line[] {
  const { sample, history, connection, view } = scene;
  const stale = connection.state === 'lost';
  const of = [history, columns, rows, stale, view.glyphs, view.mask];
  const last = LAST_GRIDS.get(sample);
  if (last?.of.every((each, at) => each === of[at])) return last.grid;
  const grid = drawn(scene, columns, rows).map((spans) => ({ spans, stale }));
  LAST_GRIDS.set(sample, { of, grid });
  return grid;
}

function drawn(
  { sample, history, view }: Scene & Observed<Subject>,
  columns: number,
  rows: number,
): Span[][] {
  const source = { history, glyphs: view.glyphs, mask: boundedMask(view.mask, CELL_CHARACTERS) };
  const size = { columns, rows };
  switch (sample.kind) {
    case 'app':
      return linesOf(APP_LAYOUTS, APP_FACTS, { ...source, sample }, size);
    case 'emperor':
      return linesOf(EMPEROR_LAYOUTS, EMPEROR_FACTS, { ...source, sample }, size);
    case 'fleet':
      return linesOf(APP_LAYOUTS, FLEET_FACTS, { ...source, sample }, size);
    case 'router':
      return linesOf(ROUTER_LAYOUTS, ROUTER_FACTS, { ...source, sample }, size);
  }
}

function linesOf<Of, Name extends string>(
  layouts: Layouts<Name>,
  facts: Readonly<Record<Name, Fact<Of>>>,
  source: Source<Of>,
  { columns, rows }: { columns: number; rows: number },
): Span[][] {
  const places = placesAt(rows > 1 ? layouts.two : layouts.one, columns);
  return Array.from({ length: rows }, (_, line) => {
    const spans: Span[] = [];
    let end = 0;
    const put = (at: number, more: readonly Span[]) => {
      if (at > end) spans.push(blank(at - end));
      spans.push(...more);
      end = at + more.reduce((sum, { text }) => sum + width(text), 0);
    };
    for (const place of places.filter((each) => each.line === line)) {
      const fact = facts[place.name];
      put(place.label, [{ text: fact.label, role: 'label' }]);
      put(place.value, valueSpans(fact, source, place));
      const curve =
        place.curve &&
        fact.curve &&
        sparkline(source.history, fact.curve, place.curve.width, source.glyphs, fact.curveTop?.(source));
      if (place.curve && curve) put(place.curve.at, [{ text: curve, role: 'curve' }]);
    }
    return spans;
  });
}

function valueSpans<Of, Name>(fact: Fact<Of>, source: Source<Of>, { width: cells }: Place<Name>): Span[] {
  const text = fact.text(source, cells);
  const role = text === UNKNOWN ? 'dim' : (fact.role?.(source) ?? 'title');
  const rest = fact.spans?.(source, cells);
  if (rest) return [{ text, role }, ...rest];
  return [{ text: toWidth(text, cells, fact.align ?? 'left', source.glyphs.ellipsis), role }];
}
