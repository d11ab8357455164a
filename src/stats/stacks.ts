import { count } from './fields.ts';
import type { Core } from './snapshot.ts';

/**
 * What uWSGI's Python tracebacker writes (plugins/python/tracebacker.c): after a title, a line a frame, and an empty
 * line after each thread. Only threads that are inside Python have frames: a core that waits for a request has none.
 */
export interface Stack {
  /** As Python calls it; `<UnnamedPythonThread>` when the tracebacker found no name. Names repeat. */
  thread: string;
  /** From 1; `null` when the name does not tell. */
  worker: number | null;
  /** From 0; `null` when the name does not tell. What it means is for `stackOfCore` to say. */
  core: number | null;
  /** Oldest first, as sent; never empty. */
  frames: StackFrame[];
  /**
   * `false` when the tracebacker broke off: newer frames are missing, so the last one here is not what runs. It does
   * so at the first character beyond ASCII in a file name, a function's name or a source line.
   */
  whole: boolean;
}

export interface StackFrame {
  /** As Python was given it: often relative to the folder in which the server was started. */
  file: string;
  /** From 1. */
  line: number | null;
  function: string;
  /** The line of the source as the file is now, without its indentation; `null` when Python could not read it. */
  source: string | null;
}

/**
 * The text of one reading → the stacks in it. What is no frame is passed over, so other text has no stacks; nothing
 * throws. A frame without an end, of a text that was cut off, is left out.
 *
 * A stack that broke off is told from the one after it by the name, and by where threads of Python begin. Two others
 * of one name, one after the other and the first of them broken off, are taken for one.
 */
export function parseStacks(text: string): Stack[] {
  const stacks: Stack[] = [];
  let stack: Stack | null = null;
  /** Lines of a frame of which no end has come: the name of a thread can hold a line break. */
  let begun: string[] = [];
  // What stands behind the last line break is no whole line.
  for (const line of text.slice(0, Math.max(0, text.lastIndexOf('\n'))).split('\n')) {
    if (line === '') {
      if (stack) stack.whole = true;
      stack = null;
      begun = [];
      continue;
    }
    if (line.startsWith(START)) begun = [line];
    else if (begun.length > 0) begun.push(line);
    else continue;
    const end = FRAME_END.exec(line);
    if (!end) continue;
    const head = headOf(begun, line.slice(0, end.index));
    begun = [];
    if (!head) continue;
    const [, digits, name = '', source] = end;
    const frame: StackFrame = {
      file: head.file,
      line: count(Number(digits)) || null,
      function: name,
      source: source || null,
    };
    if (stack && stack.thread === head.thread && !isFirstOfThread(frame)) {
      stack.frames.push(frame);
    } else {
      stack = { thread: head.thread, ...coreNamed(head.thread), frames: [frame], whole: false };
      stacks.push(stack);
    }
  }
  return stacks;
}

const START = 'thread_id = ';
const FILE = ' filename = ';

/** The first that fits: what comes after it is source text, which can look like anything. */
const FRAME_END = / lineno = (-?\d+) function = (.*?)(?: line = (.*))?$/s;

/** uWSGI names the threads of its cores so (plugins/python/python_plugin.c). */
const CORE = /^uWSGIWorker(\d+)Core(\d+)$/;
const CORE_AND_FILE = /^uWSGIWorker\d+Core\d+(?= filename = )/;

/** Of a frame, what stands before its line number. */
function headOf(lines: readonly string[], lastPart: string): { thread: string; file: string } | null {
  const head = [...lines.slice(0, -1), lastPart].join('\n').slice(START.length);
  // A thread of the application can have any name, a file of a core's thread too.
  const at = CORE_AND_FILE.exec(head)?.[0].length ?? head.lastIndexOf(FILE);
  return at < 0 ? null : { thread: head.slice(0, at), file: head.slice(at + FILE.length) };
}

function coreNamed(thread: string): Pick<Stack, 'worker' | 'core'> {
  const [, worker, core] = CORE.exec(thread) ?? [];
  return { worker: numberOf(worker), core: numberOf(core) };
}

function numberOf(digits: string | undefined): number | null {
  return digits === undefined ? null : count(Number(digits));
}

/** Every thread that was started with `threading` begins here, and never comes here again. */
function isFirstOfThread({ file, function: name }: StackFrame): boolean {
  return name === '_bootstrap' && file.endsWith('/threading.py');
}

/** gevent's own loop: every greenlet of that worker waits for something, and what they wait for is not told. */
export function isGeventHub({ frames: [oldest] }: Stack): boolean {
  return oldest?.function === 'run' && oldest.file.endsWith('gevent/hub.py');
}

/**
 * The stack of the request that a core runs; `null` when there is none, or when it may be another request's.
 *
 * Seen with 2.0.21: the cores of `threads = N` are named each for itself. Core 0 is the name of the worker's main
 * thread, `threads` or not. With gevent and other `async` modes that one thread runs the requests of all cores (after
 * monkey patching it has no name at all), and so it seems to do with threads and several applications in interpreters
 * of their own. So core 0 is believed only while every other core with a request has a stack of its own.
 *
 * @param worker as in a snapshot: its cores say which of them are in a request
 */
export function stackOfCore(
  stacks: readonly Stack[],
  worker: { id: number; cores: readonly Pick<Core, 'id' | 'inRequest'>[] },
  core: number,
): Stack | null {
  const ofWorker = stacks.filter((each) => each.worker === worker.id);
  const [stack, ...others] = ofWorker.filter((each) => each.core === core);
  // A thread can be given any name: of two with this one, one is none of uWSGI's.
  if (!stack || others.length > 0 || isGeventHub(stack)) return null;
  if (core !== 0) return stack;
  const named = new Set(ofWorker.map((each) => each.core));
  const inRequest = worker.cores.filter((each) => each.inRequest).map(({ id }) => id);
  return inRequest.includes(0) && inRequest.every((id) => named.has(id)) ? stack : null;
}
