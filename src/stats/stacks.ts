import { count } from './fields.ts';
import type { Core } from './snapshot.ts';

/**
 * One stack in the output of uWSGI's Python tracebacker (plugins/python/tracebacker.c). The output is a title, one line
 * per frame, and an empty line after each thread. Only threads that run Python code have frames: a core that waits for
 * a request has none.
 */
export interface Stack {
  /** Python's name of the thread; `<UnnamedPythonThread>` if the tracebacker found no name. Names can repeat. */
  thread: string;
  /** From 1; `null` if the name does not contain it. */
  worker: number | null;
  /** From 0; `null` if the name does not contain it. `stackOfCore` decides whether the number is reliable. */
  core: number | null;
  /** Oldest first, in the order sent; never empty. */
  frames: StackFrame[];
  /**
   * `false` if the tracebacker stopped early. Newer frames are missing, so the last frame is not the one that runs. The
   * tracebacker stops at the first non-ASCII character in a file name, a function name or a source line.
   */
  whole: boolean;
}

export interface StackFrame {
  /** The path that Python was given: often relative to the folder in which the server was started. */
  file: string;
  /** From 1. */
  line: number | null;
  function: string;
  /** The source line of the current file, without indentation; `null` if Python could not read it. */
  source: string | null;
}

/**
 * Parses the stacks in the text of one reading. Lines that are not frames are skipped, so another text has no stacks.
 * An incomplete frame in a truncated text is left out. The function never throws.
 *
 * The thread name and the first frame of a Python thread separate an incomplete stack from the next one. Other stacks
 * are merged if they follow each other, have the same name, and the first one is incomplete.
 */
export function parseStacks(text: string): Stack[] {
  const stacks: Stack[] = [];
  let stack: Stack | null = null;
  /** Lines of a frame that has not ended: the name of a thread can contain a line break. */
  let begun: string[] = [];
  // The text after the last line break is not a complete line.
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

/** The first match ends the frame: the source text after it can contain anything. */
const FRAME_END = / lineno = (-?\d+) function = (.*?)(?: line = (.*))?$/s;

/** Names that uWSGI gives to the threads of its cores (plugins/python/python_plugin.c). */
const CORE = /^uWSGIWorker(\d+)Core(\d+)$/;
const CORE_AND_FILE = /^uWSGIWorker\d+Core\d+(?= filename = )/;

/** Parses the part of a frame before its line number. */
function headOf(lines: readonly string[], lastPart: string): { thread: string; file: string } | null {
  const head = [...lines.slice(0, -1), lastPart].join('\n').slice(START.length);
  // Threads of the application can have any name, and a core's thread can run a file of any name.
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

/** Every thread started with `threading` begins with this frame, and the frame does not occur again in its stack. */
function isFirstOfThread({ file, function: name }: StackFrame): boolean {
  return name === '_bootstrap' && file.endsWith('/threading.py');
}

/**
 * Whether this is the stack of gevent's loop. Every greenlet of the worker then waits, and the stack does not contain
 * the reason.
 */
export function isGeventHub({ frames: [oldest] }: Stack): boolean {
  return oldest?.function === 'run' && oldest.file.endsWith('gevent/hub.py');
}

/**
 * Returns the stack of the request that a core runs. `null` if there is no such stack, or if it may belong to another
 * request.
 *
 * Observed with 2.0.21: with `threads = N`, each core's thread has the name of that core. The worker's main thread has
 * the name of core 0, with or without `threads`. With gevent and other `async` modes, this one thread runs the requests
 * of all cores. After monkey patching it has no name. The same seems to happen with threads and several applications in
 * separate interpreters. Therefore, core 0 is accepted only if every other core with a request has its own stack.
 *
 * @param worker as in a snapshot, with the cores that have a request in flight
 */
export function stackOfCore(
  stacks: readonly Stack[],
  worker: { id: number; cores: readonly Pick<Core, 'id' | 'inRequest'>[] },
  core: number,
): Stack | null {
  const ofWorker = stacks.filter((each) => each.worker === worker.id);
  const [stack, ...others] = ofWorker.filter((each) => each.core === core);
  // A thread can have any name: if two threads have this name, one does not belong to uWSGI.
  if (!stack || others.length > 0 || isGeventHub(stack)) return null;
  if (core !== 0) return stack;
  const named = new Set(ofWorker.map((each) => each.core));
  const inRequest = worker.cores.filter((each) => each.inRequest).map(({ id }) => id);
  return inRequest.includes(0) && inRequest.every((id) => named.has(id)) ? stack : null;
}
