import { readdirSync, readFileSync } from 'node:fs';
import { bodyOf, looksLikeHttp, parseHead } from '../../src/sources/http.ts';

const FIXTURES = new URL('../../fixtures/', import.meta.url);

/** Names of captures of this version have no version part; others are `2.0.28/prefork`. */
const PLAIN = '2.0.21';

/** The versions of uWSGI with captures. */
export const VERSIONS: readonly string[] = readdirSync(FIXTURES)
  .filter((folder) => folder.startsWith('uwsgi-'))
  .map((folder) => folder.replace('uwsgi-', ''));

/** The names of the captured servers. Each was read twice, 2 s apart. */
export const NAMES: readonly string[] = VERSIONS.flatMap((version) => {
  const files = readdirSync(new URL(`uwsgi-${version}/`, FIXTURES));
  const kinds = new Set(files.map((file) => file.replace(/\.[12]\.stats$/, '')));
  return [...kinds].map((kind) => nameOf(version, kind));
});

/** The name of a capture. */
export function nameOf(version: string, kind: string): string {
  return version === PLAIN ? kind : `${version}/${kind}`;
}

/** The kind of server of a capture. The same in each version. */
export function kindOf(name: string): string {
  return name.replace(/^.*\//, '');
}

/** The path of a capture below fixtures/. */
export function pathOf(name: string, read: 1 | 2): string {
  return `uwsgi-${name.includes('/') ? name : `${PLAIN}/${name}`}.${read}.stats`;
}

/** The document of a capture, without the HTTP headers. */
export function capture(name: string, read: 1 | 2): Buffer {
  const path = pathOf(name, read);
  const bytes = readFileSync(new URL(path, FIXTURES));
  if (!looksLikeHttp(bytes)) return bytes;
  const head = parseHead(bytes);
  if (head === null) throw new Error(`${path} has no complete HTTP headers`);
  return bodyOf(head, bytes).body;
}

/** An object of a document as it was sent. */
export type Sent = Record<string, unknown>;

/**
 * Returns the document that uWSGI meant to send, without the code under test. Captures that are not JSON are repaired
 * here by hand. Strings have one character per byte, because bytes that are not UTF-8 have no other representation.
 */
export function meant(bytes: Buffer): Sent {
  const json = bytes
    .toString('latin1')
    .replaceAll(/(?<="(?:\/srv)?\/my )"app"(?= )/g, '\\"app\\"')
    .replace(/,\n\n\t\]/, ']')
    .replace(/[\x00-\x08\x0b\x0c\x0e-\x1f]/g, (char) => JSON.stringify(char).slice(1, -1));
  return JSON.parse(json) as Sent;
}

/** Converts every string in `value` to its bytes, one character per byte. Reverses `surrogateescape`. */
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
