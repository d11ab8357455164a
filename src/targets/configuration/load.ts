import { reasonOf } from '../../text/reason.ts';
import type { Entry } from './entry.ts';
import { ConfigurationError, type Place } from './error.ts';
import { type Format, formatOf } from './format.ts';
import { iniEntries } from './ini.ts';
import { jsonEntries } from './json.ts';
import { fileMagic, generalMagic, type Line, type Magic, substituted } from './magic.ts';
import { Options } from './options.ts';
import type { Surroundings } from './surroundings.ts';
import { xmlEntries } from './xml.ts';
import { yamlEntries } from './yaml.ts';

/** Options that load a file of a certain format. */
const LOADERS: Readonly<Record<string, Format>> = {
  ini: 'ini',
  xml: 'xml',
  xmlconfig: 'xml',
  yaml: 'yaml',
  yml: 'yaml',
  json: 'json',
  js: 'json',
};

/** Maximum depth of files that load each other, and number of files and sections that are loaded. */
const MOST_DEPTH = 20;
const MOST_LOADS = 100;

/** The section that uWSGI reads if the name of a file has no other. */
export const DEFAULT_SECTION = 'uwsgi';

/** Loads configuration files into options, with the files that they load. */
export class Loader {
  readonly options: Options;
  /** Names and templates of `declare-option`. */
  readonly declared = new Map<string, string>();
  readonly #from: Surroundings;
  #magic: Magic;
  /** The last INI file, to which `:section` refers. */
  #lastIni: { file: string; text: string } | null = null;
  #depth = 0;
  #loads = 0;
  #isFirst = true;

  constructor(from: Surroundings) {
    this.#from = from;
    this.#magic = generalMagic(from);
    const loaders = Object.entries(LOADERS).map(
      ([key, format]) => [key, (value: string, place: Place) => this.load(value, format, place)] as const,
    );
    this.options = new Options(
      from,
      new Map([
        ...loaders,
        ['include', (value: string, place: Place) => this.loadByName(value, place)],
        ['set', (value: string, place: Place) => this.#set(value, place, false)],
        ['set-ph', (value: string, place: Place) => this.#set(value, place, true)],
        ['set-placeholder', (value: string, place: Place) => this.#set(value, place, true)],
        ['declare-option', (value: string) => this.declare(value)],
      ]),
    );
  }

  /** Adds the options in the environment: `UWSGI_STATS` is `stats` (`parse_sys_envs` in core/utils.c). */
  loadEnvironment(): void {
    for (const [name, value] of Object.entries(this.#from.environment)) {
      const [, option] = /^UWSGI_(.+)$/.exec(name) ?? [];
      if (option === undefined || value === undefined || NOT_OPTIONS.has(option)) continue;
      this.options.add(option.toLowerCase().replaceAll('_', '-'), value, { file: name, line: 0, raw: value });
    }
  }

  /**
   * Loads a file by the ending of its name, as `include` does.
   *
   * @throws ConfigurationError
   */
  loadByName(given: string, place: Place): void {
    const format = formatOf(given);
    if (format === null) throw new ConfigurationError(place, `uWSGI cannot load ${given}: unknown format`);
    this.load(given, format, place);
  }

  /**
   * Loads a file with its section, such as `file.ini:section`.
   *
   * @param text the text of the file, if it is known
   * @throws ConfigurationError
   */
  load(given: string, format: Format, place: Place, text?: string): void {
    if (/^[a-z]+:\/\//.test(given))
      throw new ConfigurationError(place, `statstop does not load ${given}: only files. Give the address`);
    const colon = given.lastIndexOf(':');
    const file = colon < 0 ? given : given.slice(0, colon);
    const section = colon < 0 ? '' : given.slice(colon + 1);
    const content = file === '' ? this.#again(place) : { file, text: text ?? this.#read(file, place) };
    this.#setMagic(given, file, section);
    if (format === 'ini') this.#lastIni = content;
    this.#depth += 1;
    this.#loads += 1;
    if (this.#depth > MOST_DEPTH)
      throw new ConfigurationError(place, `more than ${MOST_DEPTH} files load each other`);
    if (this.#loads > MOST_LOADS)
      throw new ConfigurationError(
        place,
        `the configuration loads more than ${MOST_LOADS} files and sections`,
      );
    const rawLines = content.text.split('\n');
    const lines = this.#substituted(content.text, place);
    for (const { key, value, line } of this.#entries(content.file, format, lines, section))
      this.options.add(key, value, { file: content.file, line, raw: rawLines[line - 1] ?? '' });
    this.#depth -= 1;
  }

  #again(place: Place): { file: string; text: string } {
    if (this.#lastIni === null) throw new ConfigurationError(place, 'there is no file before this section');
    return this.#lastIni;
  }

  #read(file: string, place: Place): string {
    try {
      return this.#from.read(file);
    } catch (error) {
      throw new ConfigurationError(place, `cannot read ${file}: ${reasonOf(error)}`);
    }
  }

  #substituted(text: string, place: Place): Line[] {
    try {
      return substituted(text, this.#magic);
    } catch (error) {
      throw new ConfigurationError(place, reasonOf(error));
    }
  }

  #setMagic(given: string, file: string, section: string): void {
    if (file === '') {
      this.#magic = new Map([...this.#magic, ['o', given], ['x', section]]);
      return;
    }
    this.#magic = fileMagic(this.#magic, given, this.#from.nameOf(file), section, this.#isFirst);
    this.#isFirst = false;
  }

  #entries(file: string, format: Format, lines: readonly Line[], section: string): Entry[] {
    const asked = section || DEFAULT_SECTION;
    if (format === 'ini') return iniEntries(lines, asked);
    if (format === 'yaml') return yamlEntries(lines, asked);
    const text = lines.map((line) => line.text).join('\n');
    try {
      const entries = format === 'json' ? jsonEntries(text, asked) : xmlEntries(text, section || null);
      return entries.map((entry) => ({ ...entry, line: lines[entry.line - 1]?.number ?? entry.line }));
    } catch (error) {
      const [reason = ''] = reasonOf(error).split('\n');
      throw new ConfigurationError(file, `cannot read it as ${format.toUpperCase()}: ${reason}`);
    }
  }

  /** @param isPlaceholder whether the name is not an option, so its value stays as it is */
  #set(value: string, place: Place, isPlaceholder: boolean): void {
    const equal = value.indexOf('=');
    if (equal >= 0) this.options.add(value.slice(0, equal), value.slice(equal + 1), place, isPlaceholder);
  }

  declare(value: string): void {
    const equal = value.indexOf('=');
    if (equal >= 0) this.declared.set(value.slice(0, equal), value.slice(equal + 1));
  }
}

/** Variables that uWSGI sets for itself, without the prefix. */
const NOT_OPTIONS: ReadonlySet<string> = new Set([
  'RELOADS',
  'VASSALS_DIR',
  'EMPEROR_FD',
  'BROODLORD_NUM',
  'EMPEROR_FD_CONFIG',
  'EMPEROR_PROXY',
  'JAIL_PID',
  'ORIGINAL_PROC_NAME',
]);
