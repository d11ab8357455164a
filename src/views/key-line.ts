import { memoizeLast } from '../rates/memoize.ts';
import type { Binding, Where } from './bindings.ts';
import { crop } from './flow.ts';
import type { Hotspot, Line, Span } from './frame.ts';
import type { Glyphs } from './glyphs.ts';
import { keyName, keyNames } from './help.ts';
import type { Keymap } from './keymap.ts';
import { isOfNow, type Scene, whereOf } from './scene.ts';
import { viewOf } from './views.ts';

/** Label of Enter in a view whose rows lead to their requests. */
const LEAD = 'Requests';

/** What is shown of the past: that of the live view, a recording, or nothing. */
type Past = 'live' | 'recording' | null;

type Kind = NonNullable<Scene['sample']>['kind'];

/** The last line of the screen, with the areas that respond to a click. */
export interface BottomLine {
  line: Line;
  hotspots: Omit<Hotspot, 'line'>[];
}

/**
 * The most important keys, as many as fit. They respond to a click.
 *
 * @param pages number of pages of the open help; 1 without help
 */
export function keyLine(scene: Scene, pages: number, columns: number): BottomLine {
  const { sample, view, backTo } = scene;
  const { help, keys, glyphs } = view;
  const hasStack = viewOf(scene).runs !== undefined && isOfNow(scene);
  const isLead = viewOf(scene).leads !== undefined;
  const page = help?.page ?? 0;
  const isSearch = help?.search !== null;
  return drawnKeys(
    keys,
    sample?.kind ?? 'app',
    whereOf(view),
    backTo,
    scene.replay && (scene.replay.name === null ? 'live' : 'recording'),
    hasStack,
    isLead,
    isSearch,
    page,
    pages,
    columns,
    glyphs,
  );
}

const drawnKeys = memoizeLast(
  (
    keys: Keymap,
    kind: Kind,
    where: Where | null,
    backTo: string | null,
    past: Past,
    hasStack: boolean,
    isLead: boolean,
    isSearch: boolean,
    page: number,
    pages: number,
    columns: number,
    glyphs: Glyphs,
  ): BottomLine => {
    const spans: Span[] = [];
    const hotspots: Omit<Hotspot, 'line'>[] = [];
    let end = 0;
    // A recording has no present to return to.
    const isUsable = {
      last: past === 'live',
      stack: hasStack,
      'page-down': pages > 1,
      'next-match': isSearch,
    };
    for (const { key, label, action } of labelled(
      keys,
      { kind, where, backTo, isPast: past !== null },
      isUsable,
    )) {
      const leads = isLead && where === null && typeof action !== 'function' && action.kind === 'detail';
      const text = ` ${leads ? LEAD : label} `;
      const width = 1 + key.length + text.length;
      if (end + width > columns) break;
      spans.push({ text: ` ${key}`, role: 'key' }, { text, role: 'plain' });
      if (typeof action !== 'function') hotspots.push({ start: end, end: end + width, action });
      end += width;
    }
    if (pages > 1) spans.push({ text: ` ${Math.min(page + 1, pages)}/${pages}`, role: 'plain' });
    return { line: crop({ spans, emphasis: 'bar' }, columns, glyphs.ellipsis), hotspots };
  },
);

/** What decides which keys have an effect, and which. */
interface Context {
  kind: Kind;
  where: Where | null;
  /** Title of the view to which `back` leads from this server; `null` if it leads nowhere. */
  backTo: string | null;
  /** Whether the past is shown. */
  isPast: boolean;
}

/**
 * Entries of the key line for the current context. The keys of the open overlay come first, or those for the past.
 *
 * @param isUsable whether a binding has an effect now, by its name; it has if it is absent
 */
function labelled(
  keys: Keymap,
  { kind, where, backTo, isPast }: Context,
  isUsable: Readonly<Record<string, boolean>>,
): { key: string; label: string; action: Binding['action'] }[] {
  const isWayBack = ({ name }: Binding) => name === 'back' && (where !== null || backTo !== null);
  const ofPast = ({ inPast }: Binding) => (isPast && where === null ? inPast : undefined);
  const rank = (binding: Binding) =>
    isWayBack(binding) || (where !== null && binding.where === where) ? 0 : ofPast(binding) ? 1 : 2;
  return keys.bindings
    .toSorted((a, b) => rank(a) - rank(b))
    .flatMap((binding) => {
      const { label, over, action, only = kind, name } = binding;
      const ofTable = ofPast(binding) ?? (isWayBack(binding) ? (backTo ?? label) : label);
      const text = where === null ? ofTable : over?.[where];
      const key = shownKeys(binding);
      const isHere = key !== '' && only === kind && isUsable[name] !== false;
      return text === undefined || !isHere ? [] : [{ key, label: text, action }];
    });
}

/** The key of a binding, or its keys if they differ in what they do. */
function shownKeys(binding: Binding): string {
  return typeof binding.action === 'function' ? keyNames(binding) : keyName(binding.keys[0] ?? '');
}
