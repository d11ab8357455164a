/** The source of a pattern, or a function that makes it. */
export type Source = string | (() => string);

/**
 * Returns a pattern that is made when it is first used. V8 parses the patterns in the code while it loads the code, even
 * those in functions. One class such as `\p{L}` then takes 0.3 ms of each start.
 *
 * @param source of the pattern, as in `RegExp`
 */
export function rare(source: Source, flags = 'u'): () => RegExp {
  let made: RegExp | null = null;
  return () => {
    made ??= new RegExp(typeof source === 'string' ? source : source(), flags);
    return made;
  };
}
