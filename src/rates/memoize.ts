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

/**
 * Memoizes the last result of a pure function. It is computed again if any argument differs from the last call
 * (`Object.is`). The arguments must not be changed later.
 */
export function memoizeLast<Args extends readonly unknown[], Value>(
  compute: (...args: Args) => Value,
): (...args: Args) => Value {
  let last: { args: Args; value: Value } | null = null;
  return (...args) => {
    if (last === null || !isSame(args, last.args)) last = { args, value: compute(...args) };
    return last.value;
  };
}

function isSame(left: readonly unknown[], right: readonly unknown[]): boolean {
  return left.length === right.length && left.every((each, at) => Object.is(each, right[at]));
}
