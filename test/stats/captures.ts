import { readdirSync, readFileSync } from 'node:fs';
import { bodyOf, looksLikeHttp, parseHead } from '../../src/client/http.ts';

const FOLDER = new URL('../../fixtures/uwsgi-2.0.21/', import.meta.url);

/** The captured servers. Each was read twice, 2 s apart. */
export const NAMES: readonly string[] = [
  ...new Set(readdirSync(FOLDER).map((file) => file.replace(/\.[12]\.stats$/, ''))),
];

/** The document of one capture, without HTTP's headers. */
export function capture(name: string, read: 1 | 2): Buffer {
  const bytes = readFileSync(new URL(`${name}.${read}.stats`, FOLDER));
  if (!looksLikeHttp(bytes)) return bytes;
  const head = parseHead(bytes);
  if (head === null) throw new Error(`${name}.${read}.stats has no whole HTTP headers`);
  return bodyOf(head, bytes).body;
}

/** An object of a document as it was sent. */
export type Sent = Record<string, unknown>;

/**
 * What uWSGI meant to send, read without the code under test: the three captures that are not JSON are mended here by
 * hand. Strings have one character a byte, as bytes that are not UTF-8 have no other.
 */
export function meant(bytes: Buffer): Sent {
  const json = bytes
    .toString('latin1')
    .replace('"/srv/my "app" ', '"/srv/my \\"app\\" ')
    .replace(/,\n\n\t\]/, ']')
    .replace(/[\x00-\x08\x0b\x0c\x0e-\x1f]/g, (char) => JSON.stringify(char).slice(1, -1));
  return JSON.parse(json) as Sent;
}

/** Every string in `value` as its bytes, one character a byte; what `surrogateescape` made turns back. */
export function asBytes(value: unknown): unknown {
  if (typeof value === 'string') return [...value].map(bytesOf).join('');
  if (Array.isArray(value)) return value.map(asBytes);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [asBytes(key), asBytes(each)]));
}

function bytesOf(char: string): string {
  const code = char.codePointAt(0) ?? 0;
  if (code >= 0xdc80 && code <= 0xdcff) return String.fromCharCode(code - 0xdc00);
  return Buffer.from(char, 'utf8').toString('latin1');
}
