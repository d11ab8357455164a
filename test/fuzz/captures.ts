import { readdirSync, readFileSync } from 'node:fs';
import { plant } from './secret.ts';
import { type Token, tokensOf } from './tokens.ts';

/** A document of a real server, ready to be spoiled. */
export interface Capture {
  /** Of its version and file, without the ending. */
  name: string;
  /** What it is made of, a character a byte. The secrets of `secret.ts` are planted in it, where it has a core. */
  tokens: readonly Token[];
  bytes: Buffer;
}

// The bundle lies as deep in the project as this file does.
const FIXTURES = new URL('../../fixtures/', import.meta.url);
/** Its captures are named without a version; those of the others are `2.0.28/prefork.1`. */
const PLAIN = '2.0.21/';
const HEAD_END = '\r\n\r\n';

/** All captures, by name. */
export const CAPTURES: readonly Capture[] = readdirSync(FIXTURES)
  .filter((folder) => folder.startsWith('uwsgi-'))
  .flatMap((folder) => readdirSync(new URL(folder, FIXTURES)).map((file) => `${folder}/${file}`))
  .map((path) => {
    const text = plant(withoutHttp(readFileSync(new URL(path, FIXTURES), 'latin1')));
    const name = path
      .replace(/^uwsgi-/, '')
      .replace(PLAIN, '')
      .replace(/\.stats$/, '');
    return { name, tokens: tokensOf(text), bytes: Buffer.from(text, 'latin1') };
  })
  .sort((a, b) => (a.name < b.name ? -1 : 1));

function withoutHttp(text: string): string {
  return text.startsWith('HTTP/') ? text.slice(text.indexOf(HEAD_END) + HEAD_END.length) : text;
}
