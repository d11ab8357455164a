import { readdirSync, readFileSync } from 'node:fs';
import { plant } from './secret.ts';
import { type Token, tokensOf } from './tokens.ts';

/** A document of a real server, ready to be spoiled. */
export interface Capture {
  /** Of its file, without the ending. */
  name: string;
  /** What it is made of, a character a byte. The secrets of `secret.ts` are planted in it, where it has a core. */
  tokens: readonly Token[];
  bytes: Buffer;
}

// The bundle lies as deep in the project as this file does.
const FOLDER = new URL('../fixtures/uwsgi-2.0.21/', import.meta.url);
const HEAD_END = '\r\n\r\n';

/** All captures, by name. */
export const CAPTURES: readonly Capture[] = readdirSync(FOLDER)
  .filter((file) => file.endsWith('.stats'))
  .sort()
  .map((file) => {
    const text = plant(withoutHttp(readFileSync(new URL(file, FOLDER), 'latin1')));
    return { name: file.replace(/\.stats$/, ''), tokens: tokensOf(text), bytes: Buffer.from(text, 'latin1') };
  });

function withoutHttp(text: string): string {
  return text.startsWith('HTTP/') ? text.slice(text.indexOf(HEAD_END) + HEAD_END.length) : text;
}
