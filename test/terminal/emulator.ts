import { PassThrough, Writable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import xterm, { type IBufferCell, type Terminal } from '@xterm/headless';
import { expect } from 'vitest';
import type { Streams } from '../../src/terminal/blessed/terminal.ts';
import { TIMEOUT_MS } from '../timeouts.ts';

/** A terminal without a window: its screen shows what is written to its output, and its input takes the typed keys. */
export class Emulator implements Streams {
  readonly input = Object.assign(new PassThrough(), {
    isTTY: true,
    isRaw: false,
    setRawMode: (raw: boolean) => {
      this.input.isRaw = raw;
    },
  });
  readonly output: Writable & { columns: number; rows: number; isTTY: boolean };
  /** Everything written to the output. */
  written = '';
  private readonly terminal: Terminal;
  private reading = Promise.resolve();

  constructor(columns = 80, rows = 24) {
    this.terminal = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true, scrollback: 100 });
    const write = (chunk: Buffer, done: () => void) => {
      this.written += chunk.toString();
      this.terminal.write(chunk, done);
    };
    const output = new Writable({
      write: (chunk: Buffer, _encoding, done) => void this.reading.then(() => write(chunk, done)),
    });
    this.output = Object.assign(output, { columns, rows, isTTY: true });
  }

  /** Stops processing the output until the returned function is called. */
  hold(): () => void {
    let letGo = () => {};
    this.reading = new Promise((resolve) => {
      letGo = resolve;
    });
    return letGo;
  }

  type(keys: string): void {
    this.input.write(keys);
  }

  /** Changes the size, as a window manager does. */
  resize(columns: number, rows: number): void {
    this.terminal.resize(columns, rows);
    Object.assign(this.output, { columns, rows });
    this.output.emit('resize');
  }

  /** The lines of the screen, without trailing blanks. */
  lines(): string[] {
    return Array.from({ length: this.terminal.rows }, (_, y) => this.line(y)?.translateToString(true) ?? '');
  }

  text(): string {
    return this.lines().join('\n');
  }

  /** Everything visible: each cell with its colours and attributes. */
  picture(): string[] {
    const cell = this.terminal.buffer.active.getNullCell();
    return Array.from({ length: this.terminal.rows }, (_, y) => {
      const line = this.line(y);
      return Array.from({ length: this.terminal.cols }, (_, x) => look(line?.getCell(x, cell))).join('|');
    });
  }

  /** Whether a line begins inverted, as a selected line does. */
  isInverse(y: number): boolean {
    return this.line(y)?.getCell(0)?.isInverse() !== 0;
  }

  /** The colours on the screen other than the defaults of the terminal. */
  colors(): number[] {
    const found = new Set<number>();
    for (let y = 0; y < this.terminal.rows; y += 1) {
      for (let x = 0; x < this.terminal.cols; x += 1) {
        const cell = this.line(y)?.getCell(x);
        if (cell && !cell.isFgDefault()) found.add(cell.getFgColor());
        if (cell && !cell.isBgDefault()) found.add(cell.getBgColor());
      }
    }
    return [...found];
  }

  /** The modes that a program can leave changed. */
  state() {
    const { modes, buffer } = this.terminal;
    return {
      alternateScreen: buffer.active.type === 'alternate',
      mouse: modes.mouseTrackingMode,
      bracketedPaste: modes.bracketedPasteMode,
      applicationCursorKeys: modes.applicationCursorKeysMode,
      applicationKeypad: modes.applicationKeypadMode,
      cursorHidden: /\x1b\[\?25l(?!.*\x1b\[\?(?:12;)?25h)/s.test(this.written),
      raw: this.input.isRaw,
    };
  }

  /** Waits until everything written so far is on the screen. */
  async settled(): Promise<void> {
    while (this.output.writableLength > 0) await sleep(1);
  }

  /** Waits until the screen satisfies a condition. @throws AssertionError after `TIMEOUT_MS` */
  async until(fits: (lines: string[]) => boolean, what = 'the screen'): Promise<string[]> {
    for (const deadline = performance.now() + TIMEOUT_MS; performance.now() < deadline; ) {
      const lines = this.lines();
      if (fits(lines)) return lines;
      await sleep(10);
    }
    expect.fail(`${what} did not appear:\n${this.text()}`);
  }

  untilText(text: string | RegExp): Promise<string[]> {
    const fits = (screen: string) => (typeof text === 'string' ? screen.includes(text) : text.test(screen));
    return this.until((lines) => fits(lines.join('\n')), String(text));
  }

  private line(y: number) {
    const { active } = this.terminal.buffer;
    return active.getLine(active.viewportY + y);
  }
}

/** The state of a terminal before a program starts, and after it ends. */
export const UNTOUCHED: ReturnType<Emulator['state']> = {
  alternateScreen: false,
  mouse: 'none',
  bracketedPaste: false,
  applicationCursorKeys: false,
  applicationKeypad: false,
  cursorHidden: false,
  raw: false,
};

function look(cell: IBufferCell | undefined): string {
  if (!cell) return '';
  const marks = [cell.isInverse() ? 'i' : '', cell.isBgDefault() ? '' : `b${cell.getBgColor()}`];
  // The second half of a wide character.
  if (cell.getWidth() === 0) return '';
  const char = cell.getChars() || ' ';
  if (char !== ' ') {
    // These attributes are not visible on a blank.
    marks.push(cell.isBold() ? 'B' : '', cell.isUnderline() ? 'U' : '', cell.isDim() ? 'D' : '');
    marks.push(cell.isFgDefault() ? '' : `f${cell.getFgColor()}`);
  }
  return char + marks.join('');
}
