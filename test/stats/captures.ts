import { readdirSync, readFileSync } from 'node:fs';
import { bodyOf, looksLikeHttp, parseHead } from '../../src/sources/http.ts';

const FIXTURES = new URL('../../fixtures/', import.meta.url);

/** Its captures are named without a version; those of the others are `2.0.28/prefork`. */
const PLAIN = '2.0.21';

/** The versions of uWSGI that were captured. */
export const VERSIONS: readonly string[] = readdirSync(FIXTURES)
  .filter((folder) => folder.startsWith('uwsgi-'))
  .map((folder) => folder.replace('uwsgi-', ''));

/** The captured servers. Each was read twice, 2 s apart. */
export const NAMES: readonly string[] = VERSIONS.flatMap((version) => {
  const files = readdirSync(new URL(`uwsgi-${version}/`, FIXTURES));
  const kinds = new Set(files.map((file) => file.replace(/\.[12]\.stats$/, '')));
  return [...kinds].map((kind) => nameOf(version, kind));
});

/** The name of a capture. */
export function nameOf(version: string, kind: string): string {
  return version === PLAIN ? kind : `${version}/${kind}`;
}

/** The kind of server that a capture is of, which is the same in each version. */
export function kindOf(name: string): string {
  return name.replace(/^.*\//, '');
}

/** Its file, below fixtures/. */
export function pathOf(name: string, read: 1 | 2): string {
  return `uwsgi-${name.includes('/') ? name : `${PLAIN}/${name}`}.${read}.stats`;
}

/** The document of one capture, without HTTP's headers. */
export function capture(name: string, read: 1 | 2): Buffer {
  const path = pathOf(name, read);
  const bytes = readFileSync(new URL(path, FIXTURES));
  if (!looksLikeHttp(bytes)) return bytes;
  const head = parseHead(bytes);
  if (head === null) throw new Error(`${path} has no whole HTTP headers`);
  return bodyOf(head, bytes).body;
}

/** An object of a document as it was sent. */
export type Sent = Record<string, unknown>;

/**
 * What uWSGI meant to send, read without the code under test: the captures that are not JSON are mended here by hand. Strings have one character a byte, as bytes that are not UTF-8 have no other.
 */
export function meant(bytes: Buffer): Sent {
  const json = bytes
    .toString('latin1')
    .replaceAll(/(?<="(?:\/srv)?\/my )"app"(?= )/g, '\\"app\\"')
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
