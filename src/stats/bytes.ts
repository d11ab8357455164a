/**
 * Bytes that are not UTF-8 → text in which no byte is lost: each byte that belongs to no character becomes the
 * lone surrogate U+DC00 + byte, as in Python's `surrogateescape` (PEP 383).
 */
export function decodeBytes(bytes: Uint8Array): string {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  let out = '';
  let start = 0;
  let at = 0;
  while (at < bytes.length) {
    const length = characterLength(bytes, at);
    if (length > 0) {
      at += length;
      continue;
    }
    out += decoder.decode(bytes.subarray(start, at)) + String.fromCharCode(0xdc00 + (bytes[at] ?? 0));
    at += 1;
    start = at;
  }
  return out + decoder.decode(bytes.subarray(start));
}

/** Lead byte ranges → how many bytes follow, and the range of the first of these (Unicode 15, table 3-7). */
const LEADS: readonly [from: number, to: number, followers: number, low: number, high: number][] = [
  [0x00, 0x7f, 0, 0, 0],
  [0xc2, 0xdf, 1, 0x80, 0xbf],
  [0xe0, 0xe0, 2, 0xa0, 0xbf],
  [0xe1, 0xec, 2, 0x80, 0xbf],
  [0xed, 0xed, 2, 0x80, 0x9f],
  [0xee, 0xef, 2, 0x80, 0xbf],
  [0xf0, 0xf0, 3, 0x90, 0xbf],
  [0xf1, 0xf3, 3, 0x80, 0xbf],
  [0xf4, 0xf4, 3, 0x80, 0x8f],
];

/** Bytes of the well-formed character at `at`; 0 when there is none. */
function characterLength(bytes: Uint8Array, at: number): number {
  const lead = bytes[at] ?? 0;
  const row = LEADS.find(([from, to]) => lead >= from && lead <= to);
  if (!row) return 0;
  const [, , followers, low, high] = row;
  for (let i = 1; i <= followers; i++) {
    const byte = bytes[at + i] ?? 0;
    const [min, max] = i === 1 ? [low, high] : [0x80, 0xbf];
    if (byte < min || byte > max) return 0;
  }
  return 1 + followers;
}
