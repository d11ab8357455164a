import { existsSync } from 'node:fs';
import { Command, Option } from 'commander';
import { distance } from 'fastest-levenshtein';
import { SUMMARY_FORMAT_NAMES } from '../outputs/summary/format-names.ts';
import { mayBeRecording } from '../recordings/recognize.ts';
import { environmentTargets } from './environment-targets.ts';
import { isOfTarget } from './exit-status.ts';
import { EXPORT_INTERVAL, exportOptions } from './export-options.ts';
import {
  displayOptions,
  ENVIRONMENT_HELP,
  maskOptions,
  readOptions,
  recordingOptions,
  secretOptions,
  settingOptions,
  TARGET_HELP,
  TARGETS_HELP,
  targetOptions,
  timeoutOption,
} from './groups.ts';
import { inherit } from './inherit.ts';
import * as parse from './options.ts';
import { moment, period, RECORD_INTERVAL, size } from './recording-options.ts';
import { STREAM_FORMATS } from './stream-formats.ts';
import { UsageError, VariableError } from './usage-error.ts';
import { versionLine } from './version.ts';

/**
 * Declares the command line.
 *
 * @param say receives the text of --help and --version
 */
export function program(say: (text: string) => void): Command {
  // Configure this before subcommands are added, because they copy the configuration.
  const root = new Command('statstop')
    .exitOverride()
    .configureOutput({ writeOut: say, outputError: () => {} })
    .addHelpOption(new Option('-h, --help', 'show this help').helpGroup('Other:'))
    .helpCommand(false);
  settingOptions(secretOptions(outputOptions(displayOptions(recordingOptions(targetOptions(root))))))
    .description('The top for uWSGI: reads a stats socket and shows what the server is doing.')
    .argument('[target...]', TARGETS_HELP)
    .optionsGroup('Other:')
    .version(versionLine(), '-V, --version', 'print the version and the build')
    .enablePositionalOptions()
    .hook('preAction', complete)
    .addHelpText('after', `\n${ENVIRONMENT_HELP}`)
    .action(run);
  settingOptions(secretOptions(targetOptions(root.command('check'))))
    .description('print one line and an exit status for monitors: 0 ok, 1 warning, 2 critical, 3 unknown')
    .argument('[target...]', TARGETS_HELP)
    .optionsGroup('Check:')
    .option('--for <seconds>', 'how long to observe (default: one interval)', parse.number(0, 86_400))
    .option('--level <rule=warning[,critical]>', 'level of a finding; can be repeated', parse.level)
    .option(
      '--state <file>',
      'also report what happened since the last run: restarts, harakiris, exceptions, respawns; FILE keeps the counters',
      parse.file('--state'),
    )
    .option('--json', 'print all findings as JSON')
    .action(async (given, options) => {
      const { check } = await import('./check.ts');
      await withTargets(given, await parse.chosen(options, false), check);
    });
  settingOptions(secretOptions(root.command('servers')))
    .description('list the uWSGI servers of this machine and their stats sockets; none is connected to')
    .optionsGroup('Servers:')
    .option('--json', 'print the list as JSON')
    .action(async (options) => (await import('./servers.ts')).servers(await parse.chosen(options, false)));
  const exportNote = `(default: ${EXPORT_INTERVAL}; with --format: 1)`;
  exportOptions(settingOptions(maskOptions(targetOptions(root.command('export'), exportNote))))
    .description('serve metrics for Prometheus, reading every 5 s by default, or print them once')
    .argument('[target...]', `${TARGET_HELP}; none: the servers of this machine`)
    .action(async (given, options) => {
      const { interval = options.format === undefined ? EXPORT_INTERVAL : 1 } = options;
      const { exportMetrics } = await import('./export.ts');
      await withTargets(given, await parse.chosen({ ...options, interval }, false), exportMetrics);
    });
  settingOptions(secretOptions(displayOptions(readOptions(root.command('demo'), '(default: 1)'))))
    .description('show a built-in server, or several, with simulated traffic')
    .optionsGroup('Server:')
    .option('--serve', 'run only the servers and print their addresses')
    .option(
      '--servers <number>',
      'number of servers (default: 1); of several, one answers slowly, one ends and returns, one is an emperor',
      parse.number(1, 100),
    )
    .option(
      '--address <address>',
      'where it listens: a path or host:port (default: a private temporary folder)',
    )
    .option('--workers <number>', 'number of workers', parse.number(1, 4096))
    .option('--threads <number>', 'cores of each worker', parse.number(1, 4096))
    .option('--rate <number>', 'requests per second', parse.number(0.1, 1e6))
    .option('--seed <number>', 'seed of the traffic', parse.number(0, 2 ** 32 - 1))
    .option('--http', 'respond over HTTP, as with stats-http')
    .option('--emperor', 'simulate an emperor')
    .action(async (options) => (await import('./demo.ts')).demo(await parse.chosen(options, true)));
  settingOptions(maskOptions(targetOptions(root.command('record'), `(default: ${RECORD_INTERVAL})`)))
    .description('record what servers do, to look at it later; secrets are masked')
    .argument('[target...]', `${TARGET_HELP}; none: the servers of this machine`)
    .optionsGroup('Recording:')
    .requiredOption('--to <folder>', 'where the files are written')
    .option('--keep <time>', 'delete files that are older, as in 12h or 7d', period)
    .option('--max-size <size>', 'delete the oldest files above this size, as in 500M or 1G', size)
    .action(async (given, { interval = RECORD_INTERVAL, ...options }) => {
      const { record } = await import('./record.ts');
      await withTargets(given, await parse.chosen({ ...options, interval }, false), record);
    });
  root
    .command('cut')
    .description('write a period of a recording to one file')
    .argument('<recording>', 'a folder or a file')
    .optionsGroup('Period:')
    .requiredOption('--from <time>', 'begin, as in 08:10 or "2026-11-22 08:10"', moment)
    .requiredOption('--until <time>', 'end', moment)
    .requiredOption('--to <file>', 'the new file')
    .action(async (path, options) => (await import('./cut.ts')).cut(path, options));
  settingOptions(maskOptions(root.command('report')))
    .description('summarize a recording: load, events, slowest requests and paths')
    .argument('<recording>', 'a folder or a file')
    .optionsGroup('Report:')
    .option('--from <time>', 'begin, as in 08:10 or "2026-11-22 08:10"', moment)
    .option('--until <time>', 'end', moment)
    .option(
      '--period <time>',
      'length of a period, as in 30s or 5m (default: by the length of the time)',
      period,
    )
    .option(
      '--format <name>',
      `${SUMMARY_FORMAT_NAMES.join(', ')} (default: text)`,
      parse.oneOf(SUMMARY_FORMAT_NAMES),
    )
    .action(async (path, { format = 'text', ...options }) => {
      const { summary } = await import('./summary.ts');
      await summary(path, { ...(await parse.chosen(options, false)), format });
    });
  settingOptions(maskOptions(timeoutOption(root.command('doctor').optionsGroup('Target:'))))
    .description('print facts for a bug report: build, system, terminal, permissions and target')
    .argument('[target]', TARGET_HELP)
    .action(async (given, options) => (await import('./doctor.ts')).doctor(given ?? null, options));
  root
    .command('help')
    .description('show the help of a command')
    .argument('[command]', 'one of the others')
    .action((name?: string) => {
      const command = name === undefined ? root : root.commands.find((each) => each.name() === name);
      if (command) command.help();
      const names = root.commands.map((each) => each.name()).join(', ');
      throw new UsageError(`there is no command '${name}'. The commands are ${names}`);
    });
  return root;
}

