/** The first name of each document (core/master_utils.c of uWSGI); clients of the server cannot write unescaped quotes. */
const FIRST_NAME = '"version":"';
const BRACE = 0x7b;
const CLOSING_BRACE = 0x7d;

/**
 * The documents of a file that `stats-push = file:path=FILE` writes, the last one first. uWSGI appends a document and a
 * separator every few seconds (plugins/stats_pusher_file): two line feeds, or what `separator=` says. Nothing when the
 * bytes do not have a document at all. The last one can be cut off, while it is written or on a full disk.
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

/** The place of the brace before, with nothing but blanks between; `null` when there is none. */
function braceBefore(bytes: Buffer, name: number): number | null {
  let at = name - 1;
  while (at >= 0 && isBlank(bytes[at])) at -= 1;
  return bytes[at] === BRACE ? at : null;
}

function isBlank(byte: number | undefined): boolean {
  return byte === 0x20 || (byte !== undefined && byte >= 0x09 && byte <= 0x0d);
}
