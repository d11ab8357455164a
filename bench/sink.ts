import { PassThrough, Writable } from 'node:stream';
import { openTerminal, type Terminal } from '../src/terminal/blessed/terminal.ts';
import { terminalType } from '../src/terminal/blessed/terminfo.ts';
import type { Size } from '../src/views/frame.ts';

/** Size of the terminal in every measurement. */
export const SCREEN: Size = { columns: 200, rows: 50 };

/** Environment variables for programs in the terminal. */
export const ENVIRONMENT = { TERM: 'xterm-256color', LANG: 'C.UTF-8' } as const;

/** A terminal that discards its output. */
export interface Sink {
  terminal: Terminal;
  /** Bytes written so far. */
  readonly bytes: number;
}

export function openSink(): Sink {
  let bytes = 0;
  const output = Object.assign(
    new Writable({
      write(chunk: Buffer, _encoding, done) {
        bytes += chunk.length;
        done();
      },
    }),
    SCREEN,
  );
  const nothing = () => {};
  const handlers = {
    key: nothing,
    paste: nothing,
    click: nothing,
    wheel: nothing,
    resized: nothing,
    closed: nothing,
  };
  const terminal = openTerminal(
    { input: new PassThrough(), output },
    terminalType(ENVIRONMENT),
    false,
    handlers,
  );
  return {
    terminal,
    get bytes() {
      return bytes;
    },
  };
}
