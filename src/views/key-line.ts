import { memoizeLast } from '../rates/memoize.ts';
import type { Binding, Where } from './bindings.ts';
import { crop } from './flow.ts';
import type { Hotspot, Line, Span } from './frame.ts';
import type { Glyphs } from './glyphs.ts';
import { keyName } from './help.ts';
import type { Keymap } from './keymap.ts';
import { isOfNow, type Scene, whereOf } from './scene.ts';
import { viewOf } from './views.ts';

/** Label of Enter in a view whose rows lead to their requests. */
const LEAD = 'Requests';

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
    const isUsable = { stack: hasStack, 'page-down': pages > 1, 'next-match': isSearch };
    for (const { key: name, label, action } of labelled(keys, kind, where, backTo, isUsable)) {
      const key = ` ${keyName(name)}`;
      const leads = isLead && where === null && typeof action !== 'function' && action.kind === 'detail';
      const text = ` ${leads ? LEAD : label} `;
      if (end + key.length + text.length > columns) break;
      spans.push({ text: key, role: 'key' }, { text, role: 'plain' });
      if (typeof action !== 'function')
        hotspots.push({ start: end, end: end + key.length + text.length, action });
      end += key.length + text.length;
    }
    if (pages > 1) spans.push({ text: ` ${Math.min(page + 1, pages)}/${pages}`, role: 'plain' });
    return { line: crop({ spans, emphasis: 'bar' }, columns, glyphs.ellipsis), hotspots };
  },
);

/**
 * Entries of the key line for the current context. The keys of the open overlay come first.
 *
 * @param backTo title of the view to which `back` leads from this server; `null` if it leads nowhere
 * @param isUsable whether a binding has an effect now, by its name; it has if it is absent
 */
function labelled(
  keys: Keymap,
  kind: Kind,
  where: Where | null,
  backTo: string | null,
  isUsable: Readonly<Record<string, boolean>>,
): { key: string; label: string; action: Binding['action'] }[] {
  const isWayBack = ({ name }: Binding) => name === 'back' && (where !== null || backTo !== null);
  const own = (binding: Binding) => isWayBack(binding) || (where !== null && binding.where === where);
  return keys.bindings
    .toSorted((a, b) => Number(own(b)) - Number(own(a)))
    .flatMap((binding) => {
      const {
        keys: [key],
        label,
        over,
        action,
        only = kind,
        name,
      } = binding;
      const text = where !== null ? over?.[where] : isWayBack(binding) ? (backTo ?? label) : label;
      const isHere = key !== undefined && only === kind && isUsable[name] !== false;
      return text === undefined || !isHere ? [] : [{ key, label: text, action }];
    });
}
