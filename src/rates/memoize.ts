/**
 * Memoizes a function of one object by object identity (`WeakMap`). A result is kept as long as its object is in use.
 */
export function memoize<Key extends object, Value>(value: (of: Key) => Value): (of: Key) => Value {
  const known = new WeakMap<Key, { value: Value }>();
  return (of) => {
    let found = known.get(of);
    if (!found) {
      found = { value: value(of) };
      known.set(of, found);
    }
    return found.value;
  };
}
