import { readFileSync } from 'node:fs';
import { parseStacks, type Stack, type StackFrame } from '../../src/stats/stacks.ts';

/** Output of real tracebackers (uWSGI 2.0.21, Python 3.11) that ran shop.py in this folder. */
const FOLDER = new URL('../../fixtures/stacks/', import.meta.url);
export const recorded = (name: string) => parseStacks(readFileSync(new URL(`${name}.txt`, FOLDER), 'utf8'));

export const frame = (
  file: string,
  line: number | null,
  name: string,
  source: string | null,
): StackFrame => ({
  file,
  line,
  function: name,
  source,
});
export const APPLICATION = frame('shop.py', 48, 'application', 'PATHS[name](argument)');
export const RENDER = frame('shop.py', 12, 'render', 'wait(seconds)');
export const WAIT = frame('shop.py', 8, 'wait', 'time.sleep(float(seconds))');

/** The thread of a core with these functions, oldest first, in the format of the tracebacker. */
export const block = (thread: string, names: readonly string[], end = '\n') =>
  names
    .map((name, i) => `thread_id = ${thread} filename = a.py lineno = ${i + 1} function = ${name} line = x\n`)
    .join('') + end;
export const TITLE = '*** uWSGI Python tracebacker output ***\n\n';
export const functions = (stack: Stack | null | undefined) => stack?.frames.map((each) => each.function);
