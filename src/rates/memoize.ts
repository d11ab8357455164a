/** The same function, that works out only once what it says of an object, for as long as that is in use. */
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
