import { readFileSync } from 'node:fs';
import { Command, CommanderError, Option } from 'commander';
import * as parse from './commands/options.ts';
import { OutputError, write } from './commands/output.ts';
import { UsageError } from './commands/usage-error.ts';
import { SettingFileError } from './settings/file.ts';
import { MistakenError, TargetError } from './sources/errors.ts';
import { TargetSyntaxError } from './targets/target.ts';
import { THEMES } from './terminal/blessed/theme.ts';
import { refuseDebugger } from './terminal/signals.ts';
import { clean, cleanLines } from './text/clean.ts';

/** Exit status by error class: 1 if a read or a write failed, 2 if the command line or the setting file is wrong. */
const STATUS: readonly (readonly [new (...args: never[]) => Error, 1 | 2])[] = [
  [MistakenError, 2],
  [TargetError, 1],
  [OutputError, 1],
  [UsageError, 2],
  [TargetSyntaxError, 2],
  [SettingFileError, 2],
];

/** @param say receives the text of --help and --version */
function program(say: (text: string) => void): Command {
  // Configure this before subcommands are added, because they copy the configuration.
  const root = new Command('statstop')
    .exitOverride()
    .configureOutput({ writeOut: say, outputError: () => {} });
  const command = modeOptions(viewOptions(root))
    .description('The top for uWSGI: reads a stats socket and shows what the server is doing.')
    .argument(
      '[target]',
      'stats socket: path, @abstract, host:port, :port, http://..., a file, or - (standard input)',
    )
    .version(version(), '-V, --version')
    .helpOption('-h, --help', 'this help')
    .helpCommand(false)
    .enablePositionalOptions()
    .action(run);
  readOptions(command.command('check'))
    .description('one line and an exit status for monitors: 0 ok, 1 warning, 2 critical, 3 unknown')
    .argument('<target>', 'as above')
    .option('--for <seconds>', 'how long to look (default: one interval)', parse.number(0, 86_400))
    .option(
      '--level <rule=warning[,critical]>',
      'from when on something is wrong; can be given again',
      parse.level,
    )
    .option('--json', 'what was found as JSON')
    .helpOption('-h, --help', 'this help')
    .action(async (target, options) =>
      (await import('./commands/check.ts')).check(target, await parse.chosen(options, false)),
    );
  viewOptions(command.command('demo'))
    .description('the live view of a built-in server with made-up traffic')
    .option('--serve', 'run only the server and print its address')
    .option(
      '--address <address>',
      'where it listens: a path or host:port (default: a private temporary folder)',
    )
    .option('--workers <number>', 'workers', parse.number(1, 4096))
    .option('--threads <number>', 'cores of each worker', parse.number(1, 4096))
    .option('--rate <number>', 'requests per second', parse.number(0.1, 1e6))
    .option('--seed <number>', 'another seed makes other traffic', parse.number(0, 2 ** 32 - 1))
    .option('--http', 'answer over HTTP, as with stats-http')
    .option('--emperor', 'be an emperor')
    .helpOption('-h, --help', 'this help')
    .action(async (options) => (await import('./commands/demo.ts')).demo(await parse.chosen(options, true)));
  return command;
}

/** Options of every command that reads a target. */
function readOptions(command: Command): Command {
  return command
    .option(
      '-i, --interval <seconds>',
      'between reads, 0.1 to 3600 (default: 1); 0 reads once, without rates',
      parse.interval,
    )
    .addOption(
      new Option('--frequency <seconds>', 'the name of --interval in uwsgitop')
        .argParser(parse.interval)
        .hideHelp(),
    )
    .option('--timeout <seconds>', 'for one read', parse.number(0.1, 3600), 4)
    .option('--show <a,b,c>', 'show the values of these variables, parameters and options', parse.names)
    .option('--mask <a,b,c>', 'mask the values of all names that contain one of these', parse.names)
    .option(
      '--long <pattern,...>',
      'paths of requests that are long on purpose, as in /events/*; WebSockets and event streams are known',
      parse.long,
    )
    .option('--show-secrets', 'mask nothing')
    .option('--config <file>', 'setting file (default: ~/.config/statstop/config.toml, which S writes)')
    .option('--no-config', 'no setting file');
}

/** Options of every command that shows a sample. */
function viewOptions(command: Command): Command {
  return readOptions(command)
    .option('-s, --sort <column[:asc|:desc]>', 'order of the rows', parse.sort)
    .option('-c, --columns <a,b,c>', 'columns to show', parse.columns)
    .option(
      '-f, --filter <text>',
      'only rows like this: a text, or conditions such as rps>10 or uri~^/api (RE2 syntax)',
    )
    .option('-a, --cores <mode>', 'cores of the workers: off (default), merged or tree', parse.cores)
    .option('--tracebacker <prefix>', 'PREFIX of py-tracebacker, where it is not found beside the server')
    .option('--theme <name>', `${THEMES.join(', ')} (default: dark)`, parse.oneOf(THEMES))
    .option('--no-color', 'no colours (also: NO_COLOR in the environment)')
    .option('--ascii', 'nothing but ASCII characters');
}

