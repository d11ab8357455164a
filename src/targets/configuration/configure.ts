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
  const apply = (option: Option) => {
    const { key, value, place } = option;
    const meaning = meanings.get(key);
    if (meaning !== undefined) effective.set(meaning, option);
    if (key === 'inherit') loader.loadByName(value, place);
    if (key === 'declare-option2') loader.declare(value);
    for (const [name, text] of custom(loader.declared.get(key), value))
      apply({ key: name, value: text, place, configured: true });
  };
  for (let next = open(options.all); next; next = open(options.all)) {
    next.configured = true;
    apply(next);
  }
  return effective;
}

function open(options: readonly Option[]): Option | undefined {
  return options.find(({ configured }) => !configured);
}

/**
 * The options of an option that `declare-option` has made (`uwsgi_opt_custom`): `$1` and so on are the words of its value.
 *
 * @param template such as `stats=:$1;stats-http=true`
 */
function custom(template: string | undefined, value: string): [key: string, value: string][] {
  const words = value.split(' ').filter((word) => word !== '');
  const filled = (text: string) => text.replaceAll(/\$([1-9])/g, (name, place) => words[place - 1] ?? name);
  return (template ?? '').split(';').flatMap((part) => {
    const equal = part.indexOf('=');
    return equal < 0 ? [] : [[filled(part.slice(0, equal)), filled(part.slice(equal + 1))]];
  });
}
