/**
 * The entries of a list by a key; of several with the same key, the first one. A document can have so many entries that
 * a search of the list for each of them would take minutes.
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
