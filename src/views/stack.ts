import type { Stack, StackFrame } from '../stats/stacks.ts';
import * as format from '../text/format.ts';
import type { Mask } from '../text/secrets.ts';
import type { CellContext } from './column.ts';
import { keyOf } from './help.ts';
import type { Keymap } from './keymap.ts';
import type { StackReading } from './scene.ts';
import type { Place, Section } from './view.ts';

type Fields = Section['fields'];

/** The Python stack of a worker or core, innermost frame first; `null` if it was not requested. */
export function stackSection(
  place: Place,
  reading: StackReading | null,
  at: CellContext,
  keys: Keymap,
): Section | null {
  const title = 'Python stack';
  if (reading?.worker !== place.worker || reading.core !== place.core) return null;
  const { result } = reading;
  const again = `${keyOf(keys, 'stack')} reads again`;
  switch (result.state) {
    case 'reading':
      return { title, hint: 'reading', fields: [] };
    case 'failed':
      return {
        title,
        hint: again,
        fields: [{ name: 'not known', value: at.mask.text(result.why) }],
      };
    case 'read': {
      const hint = `at ${format.timeOfDay(result.time)}, innermost first; ${again}`;
      return { title, hint, fields: fieldsOf(result, at) };
    }
  }
}

type Read = Extract<StackReading['result'], { state: 'read' }>;

/** Cache of masked frames. A worker can have thousands of stack frames, which are not masked again for each screen. */
const MASKED = new WeakMap<Read, Fields>();

function fieldsOf(read: Read, at: CellContext): Fields {
  const before = MASKED.get(read);
  if (before) return before;
  const fields = read.stacks.flatMap((stack) => stackFields(stack, read.stacks.length, at));
  MASKED.set(read, fields);
  return fields;
}

function stackFields(stack: Stack, of: number, { mask }: CellContext): Fields {
  const { frames, whole } = stack;
  const fields = frames.toReversed().map((frame) => ({
    name: mask.text(placeIn(frame)),
    value: mask.source(textOf(frame)),
  }));
  return [
    ...(of > 1 ? [{ name: 'thread', value: threadName(stack, mask) }] : []),
    ...(whole ? [] : [{ name: 'cut short', value: CUT_SHORT }]),
    ...fields,
  ];
}

/** uWSGI's name of the thread of a core looks like a token, but only its numbers vary. */
function threadName({ thread, core }: Stack, mask: Mask): string {
  return core === null ? mask.text(thread) : thread.replace(/\d+/g, (digits) => mask.text(digits));
}

const CUT_SHORT = 'the innermost frames are missing: uWSGI stops at a frame with a non-ASCII character';

/** Maximum width of a place in cells. The end of a path identifies it better than its beginning. */
const NAME_WIDTH = 21;

function placeIn({ file, line }: StackFrame): string {
  const text = `${file}:${line ?? format.UNKNOWN}`;
  if (text.length <= NAME_WIDTH) return text;
  const end = text.slice(-NAME_WIDTH);
  // Begin at a folder if possible.
  return end.includes('/') ? end.slice(end.indexOf('/') + 1) : `~${end.slice(1)}`;
}

function textOf({ function: name, source }: StackFrame): string {
  return source === null ? name : `${name}   ${source}`;
}