/**
 * Adds options that stand before the name of the command, and those of STATSTOP_OPTIONS. An option that the command
 * does not have is an error only on the command line.
 */
async function complete(root: Command, command: Command): Promise<void> {
  const [other] = command === root ? [] : inherit(root, command);
  if (other !== undefined) throw new UsageError(`${other} is not an option of ${command.name()}`);
  const { STATSTOP_OPTIONS: text = '' } = process.env;
  // Load nothing for an empty text, and let `statstop help` work with a wrong one.
  if (text.trim() === '' || command.options.length === 0) return;
  const { addOptions } = await import('./environment.ts');
  const known = settingOptions(maskOptions(displayOptions(targetOptions(new Command()))));
  await naming('STATSTOP_OPTIONS', () => addOptions(text, known, command));
}

/** Errors of the action name the variable that caused them. */
async function naming<Result>(variable: string, action: () => Promise<Result>): Promise<Result> {
  try {
    return await action();
  } catch (error) {
    throw new VariableError(variable, error);
  }
}

/**
 * Runs a command with the given targets and those of the given groups, or else with those of STATSTOP_TARGET. Without
 * any, the command finds the servers of this machine.
 */
async function withTargets<Options extends parse.Chosen>(
  given: readonly string[],
  chosen: Options,
  start: (targets: readonly string[], options: Options) => Promise<void>,
): Promise<void> {
  const named = [...given, ...parse.groupTargets(chosen)];
  if (named.length > 0) return start(named, chosen);
  const targets = await naming('STATSTOP_TARGET', environmentTargets);
  if (targets.length === 0) return start([], chosen);
  try {
    await start(targets, chosen);
  } catch (error) {
    throw isOfTarget(error) ? new VariableError('STATSTOP_TARGET', error) : error;
  }
}

