import type { Entry } from './entry.ts';

const TOKEN = /\s*(?:("(?:[^"\\\n]|\\.)*"|[-+.\w]+|[{}[\],:])|(\/\*[\s\S]*?\*\/|\/\/.*))/y;

/** A token of JSON, with the number of its line. */
interface Token {
  text: string;
  line: number;
}

/**
 * Reads the object `asked` of a JSON file (core/json.c). uWSGI keeps the order and repeated keys, which `JSON.parse` does not,
 * and ignores comments and objects within the object.
 *
 * @throws Error for invalid JSON
 */
export function jsonEntries(text: string, asked: string): Entry[] {
  const tokens = tokensOf(text);
  // Checks the syntax. The message of Node.js would quote the file.
  try {
    JSON.parse(tokens.map((token) => token.text).join(' '));
  } catch {
    throw new Error('it is not valid JSON');
  }
  const entries: Entry[] = [];
  /** The keys of the open objects, from the outermost; `null` in a list. */
  const path: (string | null)[] = [];
  for (const [place, { text: token, line }] of tokens.entries()) {
    if (token === '{' || token === '[') path.push(null);
    else if (token === '}' || token === ']') path.pop();
    else if (tokens[place + 1]?.text === ':') path[path.length - 1] = string(token);
    else if (token !== ',' && token !== ':' && path[0] === asked) {
      const isList = path.length === 3 && path[2] === null;
      const key = path[1] ?? null;
      if (key !== null && (path.length === 2 || isList)) entries.push({ key, value: scalar(token), line });
    }
  }
  return entries;
}

function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  let line = 1;
  let end = 0;
  TOKEN.lastIndex = 0;
  for (let found = TOKEN.exec(text); found; found = TOKEN.exec(text)) {
    const [whole, token] = found;
    const feeds = whole.split('\n').length - 1;
    line += feeds;
    if (token !== undefined) tokens.push({ text: token, line });
    end = TOKEN.lastIndex;
  }
  if (text.slice(end).trim() !== '') throw new Error(`line ${line} is not valid JSON`);
  return tokens;
}

function string(token: string): string {
  return String(JSON.parse(token));
}

const WORDS: Readonly<Record<string, string>> = { true: '1', false: '0', null: '0' };

function scalar(token: string): string {
  return token.startsWith('"') ? string(token) : (WORDS[token] ?? token);
}
