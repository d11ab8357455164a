/** The parts of blessed 0.1.81 that are used, by subpath: the whole package takes twice as long to load. */

declare module 'blessed/lib/tput.js' {
  /** Returns the sequence of a capability for its parameters. */
  export type Capability = (this: Tput, values: readonly unknown[]) => string;

  interface Tput {
    /** Compiles a capability. Values that are not a text are returned. */
    _compile(info: object, key: string, value: unknown): Capability | boolean | number;
  }

  const Tput: { ipaths: string[]; prototype: Tput };
  export default Tput;
}

declare module 'blessed/lib/program.js' {
  import type { EventEmitter } from 'node:events';

  export interface Key {
    /** Modifiers and name: `C-c`, `S-g`, `pageup`. */
    full: string;
    name: string;
    ctrl: boolean;
    meta: boolean;
    shift: boolean;
  }

  export interface Mouse {
    action: 'mousedown' | 'mouseup' | 'mousemove' | 'wheelup' | 'wheeldown';
    button: 'left' | 'middle' | 'right' | 'unknown';
    /** Position in cells, from 0. */
    x: number;
    y: number;
  }

  export interface Program extends EventEmitter {
    cols: number;
    rows: number;
    tput: { unicode: boolean; brokenACS: boolean; colors: number };
    setMouse(modes: { vt200Mouse: boolean; sgrMouse: boolean }, enable: boolean): void;
    _write(text: string): void;
    flush(): void;
    destroy(): void;
    on(event: 'keypress', listener: (char: string | undefined, key: Key | undefined) => void): this;
    on(event: 'resize', listener: () => void): this;
    on(event: 'mouse', listener: (mouse: Mouse) => void): this;
  }

  export default function program(options: {
    input: EventEmitter;
    output: NodeJS.WritableStream;
    terminal: string;
    extended: boolean;
    buffer: boolean;
    zero: boolean;
    tput: boolean;
  }): Program;
}

declare module 'blessed/lib/widgets/screen.js' {
  import type { EventEmitter } from 'node:events';
  import type { Program } from 'blessed/lib/program.js';

  /** Attribute and character. */
  export type Cell = [number, string];
  export type CellLine = Cell[] & { dirty: boolean };

  export interface Screen extends EventEmitter {
    /** `lines` are the cells to show; `olines` are the cells that the terminal shows now. */
    lines: CellLine[];
    olines: CellLine[];
    dattr: number;
    enter(): void;
    leave(): void;
    alloc(): void;
    /** Writes the cells of these lines that differ. */
    draw(first: number, last: number): void;
    destroy(): void;
    append(element: object): void;
    remove(element: object): void;
  }

  export default function screen(options: {
    program: Program;
    useBCE: boolean;
    autoPadding: boolean;
  }): Screen;
}

/**
 * The part of blessed-contrib 4.11 that is used, by subpath: its canvas. It is CommonJS and is loaded with `require`.
 */
declare module 'blessed-contrib/lib/widget/canvas.js' {
  /** The subset of the HTML canvas that draws lines, in Braille dots. */
  export interface Context {
    /** A colour of the terminal's palette, or `normal` for its default colour. */
    strokeStyle: number | 'normal';
    beginPath(): void;
    moveTo(x: number, y: number): void;
    lineTo(x: number, y: number): void;
    stroke(): void;
  }

  export interface CanvasWidget {
    ctx: Context;
    canvasSize: { width: number; height: number };
    /** Called when the widget is added to the screen. */
    calcSize(): void;
    clear(): void;
    render(): void;
  }

  const canvas: (options: { top: number; left: number; width: number; height: number }) => CanvasWidget;
  export default canvas;
}
