/**
 * Yields the values of several iterables as they arrive. All are read from the first value on, whether or not the
 * consumer is ready. The iteration ends when all have ended, or with the first error.
 */
export async function* merged<Value>(all: readonly AsyncIterable<Value>[]): AsyncGenerator<Value> {
  const ready: Value[] = [];
  const errors: unknown[] = [];
  let open = all.length;
  let wake = () => {};
  const follow = async (each: AsyncIterable<Value>) => {
    try {
      for await (const value of each) {
        ready.push(value);
        wake();
      }
    } catch (error) {
      errors.push(error);
    } finally {
      open -= 1;
      wake();
    }
  };
  for (const each of all) follow(each);
  for (;;) {
    for (const value of ready.splice(0)) yield value;
    if (errors.length > 0) throw errors[0];
    if (ready.length > 0) continue;
    if (open === 0) return;
    await new Promise<void>((resolve) => {
      wake = resolve;
    });
  }
}
