import { Command, Option } from 'commander';
import { environmentTargets } from './environment-targets.ts';
import { isOfTarget } from './exit-status.ts';
import {
  displayOptions,
  ENVIRONMENT_HELP,
  maskOptions,
  secretOptions,
  settingOptions,
  TARGET_HELP,
  TARGETS_HELP,
  targetOptions,
  timeoutOption,
} from './groups.ts';
import { inherit } from './inherit.ts';
import * as parse from './options.ts';
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
  settingOptions(secretOptions(outputOptions(displayOptions(targetOptions(root)))))
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
    .option('--json', 'print all findings as JSON')
    .action((given, options) =>
      withTarget(given, async (targets) =>
        (await import('./check.ts')).check(targets, await parse.chosen(options, false)),
      ),
    );
  settingOptions(secretOptions(root.command('servers')))
    .description('list the uWSGI servers of this machine and their stats sockets; none is connected to')
    .optionsGroup('Servers:')
    .option('--json', 'print the list as JSON')
    .action(async (options) => (await import('./servers.ts')).servers(await parse.chosen(options, false)));
  settingOptions(secretOptions(displayOptions(targetOptions(root.command('demo')))))
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
  settingOptions(maskOptions(timeoutOption(root.command('doctor').optionsGroup('Target:'))))
    .description('print facts for a bug report: build, system, terminal, permissions and target')
    .argument('[target]', TARGET_HELP)
    .action(async (given, options) => (await import('./doctor.ts')).doctor(given ?? null, options));
  root
    .command('help')
    .description('show the help of a command')
    .argument('[command]', 'one of the others')
    .helpOption(false)
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

/** Runs a command with the given targets, or else those of STATSTOP_TARGET. */
async function withTarget(
  given: readonly string[],
  start: (targets: readonly string[]) => Promise<void>,
  isLive = false,
): Promise<void> {
  if (given.length > 0) return start(given);
  const targets = await naming('STATSTOP_TARGET', environmentTargets);
  if (targets.length === 0) {
    // The live view finds the servers of this machine.
    if (isLive && process.stdout.isTTY) return start([]);
    throw new UsageError(
      'no target. Give the address of `stats = ...` in the uWSGI configuration, as in: statstop /run/app.stats',
    );
  }
  try {
    await start(targets);
  } catch (error) {
    throw isOfTarget(error) ? new VariableError('STATSTOP_TARGET', error) : error;
  }
}

/** An option for each output. */
function outputOptions(command: Command): Command {
  command.optionsGroup('Output:');
  for (const { name, help, also = [] } of MODES) {
    command.option(`--${name}`, help);
    for (const [flags, help] of also) command.option(flags, help);
  }
  return command;
}

async function run(
  given: readonly string[],
  options: parse.Options & Readonly<Record<string, unknown>>,
): Promise<void> {
  const modes = MODES.filter(({ name }) => options[name]);
  if (modes.length > 1)
    throw new UsageError(`${modes.map(({ name }) => `--${name}`).join(' and ')} cannot be used together`);
  if (options.header === false && !options.once) throw new UsageError('--no-header needs --once');
  const { start } = modes[0] ?? { start: startLive };
  const isGroup = options.group !== undefined;
  // `--raw` prints the exact bytes and needs no settings.
  const files = options.raw && !isGroup ? { ...options, config: false as const } : options;
  const startWith = async (targets: readonly string[]) => {
    const chosen = await parse.chosen(files, modes.length === 0);
    await start([...targets, ...parse.groupTargets(chosen)], chosen);
  };
  await (isGroup ? startWith(given) : withTarget(given, startWith, modes.length === 0));
}

type Start = (targets: readonly string[], options: parse.Chosen) => Promise<void>;

const startLive: Start = async (...args) => (await import('./live.ts')).live(...args);

/** @throws UsageError if an output that is for one server got several */
function only(
  output: string,
  [target = '', ...others]: readonly string[],
  options: parse.Chosen,
): [target: string, options: parse.Chosen] {
  if (others.length > 0) throw new UsageError(`--${output} reads one server. Give one target`);
  return [target, options];
}

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
    start: async (...args) => (await import('./once.ts')).once(...args),
  },
  {
    name: 'json',
    help: 'print one sample as JSON, or one line of JSON for each of several servers, and end',
    start: async (...args) => (await import('./json.ts')).json(...args),
  },
  {
    name: 'raw',
    help: 'print the exact bytes that the server sent and end; nothing is masked',
    start: async (...args) => (await import('./raw.ts')).raw(...only('raw', ...args)),
  },
];
