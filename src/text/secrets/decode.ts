const ENCODED = /%[0-9a-f]{2}/i;

/** Removes up to two layers of percent-encoding. A URL within a URL has two. */
export function decoded(text: string): string {
  return text.includes('%') ? decodedOnce(decodedOnce(text)) : text;
}

/** Whether a text contains percent-encoding. */
export function isEncoded(text: string): boolean {
  return ENCODED.test(text);
}

function decodedOnce(text: string): string {
  if (!ENCODED.test(text)) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    // Not UTF-8: decode each byte as ISO 8859-1.
    return text.replace(/%([0-9a-f]{2})/gi, (_, hex: string) =>
      String.fromCharCode(Number.parseInt(hex, 16)),
    );
  }
}