/** An option for each output. */
function modeOptions(command: Command): Command {
  for (const { name, help, also = [] } of MODES) {
    command.option(`--${name}`, help);
    for (const [flags, help] of also) command.option(flags, help);
  }
  return command;
}

async function run(
  target: string | undefined,
  options: parse.Options & Readonly<Record<string, unknown>>,
): Promise<void> {
  if (target === undefined) {
    throw new UsageError(
      'no target. Name the stats socket, the one of `stats = ...` in the uWSGI configuration: statstop /run/app.stats',
    );
  }
  const chosen = MODES.filter(({ name }) => options[name]);
  if (chosen.length > 1)
    throw new UsageError(`${chosen.map(({ name }) => `--${name}`).join(' and ')} exclude each other`);
  if (options.header === false && !options.once) throw new UsageError('--no-header is for --once only');
  const { start } = chosen[0] ?? { start: startLive };
  // `--raw` prints the exact bytes and needs no settings.
  const given = options.raw ? { ...options, config: false as const } : options;
  await start(target, await parse.chosen(given, chosen.length === 0));
}

type Start = (target: string, options: parse.Chosen) => Promise<void>;

const startLive: Start = async (...args) => (await import('./commands/live.ts')).live(...args);

/** An output that replaces the live view. */
interface Mode {
  /** Its option, without the dashes. */
  name: string;
  help: string;
  /** Flags and help of the options that are for this output only. */
  also?: readonly (readonly [flags: string, help: string])[];
  /** Loads the file of the command and runs it. */
  start: Start;
}

const MODES: readonly Mode[] = [
  {
    name: 'once',
    help: 'print one plain table, with what was found below it, and end',
    also: [['--no-header', 'with --once: rows of one table only, no totals, no heading and no findings']],
    start: async (...args) => (await import('./commands/once.ts')).once(...args),
  },
  {
    name: 'json',
    help: 'print one sample as JSON and end',
    start: async (...args) => (await import('./commands/json.ts')).json(...args),
  },
  {
    name: 'raw',
    help: 'print the exact bytes that the server sent and end; nothing is masked',
    start: async (...args) => (await import('./commands/raw.ts')).raw(...args),
  },
];

function version(): string {
  const file = new URL('../package.json', import.meta.url);
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}

/** Runs the command line and sets the exit status. Every error is one line on standard error. */
export async function main(argv: readonly string[]): Promise<void> {
  refuseDebugger();
  process.on('uncaughtException', (error) => {
    // The live view handles the error itself: it must restore the terminal first.
    if (process.listenerCount('uncaughtException') > 1) return;
    process.once('exit', () => fail(`internal error: ${error.message}`, 1));
    process.exit(1);
  });
  let said = '';
  const command = program((text) => {
    said += text;
  });
  try {
    await command.parseAsync([...argv], { from: 'user' }).catch(async (error: unknown) => {
      // commander throws an error with exit code 0 for --help and --version.
      if (!(error instanceof CommanderError) || error.exitCode !== 0) throw error;
      await write(cleanLines(said));
    });
  } catch (error) {
    await report(error);
    // A monitor would interpret 2 as a critical state of the server.
    if (argv.includes('check')) process.exitCode = UNKNOWN;
  }
}

const UNKNOWN = 3;

async function report(error: unknown): Promise<void> {
  if (error instanceof CommanderError) {
    const message = error.message.replace(/^error: /, '').replaceAll('\n', ' ');
    fail(`${message} (statstop --help lists all options)`, 2);
    return;
  }
  const [, status] = STATUS.find(([kind]) => error instanceof kind) ?? [];
  const { createMask } = await import('./text/secrets.ts');
  const message =
    error instanceof TargetError
      ? error.message.replace(error.cause, (cause) => createMask().text(cause))
      : String(error instanceof Error ? error.message : error);
  fail(status === undefined ? `internal error: ${message}` : message, status ?? 1);
}

/**
 * The only function that writes to standard error. It cleans the message, which can contain text of an argument, a file
 * or a server.
 */
function fail(message: string, status: number): void {
  process.exitCode = status;
  // If the message cannot be written, the exit status still reports the error.
  process.stderr.once('error', () => {});
  process.stderr.write(`statstop: ${clean(message)}\n`);
}
