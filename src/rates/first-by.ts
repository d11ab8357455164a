/**
 * Maps each key to the first entry that has it. A document can have so many entries that a linear search for each entry
 * would take minutes.
 */
export function firstBy<Key, Entry>(
  entries: readonly Entry[],
  keyOf: (entry: Entry) => Key,
): ReadonlyMap<Key, Entry> {
  const found = new Map<Key, Entry>();
  for (const entry of entries) {
    const key = keyOf(entry);
    if (!found.has(key)) found.set(key, entry);
  }
  return found;
}
