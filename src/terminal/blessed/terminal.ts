import { EventEmitter } from 'node:events';
import { StringDecoder } from 'node:string_decoder';
import { setTimeout as sleep } from 'node:timers/promises';
import createProgram, { type Key, type Mouse } from 'blessed/lib/program.js';
import Tput, { type Capability } from 'blessed/lib/tput.js';
import createScreen from 'blessed/lib/widgets/screen.js';
import type { Frame, Size } from '../../views/frame.ts';
import { Charts } from './charts.ts';
import { isKey, PASTE_OFF, PASTE_ON, Tokens } from './keys.ts';
import { Painter } from './paint.ts';
import type { TerminalType } from './terminfo.ts';
import { attributeOf } from './theme.ts';

/** Streams of a terminal: `process.stdin` and `process.stdout`, or those of a test. */
export interface Streams {
  input: NodeJS.ReadableStream & { setRawMode?(raw: boolean): unknown };
  output: NodeJS.WritableStream & { columns?: number; rows?: number; readonly writableLength: number };
}

export interface Handlers {
  /** A printable character is passed as itself, any other key by name: `a`, `G`, `C-c`, `pageup`. */
  key(key: string): void;
  /** Pasted text, which is not interpreted as keys. */
  paste(text: string): void;
  click(x: number, y: number): void;
  wheel(direction: 1 | -1, x: number, y: number): void;
  resized(): void;
  /** The terminal was closed. */
  closed(): void;
}

export interface Terminal {
  size(): Size;
  draw(frame: Frame): void;
  /** Draws the next frame completely, on a screen of the terminal's current size. */
  reset(): void;
  /** Restores the terminal. `open` takes it over again. */
  close(): void;
  open(): void;
  /** Copies a text to the terminal's clipboard, if the terminal allows clipboard access (OSC 52 of xterm). */
  copy(text: string): void;
  /** Restores the terminal permanently. */
  destroy(): void;
  /** Whether the terminal has not yet accepted all output. */
  readonly behind: boolean;
  /** Resolves when the terminal has accepted all output, or after `LIMIT_MS`. */
  caughtUp(): Promise<void>;
}

/** Milliseconds to wait for a restored terminal to accept the last output. */
const LIMIT_MS = 1000;

/** Takes over a terminal: alternate screen, raw keys, mouse. */
export function openTerminal(
  streams: Streams,
  type: TerminalType,
  ascii: boolean,
  handlers: Handlers,
): Terminal {
  const { input, output } = streams;
  const keys = new KeyInput(input, handlers.paste);
  const program = withoutSystemTerminfo(() =>
    createProgram({
      input: keys,
      output,
      terminal: type.entry,
      extended: false,
      buffer: true,
      zero: true,
      tput: true,
    }),
  );
  // The views handle line drawing and non-ASCII characters themselves.
  program.tput.unicode = true;
  program.tput.brokenACS = true;
  program.tput.colors = Math.max(8, type.colors);
  const screen = createScreen({ program, useBCE: false, autoPadding: false });
  // By default, blessed redraws at once after a resize, even during another operation.
  program.removeAllListeners('resize');
  program.on('resize', handlers.resized);
  // blessed does not replace a size of zero by a default.
  if (!output.columns || !output.rows) allocate();
  const attribute = attributeOf(type.colors, type.theme);
  const charts = new Charts(screen, attribute);
  const painter = new Painter(screen, attribute, ascii);

  program.on('keypress', (char, key) => {
    const name = keyName(char, key);
    if (name !== null) handlers.key(name);
  });
  program.on('mouse', (mouse: Mouse) => {
    if (mouse.action === 'mousedown' && mouse.button === 'left') handlers.click(mouse.x, mouse.y);
    if (mouse.action === 'wheelup') handlers.wheel(-1, mouse.x, mouse.y);
    if (mouse.action === 'wheeldown') handlers.wheel(1, mouse.x, mouse.y);
  });
  // A closed terminal is reported by any of its streams, in any order.
  for (const stream of [input, output]) stream.on('error', handlers.closed);
  input.on('end', handlers.closed);

  function allocate() {
    const { columns, rows } = sizeOf(output);
    program.cols = columns;
    program.rows = rows;
    screen.alloc();
  }
  const modes = (on: boolean) => {
    program.setMouse({ vt200Mouse: on, sgrMouse: on }, on);
    program._write(on ? PASTE_ON : PASTE_OFF);
    program.flush();
  };
  modes(true);

  return {
    size: () => sizeOf(output),
    draw(frame) {
      // The widgets draw over the frame's lines. Paint the lines again if there were or are any widgets.
      if (charts.show(frame.charts)) painter.forget();
      painter.paint(frame);
      charts.render();
      screen.draw(0, screen.lines.length - 1);
      program.flush();
    },
    reset() {
      allocate();
      painter.forget();
    },
    copy(text) {
      program._write(`\x1b]52;c;${Buffer.from(text).toString('base64')}\x07`);
      program.flush();
    },
    close() {
      modes(false);
      keys.setRawMode(false);
      screen.leave();
    },
    open() {
      keys.setRawMode(true);
      screen.enter();
      painter.forget();
      modes(true);
    },
    destroy() {
      modes(false);
      screen.destroy();
      program.destroy();
      keys.end();
      input.removeListener('end', handlers.closed);
    },
    get behind() {
      return output.writableLength > 0;
    },
    async caughtUp() {
      const isDue = () => output.writable && output.writableLength > 0;
      for (let waited = 0; isDue() && waited < LIMIT_MS; waited += 10) await sleep(10);
    },
  };
}

