import { reasonOf } from '../../text/reason.ts';
import { ConfigurationError, type Place } from './error.ts';
import { ENDS, LOGIC, type Question, type Values } from './logic.ts';
import { calculated, EndlessError, MOST_CHARACTERS, replaced } from './placeholders.ts';
import type { Surroundings } from './surroundings.ts';

/** An option that was set. */
export interface Option {
  key: string;
  value: string;
  place: Place;
  /** Whether it has taken effect. Then its placeholders are no longer replaced. */
  configured: boolean;
}

/** Maximum number of placeholders that are replaced in all options together. */
const MOST_REPLACEMENTS = 5000;

/** An option that depends on something that only the running server knows. */
export interface Doubt {
  key: string;
  place: Place;
  /** The condition, such as `if-plugin`. */
  condition: string;
}

/** Applies an option that takes effect as soon as it is set. */
type Apply = (value: string, place: Place) => void;

/** Maximum number of options, so that loops end. */
const MOST_OPTIONS = 5000;

/** The options in the order in which they were set, with conditions and loops applied (core/config.c). */
export class Options {
  readonly all: Option[] = [];
  readonly doubts: Doubt[] = [];
  /** Options that take effect at once, by their names. */
  readonly #immediate: ReadonlyMap<string, Apply>;
  readonly #from: Surroundings;
  /** The open condition or loop. */
  #logic: { key: string; argument: string } | null = null;
  #isRunning = false;
  #failed = false;
  #replacements = 0;

  constructor(from: Surroundings, immediate: ReadonlyMap<string, Apply>) {
    this.#from = from;
    this.#immediate = immediate;
  }

  /** The first option of each name. */
  readonly #firsts = new Map<string, Option>();

  /** The value of the first option of a name. */
  readonly first = (key: string): string | undefined => this.#firsts.get(key)?.value;

  /**
   * @param configured whether placeholders in the value stay as they are
   * @throws ConfigurationError
   */
  add(key: string, value: string, place: Place, configured = false): void {
    if (!this.#isRunning && ENDS.has(key)) this.#failed = false;
    if (!this.#isRunning && (ENDS.has(key) || key === 'else')) this.#logic = null;
    if (this.#isRunning || this.#logic === null) this.#append(key, value, place, configured);
    else this.#addIf(this.#logic, key, value, place, configured);
  }

  #addIf(
    logic: { key: string; argument: string },
    key: string,
    value: string,
    place: Place,
    configured: boolean,
  ): void {
    const values = this.#ask(logic, place);
    if (values === 'unknown') {
      this.doubts.push({ key, place, condition: logic.key });
      return;
    }
    if (logic.key.startsWith('if')) this.#failed = values.length === 0;
    this.#isRunning = true;
    for (const each of values) this.#append(key, filled(value, each, place), place, configured);
    this.#isRunning = false;
  }

  #ask({ key, argument }: { key: string; argument: string }, place: Place): Values {
    const question: Question = { argument, option: this.first, from: this.#from, failed: this.#failed };
    try {
      return LOGIC.get(key)?.(question) ?? [];
    } catch (error) {
      throw new ConfigurationError(place, `${key} = ${argument}: ${reasonOf(error)}`);
    }
  }

  #append(key: string, value: string, place: Place, configured: boolean): void {
    if (this.all.length >= MOST_OPTIONS)
      throw new ConfigurationError(place, `the configuration sets more than ${MOST_OPTIONS} options`);
    const option: Option = { key, value, place, configured };
    this.all.push(option);
    if (!this.#firsts.has(key)) this.#firsts.set(key, option);
    if (LOGIC.has(key)) {
      if (this.#logic !== null)
        throw new ConfigurationError(place, `uWSGI does not accept \`${key}\` within \`${this.#logic.key}\``);
      this.#logic = { key, argument: value };
    }
    const apply = this.#immediate.get(key);
    apply?.(value, place);
    if (apply || LOGIC.has(key)) option.configured = true;
  }

  /**
   * Replaces the placeholders of all options: variables of the environment, then contents of files, then options.
   *
   * @param needed names of the options whose values matter. Only for these files are read.
   * @throws ConfigurationError
   */
  replacePlaceholders(needed: ReadonlySet<string>): void {
    const open = this.all.filter((each) => !each.configured);
    for (const option of open) this.#replaceIn(option, '$', (name) => this.#from.environment[name] ?? null);
    const used = new Set([...needed, ...open.flatMap(({ value }) => namesIn(value))]);
    for (const option of open)
      if (used.has(option.key)) this.#replaceIn(option, '@', (name) => this.#contents(name));
    for (const option of open) this.#replaceIn(option, '%', (name) => calculated(name, this.first));
  }

  #replaceIn(option: Option, symbol: string, lookUp: (name: string) => string | null): void {
    try {
      option.value = replaced(option.value, symbol, (name) => {
        this.#replacements += 1;
        if (this.#replacements > MOST_REPLACEMENTS) throw new EndlessError(name);
        return lookUp(name);
      });
    } catch (error) {
      if (!(error instanceof EndlessError)) throw error;
      throw new ConfigurationError(option.place, `${symbol}(${error.message}) contains itself`);
    }
  }

  /** The text of a file; `null` if it cannot be read, so that the placeholder stays. */
  #contents(path: string): string | null {
    try {
      return this.#from.read(path).replace(/[\r\n]$/, '');
    } catch {
      return null;
    }
  }
}

/** @param word replaces `%(_)`, unless it is `null` */
function filled(value: string, word: string | null, place: Place): string {
  if (word === null) return value;
  const parts = value.split('%(_)');
  if (parts.length > 1 && parts.length * word.length > MOST_CHARACTERS)
    throw new ConfigurationError(place, `the value has more than ${MOST_CHARACTERS} characters`);
  return parts.join(word);
}

/** All words in placeholders `%(...)` of a value. */
function namesIn(value: string): string[] {
  return [...value.matchAll(/%\(([^()]*)\)/g)].flatMap(([, names = '']) => names.split(' '));
}
