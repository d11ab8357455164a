import { ConfigurationError } from './error.ts';
import type { Loader } from './load.ts';
import type { Option } from './options.ts';

/**
 * Applies the options in their order (`uwsgi_configure` in core/config.c) and returns the effective ones: of several
 * options with the same meaning, the last. `inherit` adds the options of a file, whose placeholders are no longer replaced.
 *
 * @param meanings the options of interest, and what each sets
 * @throws ConfigurationError
 */
export function configure<Meaning>(
  loader: Loader,
  meanings: ReadonlyMap<string, Meaning>,
): Map<Meaning, Option> {
  const { options } = loader;
  const effective = new Map<Meaning, Option>();
  let count = 0;
  const apply = (first: Option) => {
    const waiting = [first];
    for (let option = waiting.pop(); option; option = waiting.pop()) {
      const { key, value, place } = option;
      count += 1;
      if (count > MOST_APPLIED) throw new ConfigurationError(place, `\`${key}\` sets too many options`);
      const meaning = meanings.get(key);
      if (meaning !== undefined) effective.set(meaning, option);
      if (key === 'inherit') loader.loadByName(value, place);
      if (key === 'declare-option2') loader.declare(value);
      const made = custom(loader.declared.get(key), value);
      waiting.push(...made.reverse().map(([key, value]) => ({ key, value, place, configured: true })));
    }
  };
  // `inherit` adds options at the end.
  for (const option of options.all) {
    if (option.configured) continue;
    option.configured = true;
    apply(option);
  }
  return effective;
}

/** Maximum number of options that take effect, so that declared options that contain each other end. */
const MOST_APPLIED = 6000;

/** Maximum number of parts of a declared option, and of characters of each part. */
const MOST_PARTS = 50;
const MOST_TEMPLATE = 1000;

/**
 * The options of an option that `declare-option` has made (`uwsgi_opt_custom`): `$1` and so on are the words of its value.
 *
 * @param template such as `stats=:$1;stats-http=true`
 */
function custom(template: string | undefined, value: string): [key: string, value: string][] {
  const words = value
    .slice(0, MOST_TEMPLATE)
    .split(' ')
    .filter((word) => word !== '');
  const filled = (text: string) =>
    text.slice(0, MOST_TEMPLATE).replaceAll(/\$([1-9])/g, (name, place) => words[place - 1] ?? name);
  return (template ?? '').split(';', MOST_PARTS).flatMap((part) => {
    const equal = part.indexOf('=');
    return equal < 0 ? [] : [[filled(part.slice(0, equal)), filled(part.slice(equal + 1))]];
  });
}