/**
 * Some terminals report no size or 0x0: those of serial lines, and those of programs that run other programs. They get
 * 80x24.
 */
function sizeOf({ columns, rows }: Streams['output']): Size {
  return { columns: columns || 80, rows: rows || 24 };
}

/** Hides the machine's terminfo entries, so that blessed uses the included ones: see `terminfo.ts`. */
function withoutSystemTerminfo<Value>(make: () => Value): Value {
  Tput.ipaths.length = 0;
  // Inside tmux, blessed runs `tmux -V`, only to send mouse modes in a different way.
  const { TMUX } = process.env;
  delete process.env.TMUX;
  try {
    return make();
  } finally {
    if (TMUX !== undefined) process.env.TMUX = TMUX;
  }
}

/**
 * Makes blessed compile an entry of terminfo when it is first used. It would compile some 200 entries at the start, and use
 * 20 of them.
 */
function compileLate(): void {
  const { _compile: compile } = Tput.prototype;
  Tput.prototype._compile = function (info, key, value) {
    if (typeof value !== 'string' || value === '') return compile.call(this, info, key, value);
    let compiled: Capability | undefined;
    return (values) => {
      compiled ??= compile.call(this, info, key, value) as Capability;
      return compiled.call(this, values);
    };
  };
}

compileLate();

/** The input stream for blessed, which delivers one key at a time. */
class KeyInput extends EventEmitter {
  isRaw = false;
  private readonly input: Streams['input'];
  private readonly decoder = new StringDecoder('utf8');
  private readonly tokens: Tokens;
  private readonly listener = (chunk: Buffer | string) =>
    this.tokens.push(typeof chunk === 'string' ? chunk : this.decoder.write(chunk));

  constructor(input: Streams['input'], paste: (text: string) => void) {
    super();
    this.input = input;
    this.tokens = new Tokens((token) => {
      if (isKey(token)) this.emit('data', Buffer.from(token));
    }, paste);
    input.on('data', this.listener);
  }

  setRawMode(raw: boolean): void {
    this.isRaw = raw;
    this.input.setRawMode?.(raw);
  }

  resume(): void {
    this.input.resume();
  }

  pause(): void {
    this.input.pause();
  }

  end(): void {
    this.input.removeListener('data', this.listener);
    this.input.pause();
  }
}

function keyName(char: string | undefined, key: Key | undefined): string | null {
  // blessed reports the return key twice, as `return` and as `enter`.
  if (!key || key.name === 'return') return key ? null : (char ?? null);
  if (key.ctrl || key.meta) return key.full;
  if (char !== undefined && char.length === 1 && char > ' ' && char !== '\x7f') return char;
  return key.shift ? `S-${key.name}` : key.name;
}
