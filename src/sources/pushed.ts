/**
 * The first key of each document (core/master_utils.c of uWSGI). Clients of the server cannot write unescaped quotes.
 */
const FIRST_NAME = '"version":"';
export const BRACE = 0x7b;
export const CLOSING_BRACE = 0x7d;

/**
 * Yields the documents of a file that `stats-push = file:path=FILE` writes, the last document first. uWSGI appends a
 * document and a separator every few seconds (plugins/stats_pusher_file). The separator is two line feeds, or the value
 * of `separator=`. The last document can be truncated, while it is written or because the disk is full.
 * Yields nothing if there is no document.
 */
export function* pushedDocuments(bytes: Buffer): Generator<Buffer> {
  let end = bytes.length;
  while (end > 0) {
    const name = bytes.lastIndexOf(FIRST_NAME, end - 1);
    if (name < 0) return;
    const start = braceBefore(bytes, name);
    if (start !== null) {
      const last = bytes.subarray(start, end).lastIndexOf(CLOSING_BRACE);
      if (last >= 0) yield bytes.subarray(start, start + last + 1);
    }
    end = start ?? name;
  }
}

/** Offset of the preceding brace, if only whitespace is in between; otherwise `null`. */
function braceBefore(bytes: Buffer, name: number): number | null {
  let at = name - 1;
  while (isSpace(bytes[at] ?? 0)) at -= 1;
  return bytes[at] === BRACE ? at : null;
}

export function isSpace(byte: number): boolean {
  return byte === 0x20 || (byte >= 0x09 && byte <= 0x0d);
}
