import { rare } from '../rare.ts';
import type { Names } from './names.ts';
import { isProse, isToken } from './tokens.ts';
import { MASK } from './urls.ts';

/** A string literal with its quotes. The last one of a line can continue on the next line. */
const STRING = /("""|'''|["'])((?:\\[\s\S]|(?!\1)[^\\])*)(\1?)/g;
const COMMENT = /#[^"']*$/;
const namesIn = rare(String.raw`[\p{L}_][\p{L}\p{N}_]*`, 'gu');
const wordsIn = rare(String.raw`[\p{L}\p{N}_]+`, 'gu');

/** Fields of Python format strings: `%s`, `%(name)s`, `{}`, `{name!r:>10}`. */
const FIELD = /%(?:\(\w{1,30}\))?[\d.]{0,5}[a-z%]|\{[\w.]{0,30}(?:![rsa])?(?::[\w.<>^,+-]{0,10})?\}/g;
const PUNCTUATION = /[/()[\]<>:;!?=#|\\]/g;

/**
 * Masks the secrets of a line of source code. In a line with the name of a secret, it masks all strings and all numbers
 * of three or more digits. In other lines it masks strings with more than words, paths and format fields.
 */
export function maskSource(line: string, names: Names): string {
  const isSecret = (line.match(namesIn()) ?? []).some((name) => names.verdict(name) === 'secret');
  let out = '';
  let from = 0;
  for (const found of line.matchAll(STRING)) {
    const [all, open = '', inner = '', close = ''] = found;
    out += maskCode(line.slice(from, found.index), isSecret) + open;
    out += inner === '' || (!isSecret && isHarmless(inner)) ? inner : MASK;
    out += close;
    from = found.index + all.length;
  }
  return out + maskCode(line.slice(from), isSecret);
}

function maskCode(code: string, isSecret: boolean): string {
  const masked = code.replace(wordsIn(), (word) =>
    isToken(word) || (isSecret && /^\d{3,}$/.test(word)) ? MASK : word,
  );
  return masked.replace(COMMENT, (comment) => (isSecret || !isHarmless(comment) ? `#${MASK}` : comment));
}

const LONGEST = 80;

function isHarmless(text: string): boolean {
  if (text.length > LONGEST || isToken(text)) return false;
  const words = text.replace(FIELD, ' ').replace(PUNCTUATION, ' ').split(/\s+/);
  return words.every((word) => word === '' || isProse(word, 13) || /^[a-z]{1,4}-?\d{1,2}$/i.test(word));
}
