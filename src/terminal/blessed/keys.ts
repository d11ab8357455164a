import { afterSilence } from '../../sources/silence.ts';

/**
 * Terminal input arrives in pieces of any size. blessed reads each piece as if it were whole: an arrow key that a slow
 * line cuts in two would be an Esc and a letter, two mouse clicks at once would be one, and a paste would be commands.
 * `Tokens` puts sequences together again and hands them on one by one; pasted text (bracketed paste) is handed on whole.
 */
export class Tokens {
  private pending = '';
  /** What was pasted so far; `null` while nothing is. */
  private pasted: string | null = null;
  private stopWaiting = () => {};
  private readonly emit: (token: string) => void;
  private readonly paste: (text: string) => void;

  /**
   * @param emit gets each key, as the bytes that the terminal sends for it
   * @param paste gets what was pasted, as it is
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
    // A lone Esc is a key of its own, when nothing comes after it.
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

/** Nobody types more; what is pasted by mistake can be a file. */
const LONGEST_PASTE = 1000;

/** ncurses waits longer (ESCDELAY, 1 s), vim and tmux about as long. */
const LONE_ESCAPE_SECONDS = 0.05;

const PASTE_START = '\x1b[200~';
const PASTE_END = '\x1b[201~';

/** To the terminal: mark pasted text. */
export const PASTE_ON = '\x1b[?2004h';
export const PASTE_OFF = '\x1b[?2004l';

/**
 * One whole sequence: an answer of the terminal (OSC, DCS and the like, to their terminator), CSI (ECMA-48, 5.4) with
 * X10's three bytes of mouse, SS3, Alt and a key, or one character.
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
 * Whether blessed takes a sequence for one key or one event of the mouse. It would take any other one, which answers
 * another program's question or comes of a key that it does not know, for a row of keys.
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
