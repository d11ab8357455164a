import type { Action } from '../actions.ts';
import type { ViewState } from '../scene.ts';

/** Returns the text of the input: a time, else the search text if the help or a detail is open, else the filter. */
export function typed({
  prompt,
  help,
  detail,
  filter,
}: Pick<ViewState, 'prompt' | 'help' | 'detail' | 'filter'>): string {
  return prompt?.time ?? (help ? help.search : detail ? detail.search : filter) ?? '';
}

/** Handles an action in an input. Each character takes effect at once. `null` if the action is not for the input. */
export function promptChange(view: ViewState, action: Action): Partial<ViewState> | null {
  const become = (text: string | null) => typedChange(view, text || null);
  switch (action.kind) {
    case 'type':
      return become(typed(view) + action.text);
    case 'erase':
      return become(erased(typed(view), action.what));
    case 'accept':
      return { prompt: null };
    case 'back':
      if (view.prompt?.time !== undefined) return { prompt: null };
      return { prompt: null, ...become(view.prompt?.before ?? null) };
    default:
      return null;
  }
}

function typedChange({ prompt, help, detail }: ViewState, text: string | null): Partial<ViewState> {
  if (prompt?.time !== undefined) return { prompt: { ...prompt, time: text ?? '' } };
  if (help) return { help: { ...help, search: text } };
  return detail ? { detail: { ...detail, search: text } } : { filter: text, top: 0 };
}

/** Steps back from the end: a regular expression would try each position of a long text. */
function withoutLastWord(text: string): string {
  let end = text.length;
  while (end > 0 && /\S/.test(text.charAt(end - 1))) end -= 1;
  return text.slice(0, end);
}

function erased(text: string, what: 'character' | 'word' | 'all'): string {
  switch (what) {
    case 'character':
      return [...text].slice(0, -1).join('');
    case 'word':
      return withoutLastWord(text.trimEnd());
    case 'all':
      return '';
  }
}
