import { EXIT_STATUSES } from '../../src/commands/exit-status.ts';
import { ENVIRONMENT } from '../../src/commands/groups.ts';
import type { CommandWords, OptionWords } from './definition.ts';

type Entry = readonly [term: string, description: string];

/** Other variables that change what statstop does. */
const OTHER_VARIABLES: readonly Entry[] = [
  ['TERM, COLORTERM', 'the type of the terminal and its number of colours'],
  [
    'LC_ALL, LC_CTYPE, LANG',
    'whether the terminal shows UTF-8; otherwise statstop uses only ASCII characters',
  ],
  ['TZ', 'the time zone of the times on the screen and in reports'],
  ['XDG_CONFIG_HOME', 'the folder of the setting file, instead of ~/.config'],
  ['XDG_STATE_HOME', 'the folder of recordings of the live view, instead of ~/.local/state'],
  ['XDG_CACHE_HOME', 'the folder of compiled code, instead of ~/.cache'],
  ['NODE_DISABLE_COMPILE_CACHE', '1: keep no compiled code'],
];

const FILES: readonly Entry[] = [
  [
    '~/.config/statstop/config.toml',
    'the setting file. The live view writes it after a question, with the key S',
  ],
  ['~/.local/state/statstop/recordings', 'the recordings that the key R of the live view starts'],
  [
    '~/.cache/statstop',
    'compiled code, on Node.js 22 and newer. The executable writes none. You can remove it at any time',
  ],
];

const STATUS: readonly Entry[] = EXIT_STATUSES.map(({ status, meaning }) => [String(status), meaning]);

const CHECK_STATUS: readonly Entry[] = [
  ['0', 'ok'],
  ['1', 'warning'],
  ['2', 'critical, or the server does not respond'],
  [
    '3',
    'unknown: no permission, no stats document, no workers, no reading in time, the state file cannot be used, or the command line is wrong',
  ],
];

const EXAMPLES: readonly Entry[] = [
  ['statstop /run/app/uwsgi.status', 'watch the server with this stats socket'],
  ['statstop --once 127.0.0.1:1717', 'print one table of it'],
  ['statstop check --for 10 /run/app/uwsgi.status', 'print one line and an exit status for a monitor'],
  ['statstop doctor /run/app/uwsgi.status', 'print what a bug report needs, with secrets masked'],
  ['statstop servers', 'list the servers of this machine'],
  ['statstop report --from 08:00 --until 08:30 /var/lib/statstop', 'summarize half an hour of a recording'],
  ['statstop check shop=/run/shop.stats blog=/run/blog.stats', 'check several servers at the same time'],
  ['statstop export --group production', 'serve metrics of a group of servers for Prometheus'],
  ['statstop demo', 'show a built-in server with simulated traffic'],
];

/**
 * Writes the man page, in the `man` macros of roff.
 *
 * @param time of the release
 */
export function manual(commands: readonly CommandWords[], version: string, time: Date): string {
  const [root, ...others] = commands;
  if (!root) throw new Error('no command line is declared');
  return [
    `.TH STATSTOP 1 ${quoted(time.toISOString().slice(0, 10))} ${quoted(`statstop ${version}`)} "User Commands"`,
    ...section('NAME', [text('statstop - a top for uWSGI')]),
    ...section('SYNOPSIS', commands.flatMap(synopsis)),
    ...section('DESCRIPTION', [
      text(root.description),
      '.PP',
      text('Without an output option, statstop shows the live view. The key h shows its keys.'),
      ...entries(root.arguments.map(({ name, description }) => [`[${name}]`, description])),
    ]),
    ...section('COMMANDS', entries(others.map(({ name, description }) => [name, description]))),
    ...section('OPTIONS', root.groups.flatMap(group)),
    ...others.flatMap((command) => ownOptions(command, root)),
    ...section('ENVIRONMENT', entries([...ENVIRONMENT.map(variable), ...OTHER_VARIABLES])),
    ...section('FILES', entries(FILES)),
    ...section('EXIT STATUS', [
      ...entries(STATUS),
      '.PP',
      text('One line on standard error has the reason. statstop doctor has it in its report.'),
      '.PP',
      text('statstop check has the status of monitors:'),
      ...entries(CHECK_STATUS),
    ]),
    ...section('EXAMPLES', entries(EXAMPLES)),
    ...section('SEE ALSO', ['.BR uwsgi (1),', '.BR ss (8)']),
    '',
  ].join('\n');
}

function section(title: string, lines: readonly string[]): string[] {
  return [`.SH ${title}`, ...lines];
}

/** `.B` for the words that are typed, and then the placeholders. */
function synopsis({ name, usage }: CommandWords, index: number): string[] {
  const shown = usage.replace('[command] ', '');
  return [...(index === 0 ? [] : ['.br']), `.B ${escaped(`statstop ${name}`.trim())}`, text(shown)];
}

function group({ heading, options }: CommandWords['groups'][number]): string[] {
  return [`.SS ${quoted(heading)}`, ...options.flatMap(option)];
}

/** The options that `statstop` itself does not have, or has with another description. */
function ownOptions(command: CommandWords, root: CommandWords): string[] {
  const known = new Map(
    root.groups.flatMap(({ options }) =>
      options.map(({ long, description }) => [long, description] as const),
    ),
  );
  const headings = new Set(root.groups.map(({ heading }) => heading));
  // `--json` of `check` differs from `--json` without a command. So list each group that only this command has.
  const groups = command.groups.filter(({ heading }) => !headings.has(heading) && heading !== 'Options');
  const others = command.groups.filter((each) => !groups.includes(each)).flatMap(({ options }) => options);
  const isShared = ({ long, description }: OptionWords) => known.get(long) === description;
  const shared = others.filter(isShared).map(({ long }) => long);
  const own = [
    ...groups.flatMap(({ options }) => options),
    ...others.filter((each) => known.has(each.long) && !isShared(each)),
  ];
  if (own.length === 0 && shared.every((long) => long === '--help')) return [];
  return [
    ...section(`OPTIONS OF ${command.name.toUpperCase()}`, own.flatMap(option)),
    '.PP',
    text(`It ${own.length > 0 ? 'also ' : ''}has these options of statstop: ${shared.join(', ')}.`),
  ];
}

function option({ short, long, value, description }: OptionWords): string[] {
  const flags = [short, long].filter((flag) => flag !== null).map((flag) => `\\fB${escaped(flag)}\\fR`);
  const placeholder = value === null ? '' : ` \\fI${escaped(value.slice(1, -1))}\\fR`;
  return ['.TP', `${flags.join(', ')}${placeholder}`, text(description)];
}

function entries(all: readonly Entry[]): string[] {
  return all.flatMap(([term, description]) => ['.TP', `.B ${escaped(term)}`, text(description)]);
}

function variable([name, lines]: (typeof ENVIRONMENT)[number]): Entry {
  return [name, lines.join(' ')];
}

/** A line of text. A dot or a quote at its start would be a request of roff. */
function text(line: string): string {
  return escaped(line).replace(/^(?=[.'])/, '\\&');
}

/** A minus sign stays one, so that options can be copied. A tilde and a caret stay ASCII. */
function escaped(line: string): string {
  return line
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replaceAll('~', '\\(ti')
    .replaceAll('^', '\\(ha')
    .replaceAll("'", '\\(aq')
    .replaceAll('`', '\\(ga');
}

function quoted(word: string): string {
  return `"${escaped(word).replaceAll('"', '\\(dq')}"`;
}
