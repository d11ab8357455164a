import { readdirSync, readFileSync } from 'node:fs';
import { plant } from './secret.ts';
import { type Token, tokensOf } from './tokens.ts';

/** A document of a real server, used as input for mutations. */
export interface Capture {
  /** Version and file name, without the extension. */
  name: string;
  /**
   * The tokens of the document, one character per byte. If it has a core, the secrets of `secret.ts` are planted in it.
   */
  tokens: readonly Token[];
  bytes: Buffer;
}

// The bundle has the same depth in the project as this file.
const FIXTURES = new URL('../../fixtures/', import.meta.url);
/** Names of captures of this version have no version part; others are `2.0.28/prefork.1`. */
const PLAIN = '2.0.21/';
const HEAD_END = '\r\n\r\n';

/** All captures by name. */
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
