/** Returns a text that is not taken: the given one, or else with a number, as in `app (2)`. */
export function uniqueText(text: string, taken: ReadonlySet<string>): string {
  let unique = text;
  for (let number = 2; taken.has(unique); number += 1) unique = `${text} (${number})`;
  return unique;
}

/** Returns the texts with a number after each one that equals an earlier one. */
export function uniqueTexts(texts: readonly string[]): string[] {
  const taken = new Set<string>();
  for (const text of texts) taken.add(uniqueText(text, taken));
  return [...taken];
}
