/** A piece of a document, as it was sent: a character a byte. */
export interface Token {
  kind: 'string' | 'number' | 'sign' | 'blank';
  text: string;
  /** What a string is; `null` of all others. */
  place: 'key' | 'value' | 'element' | null;
  /** Name of the pair that it is the value of or, in a list, that the list is the value of. */
  key: string;
}

/** A quote ends a string of a capture only before one of these: some have quotes in them. */
const STRING = /"(?:[^"\\]|\\[\s\S]|"(?!\s*[:,\]}]))*"/y;
const NUMBER = /-?\d+/y;
const BLANK = /\s+/y;

/** Takes a capture apart; what its tokens say, put together, is the capture. */
export function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  /** Keys of the brackets that are open, and whether each is a list. */
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

/** The document of tokens. */
export function textOf(tokens: readonly Token[]): string {
  return tokens.map(({ text }) => text).join('');
}

/** Something that no capture has, in the place of a token or between two. */
export function rawToken(text: string): Token {
  return { kind: 'sign', text, place: null, key: '' };
}
