/**
 * Decodes bytes that are not UTF-8 to a text that preserves every byte. Each byte that belongs to no character becomes
 * the lone surrogate U+DC00 + byte, as in Python's `surrogateescape` (PEP 383).
 */
export function decodeBytes(bytes: Uint8Array): string {
  // UTF-16 never needs more units than there are bytes.
  const units = Buffer.allocUnsafe(bytes.length * 2);
  let end = 0;
  const put = (unit: number) => {
    units[end++] = unit & 0xff;
    units[end++] = unit >> 8;
  };
  for (let at = 0; at < bytes.length; ) {
    const lead = bytes[at] ?? 0;
    const followers = followersOf(bytes, at);
    if (followers === null) put(0xdc00 + lead);
    else if (followers === 0) put(lead);
    else putCharacter(codePoint(bytes, at, followers), put);
    at += 1 + (followers ?? 0);
  }
  return units.toString('utf16le', 0, end);
}

/**
 * Ranges of the lead byte, number of following bytes, and range of the first following byte (Unicode 15, table 3-7).
 */
const LEADS: readonly [from: number, to: number, followers: number, low: number, high: number][] = [
  [0xc2, 0xdf, 1, 0x80, 0xbf],
  [0xe0, 0xe0, 2, 0xa0, 0xbf],
  [0xe1, 0xec, 2, 0x80, 0xbf],
  [0xed, 0xed, 2, 0x80, 0x9f],
  [0xee, 0xef, 2, 0x80, 0xbf],
  [0xf0, 0xf0, 3, 0x90, 0xbf],
  [0xf1, 0xf3, 3, 0x80, 0xbf],
  [0xf4, 0xf4, 3, 0x80, 0x8f],
];

/** Entries of `LEADS` by lead byte; `undefined` for a byte that cannot be a lead byte. */
const ROWS = Array.from({ length: 256 }, (_, lead) => LEADS.find(([from, to]) => lead >= from && lead <= to));

/** Number of bytes that follow the lead byte at `at`; `null` if no well-formed character begins there. */
function followersOf(bytes: Uint8Array, at: number): number | null {
  const lead = bytes[at] ?? 0;
  if (lead < 0x80) return 0;
  const row = ROWS[lead];
  if (!row) return null;
  const [, , followers, low, high] = row;
  for (let i = 1; i <= followers; i++) {
    const byte = bytes[at + i] ?? 0;
    if (byte < (i === 1 ? low : 0x80) || byte > (i === 1 ? high : 0xbf)) return null;
  }
  return followers;
}

function codePoint(bytes: Uint8Array, at: number, followers: number): number {
  let point = (bytes[at] ?? 0) & (0x3f >> followers);
  for (let i = 1; i <= followers; i++) point = (point << 6) | ((bytes[at + i] ?? 0) & 0x3f);
  return point;
}

function putCharacter(point: number, put: (unit: number) => void): void {
  if (point < 0x10000) put(point);
  else {
    put(0xd7c0 + (point >> 10));
    put(0xdc00 + (point & 0x3ff));
  }
}