/** Refuses a word that looks like the name of a command and is no file. It would be a socket that does not exist. */
function refuseMisspelled({ commands }: Command, word = ''): void {
  if (!/^[a-z]+$/.test(word) || existsSync(word)) return;
  const name = commands.map((each) => each.name()).find((name) => distance(name, word) <= name.length / 3);
  if (name !== undefined)
    throw new UsageError(
      `there is no file '${word}'. Did you mean the command ${name}? A file that does not exist yet is ./${word}`,
    );
}

/** An option for each output. */
function outputOptions(command: Command): Command {
  command.optionsGroup('Output:');
  for (const { name, value, help, also = [] } of MODES) {
    if (value) command.option(`--${name} ${value.flag}`, help, value.parse);
    else command.option(`--${name}`, help);
    for (const [flags, help, parse = (text: string) => text] of also) command.option(flags, help, parse);
  }
  return command;
}

/** Options of the table, which the other outputs do not have. */
const TABLE_OPTIONS = ['view', 'sort', 'columns', 'filter', 'cores'];

async function run(
  given: readonly string[],
  options: parse.Options & Readonly<Record<string, unknown>>,
  command: Command,
): Promise<void> {
  refuseMisspelled(command, given[0]);
  const modes = MODES.filter(({ name }) => options[name]);
  if (modes.length > 1)
    throw new UsageError(`${modes.map(({ name }) => `--${name}`).join(' and ')} cannot be used together`);
  const hasHeading = options.once || options.line || options.stream === 'csv';
  if (options.header === false && !hasHeading)
    throw new UsageError('--no-header needs --once, --line or --stream csv');
  const hasTable = modes.every(({ isTable }) => isTable);
  // STATSTOP_OPTIONS is meant for all outputs, so its options have no effect there.
  const tableOption = TABLE_OPTIONS.find((name) => command.getOptionValueSource(name) === 'cli');
  if (tableOption !== undefined && !hasTable)
    throw new UsageError(`--${tableOption} needs --once or the live view`);
  if (options.count !== undefined && !options.stream && !options.line)
    throw new UsageError('--count needs --stream or --line');
  const { start } = modes[0] ?? { start: startLive };
  // `--raw` prints the exact bytes and needs no settings.
  const files = options.raw && options.group === undefined ? { ...options, config: false as const } : options;
  await withTargets(given, await parse.chosen(files, modes.length === 0), async (targets, chosen) => {
    if (options.at !== undefined && !targets.some(mayBeRecording))
      throw new UsageError('--at needs a recording. A server can be shown only as it is now');
    await start(targets, chosen);
  });
}

type Start = (targets: readonly string[], options: parse.Chosen) => Promise<void>;

const startLive: Start = async (...args) => (await import('./live.ts')).live(...args);

/** An output that replaces the live view. */
interface Mode {
  /** Its option, without the dashes. */
  name: string;
  help: string;
  /** Whether it prints a table, with the options of the view. */
  isTable?: true;
  /** The value that the option needs. */
  value?: { flag: string; parse(text: string): unknown };
  /** Flags, help and parser of the options that are for this output only. */
  also?: readonly (readonly [flags: string, help: string, parse?: (text: string) => unknown])[];
  /** Loads the file of the command and runs it. */
  start: Start;
}

const MODES: readonly Mode[] = [
  {
    name: 'once',
    isTable: true,
    help: 'print one plain table, with what was found below it, and end',
    also: [
      [
        '--no-header',
        'with --once: rows of one table only, no totals, no heading and no findings; with --line and --stream csv: no heading',
      ],
    ],
    start: async (...args) => (await import('./once.ts')).once(...args),
  },
  {
    name: 'json',
    help: 'print one sample as JSON, or one line of JSON for each of several servers, and end',
    start: async (...args) => (await import('./json.ts')).json(...args),
  },
  {
    name: 'stream',
    value: { flag: '<format>', parse: parse.oneOf(STREAM_FORMATS) },
    help: 'print each reading of each server until the end: ndjson (one JSON document per line) or csv',
    also: [
      [
        '--count <number>',
        'with --stream and --line: end after this number of readings of each server',
        parse.readings,
      ],
    ],
    start: async (...args) => (await import('./stream.ts')).stream(...args),
  },
  {
    name: 'line',
    help: 'print one line for each reading, like vmstat',
    start: async (...args) => (await import('./stream.ts')).stream(...args),
  },
  {
    name: 'raw',
    help: 'print the exact bytes that the server sent and end; nothing is masked',
    start: async (...args) => (await import('./raw.ts')).raw(...args),
  },
];
