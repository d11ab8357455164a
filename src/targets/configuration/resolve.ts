import type { Address } from '../target.ts';
import { boundAddress } from './address.ts';
import { configure } from './configure.ts';
import { ConfigurationError, type Place } from './error.ts';
import type { Format } from './format.ts';
import { DEFAULT_SECTION, Loader } from './load.ts';
import { unknownMagic } from './magic.ts';
import type { Doubt, Option } from './options.ts';
import type { Surroundings } from './surroundings.ts';

/** The parts of uWSGI that have a stats server. */
const PARTS = ['app', 'emperor', 'http', 'fastrouter', 'rawrouter', 'sslrouter', 'forkptyrouter'] as const;
export type Part = (typeof PARTS)[number];

/** A stats server that a configuration starts. */
export interface StatsServer {
  part: Part;
  /** The option that sets it, such as `stats` or `emperor-stats`. */
  option: string;
  place: Place;
  /** The path of a unix socket is relative to `folder` unless it is absolute. */
  address: Address;
  /** The `chdir` of the server, which may be relative; empty without one. */
  folder: string;
}

/** The text of a configuration file. */
export interface ConfigurationText {
  /** As the user wrote it, without the section. */
  name: string;
  /** Empty for the default. */
  section: string;
  format: Format;
  text: string;
}

/**
 * The stats servers that uWSGI starts with a configuration, the app server's first. In the configuration of an emperor
 * its own comes first, because the other has no workers. Options are read, replaced and applied as uWSGI 2.0 does.
 *
 * @throws ConfigurationError if there is no stats server, or if its address depends on something that is not known
 */
export function statsServers(configuration: ConfigurationText, from: Surroundings): StatsServer[] {
  const { name, section, format, text } = configuration;
  const loader = new Loader(from);
  loader.loadEnvironment();
  const given = section === '' ? name : `${name}:${section}`;
  loader.load(given, format, { file: name, line: 0, raw: '' }, text);
  loader.options.replacePlaceholders(new Set(MEANINGS.keys()));
  const set = configure(loader, MEANINGS);
  refuseDoubts(loader.options.doubts);
  const servers = PARTS.flatMap((part) => {
    const option = set.get(part);
    return option ? [{ part, option: option.key, place: option.place, ...addressOf(option, set) }] : [];
  });
  const isEmperor = set.has('is-emperor');
  if (servers.length === 0) throw missing(configuration, isEmperor ? 'emperor-stats' : 'stats');
  const first = isEmperor ? 'emperor' : 'app';
  return [...servers.filter(({ part }) => part === first), ...servers.filter(({ part }) => part !== first)];
}

type Meaning = Part | 'is-emperor' | 'folder' | 'abstract' | 'template';

/** The options that set a stats server, and those that decide its address. */
const MEANINGS: ReadonlyMap<string, Meaning> = new Map<string, Meaning>([
  ['stats', 'app'],
  ['stats-server', 'app'],
  ...PARTS.slice(1).flatMap((part) =>
    ['stats', 'stats-server'].map((name) => [`${part}-${name}`, part] as const),
  ),
  ['emperor', 'is-emperor'],
  ['chdir', 'folder'],
  ['abstract-socket', 'abstract'],
  ['inherit', 'template'],
]);

function refuseDoubts(doubts: readonly Doubt[]): void {
  for (const { key, place, condition } of doubts)
    if (MEANINGS.has(key))
      throw new ConfigurationError(
        place,
        `\`${key}\` depends on \`${condition}\`, which only the running server knows. Give the address`,
      );
}

function addressOf(
  option: Option,
  set: ReadonlyMap<Meaning, Option>,
): Pick<StatsServer, 'address' | 'folder'> {
  const text = known(option);
  const isAbstract = /^(?:true|1|on|yes)?$/.test(set.get('abstract')?.value ?? 'false');
  const address = boundAddress(text, isAbstract);
  if (address === null || text === '')
    throw new ConfigurationError(
      option.place,
      `\`${option.key} = ${text}\` is not an address. Use a path or host:port${/[;#]/.test(text) ? COMMENT : ''}`,
    );
  const folder = set.get('folder');
  const isRelative = address.family === 'unix' && !address.path.startsWith('/');
  return { address, folder: folder && isRelative ? known(folder) : '' };
}

const COMMENT = '. uWSGI takes the whole line as the value, so a comment needs its own line';

/** Patterns of files that another program fills in, with its kind. */
const TEMPLATES: readonly (readonly [RegExp, string])[] = [
  [/<%[^%\n]*%>/, 'ERB'],
  [/\{\{[^{}\n]*\}\}|\{%[^%\n]*%\}/, 'Jinja'],
  [/\$\{\w[^{}\n]*\}/, 'a shell'],
];

function templateOf(text: string): string | null {
  return TEMPLATES.find(([pattern]) => pattern.test(text))?.[1] ?? null;
}

/**
 * The value of an option.
 *
 * @throws ConfigurationError if a part of it is not known
 */
function known({ key, value, place }: Option): string {
  const template = templateOf(place.raw);
  if (template !== null)
    throw new ConfigurationError(
      place,
      `\`${key}\` is filled in by ${template}. Give the file that it makes, or the address`,
    );
  const letter = unknownMagic(value);
  if (letter !== null)
    throw new ConfigurationError(place, `only the running server knows %${letter}. Give the address`);
  const [, symbol = '', name = ''] = /([$%@])\(([^()]*)\)/.exec(value) ?? [];
  if (symbol !== '') throw new ConfigurationError(place, unresolved(symbol, name));
  return value;
}

function unresolved(symbol: string, name: string): string {
  const text = `${symbol}(${name})`;
  if (symbol !== '@') return `${text} is not set. Set it, or give the address`;
  return /^[a-z]+:\/\//.test(name)
    ? `statstop does not run or load ${text}. Give the address`
    : `cannot read ${text}. Give the address`;
}

/** Lines to add, by format: the option, and where it belongs. */
const LINES: Readonly<Record<Format, (option: string, section: string) => string>> = {
  ini: (option, section) => `\`${option} = /run/app.stats\` to [${section}]`,
  yaml: (option, section) => `\`${option}: /run/app.stats\` below \`${section}:\``,
  json: (option, section) => `\`"${option}": "/run/app.stats"\` to "${section}"`,
  xml: (option) => `\`<${option}>/run/app.stats</${option}>\` to <uwsgi>`,
};

function missing({ name, section, format, text }: ConfigurationText, option: string): ConfigurationError {
  const template = templateOf(text);
  if (template === 'ERB' || template === 'Jinja')
    return new ConfigurationError(
      name,
      `no \`${option}\` found, and ${template} fills in parts of this file. Give the file that it makes, or the address`,
    );
  const asked = section || DEFAULT_SECTION;
  const where = section === '' ? '' : ` in section ${section}`;
  return new ConfigurationError(
    name,
    `it has no \`${option}\`${where}. Add ${LINES[format](option, asked)}, or give the address`,
  );
}
