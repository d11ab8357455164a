/** A piece of a document as it was sent, one character per byte. */
export interface Token {
  kind: 'string' | 'number' | 'sign' | 'blank';
  text: string;
  /** The role of a string; `null` for other tokens. */
  place: 'key' | 'value' | 'element' | null;
  /** Key of the value or, for an element of a list, the key of the list. */
  key: string;
}

/** A quote ends a string of a capture only before one of these characters, because some strings contain quotes. */
const STRING = /"(?:[^"\\]|\\[\s\S]|"(?!\s*[:,\]}]))*"/y;
const NUMBER = /-?\d+/y;
const BLANK = /\s+/y;

/** Splits a capture into tokens. Their texts together equal the capture. */
export function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  /** Keys of the open brackets, and whether each is a list. */
  const open: { key: string; list: boolean }[] = [];
  let key = '';
  let at = 0;
  const match = (pattern: RegExp): string | null => {
    pattern.lastIndex = at;
    return pattern.exec(text)?.[0] ?? null;
  };
  const add = (kind: Token['kind'], piece: string, place: Token['place'] = null) => {
    tokens.push({ kind, text: piece, place, key });
    at += piece.length;
  };
  while (at < text.length) {
    const blank = match(BLANK);
    if (blank !== null) {
      add('blank', blank);
      continue;
    }
    const string = match(STRING);
    if (string !== null) {
      const isKey = /^\s*:/.test(text.slice(at + string.length, at + string.length + 20));
      if (isKey) key = string.slice(1, -1);
      add('string', string, isKey ? 'key' : open.at(-1)?.list ? 'element' : 'value');
      continue;
    }
    const number = match(NUMBER);
    if (number !== null) {
      add('number', number);
      continue;
    }
    const sign = text.charAt(at);
    if (sign === '{' || sign === '[') open.push({ key, list: sign === '[' });
    if (sign === '}' || sign === ']') key = open.pop()?.key ?? '';
    add('sign', sign);
  }
  return tokens;
}

/** The text of the document. */
export function textOf(tokens: readonly Token[]): string {
  return tokens.map(({ text }) => text).join('');
}

/** A token that no capture contains, as a replacement or an insertion. */
export function rawToken(text: string): Token {
  return { kind: 'sign', text, place: null, key: '' };
}
