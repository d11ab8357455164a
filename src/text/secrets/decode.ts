const ENCODED = /%[0-9a-f]{2}/i;

/** Without its percent-encoding, of which a URL within a URL has two layers. */
export function decoded(text: string): string {
  return decodedOnce(decodedOnce(text));
}

/** Whether a layer of percent-encoding is left. */
export function isEncoded(text: string): boolean {
  return ENCODED.test(text);
}

function decodedOnce(text: string): string {
  if (!ENCODED.test(text)) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    // Not UTF-8: a byte is a character, as in ISO 8859-1.
    return text.replace(/%([0-9a-f]{2})/gi, (_, hex: string) =>
      String.fromCharCode(Number.parseInt(hex, 16)),
    );
  }
}
