import { afterSilence } from '../../sources/silence.ts';

/**
 * Splits terminal input into complete sequences. Input arrives in chunks of any size, but blessed treats each chunk as
 * complete. It would read an arrow key split by a slow line as Esc and a letter, two mouse clicks in one chunk as one
 * click, and a paste as commands. `Tokens` joins split sequences and passes them on one by one. It passes on pasted
 * text (bracketed paste) as a whole.
 */
export class Tokens {
  private pending = '';
  /** Pasted text received so far; `null` outside a paste. */
  private pasted: string | null = null;
  private stopWaiting = () => {};
  private readonly emit: (token: string) => void;
  private readonly paste: (text: string) => void;

  /**
   * @param emit receives each key, as the bytes that the terminal sends for it
   * @param paste receives pasted text, unchanged
   */
  constructor(emit: (token: string) => void, paste: (text: string) => void = () => {}) {
    this.emit = emit;
    this.paste = paste;
  }

  push(input: string): void {
    this.stopWaiting();
    this.pending += input;
    for (;;) {
      const token = TOKEN.exec(this.pending)?.[0];
      if (!token) break;
      this.pending = this.pending.slice(token.length);
      this.token(token);
    }
    // An Esc that nothing follows is a key of its own.
    if (this.pending) this.stopWaiting = afterSilence(LONE_ESCAPE_SECONDS, () => this.flush());
  }

  private flush() {
    const rest = this.pending;
    this.pending = '';
    if (rest === '\x1b') this.token(rest);
  }

  private token(token: string) {
    if (token === PASTE_START) this.pasted = '';
    else if (token === PASTE_END) {
      this.paste(this.pasted ?? '');
      this.pasted = null;
    } else if (this.pasted === null) this.emit(token);
    else if (this.pasted.length < LONGEST_PASTE) this.pasted += token;
  }
}

/** Maximum length of pasted text, in characters. Text pasted by mistake may be a whole file. */
const LONGEST_PASTE = 1000;

/**
 * Seconds to wait after an Esc for the rest of a sequence. ncurses waits 1 s (ESCDELAY), Neovim 50 ms (ttimeoutlen).
 */
const LONE_ESCAPE_SECONDS = 0.05;

const PASTE_START = '\x1b[200~';
const PASTE_END = '\x1b[201~';

/** Sequences that switch the terminal's marking of pasted text (bracketed paste) on and off. */
export const PASTE_ON = '\x1b[?2004h';
export const PASTE_OFF = '\x1b[?2004l';

/**
 * One complete sequence:
 * - an answer of the terminal (OSC, DCS and similar), up to its terminator;
 * - CSI (ECMA-48, 5.4), or X10's mouse report with its three bytes;
 * - SS3, Alt with a key, or one character.
 */
const TOKEN = anyOf([
  '\\x1b[\\]PX^_][^\\x07\\x1b]*(?:\\x07|\\x1b\\\\)',
  '\\x1b\\[M[^]{3}',
  '\\x1b\\[\\[[A-E]',
  '\\x1b\\[(?!M)[0-?]*[ -/]*[@-Z\\\\-~]',
  '\\x1bO[0-9;]*[A-Za-z]',
  '\\x1b[^\\x1b\\[O\\]PX^_]',
  '\\x1b(?=\\x1b)',
  '[^\\x1b]',
]);

/**
 * Whether blessed recognizes a sequence as one key or one mouse event. It would read any other sequence as several
 * keys: for example, an answer to another program's query, or an unknown key.
 */
export function isKey(token: string): boolean {
  return KEY.test(token);
}

const KEY = anyOf(
  [
    '[^]',
    '\\x1b[a-zA-Z0-9 \\x7f\\x08]',
    '\\x1b(?:O|\\[)(?:1;)?\\d*[a-zA-Z]',
    '\\x1b(?:O|\\[)\\d+(?:;\\d+)?[~^$]',
    '\\x1b\\[\\[[A-E]',
    '\\x1b\\[M[^]{3}',
    '\\x1b\\[<\\d+;\\d+;\\d+[mM]',
  ].map((form) => `${form}$`),
);

function anyOf(forms: readonly string[]): RegExp {
  return new RegExp(forms.map((form) => `^${form}`).join('|'), 'u');
}
