import { type Command, Option } from 'commander';
import { THEMES } from '../terminal/blessed/theme.ts';
import * as parse from './options.ts';
import { moment } from './recording-options.ts';

// The options of the command line, in the groups of its help.

export const TARGET_HELP =
  'stats socket: path, @abstract, host:port, :port, http://..., ssh://host/path, exec:command; ' +
  'or a uWSGI configuration, a pid, a file or -';

export const TARGETS_HELP = `${TARGET_HELP}; several targets: one line for each server; none: the servers of this machine`;

/** The variables that change what statstop does, with the lines that describe them. */
export const ENVIRONMENT: readonly (readonly [name: string, lines: readonly string[]])[] = [
  ['STATSTOP_TARGET', ['the targets if none is given; a path with blanks needs quotes']],
  [
    'STATSTOP_OPTIONS',
    [
      'options for every start, such as "--theme light --interval 2":',
      'those of Target (without --at), Display, Secrets (without',
      '--show-secrets) and Settings',
    ],
  ],
  ['NO_COLOR', ['no colours']],
];

export const ENVIRONMENT_HELP = `Environment:\n${ENVIRONMENT.map(environmentHelp).join('\n')}`;

function environmentHelp([name, lines]: (typeof ENVIRONMENT)[number]): string {
  return lines.map((line, index) => `  ${(index === 0 ? name : '').padEnd(16)}  ${line}`).join('\n');
}

/** `--frequency` is the name of `--interval` in uwsgitop. Both set the same value, so the last one applies. */
class Frequency extends Option {
  override attributeName(): string {
    return 'interval';
  }
}

/**
 * How a target is read.
 *
 * @param intervalNote what the help says after the range of the interval
 */
export function targetOptions(
  command: Command,
  intervalNote = '(default: 1); 0 reads once, without rates',
): Command {
  return readOptions(command, intervalNote).option(
    '--group <name>',
    'servers of a group in the setting file; can be repeated',
    parse.group,
  );
}

/** Options of every command that reads servers repeatedly. */
export function readOptions(command: Command, intervalNote: string): Command {
  return timeoutOption(
    command
      .optionsGroup('Target:')
      .option(
        '-i, --interval <seconds>',
        `seconds between reads, 0.1 to 3600 ${intervalNote}`,
        parse.interval,
      )
      .addOption(new Frequency('--frequency <seconds>').argParser(parse.interval).hideHelp()),
  ).option(
    '--long <pattern,...>',
    'paths of requests that are long on purpose, such as /events/*; WebSockets and event streams are detected',
    parse.long,
  );
}

/** Options for recordings. */
export function recordingOptions(command: Command): Command {
  return command
    .optionsGroup('Target:')
    .option('--at <time>', 'of a recording: the time to show, as in 08:10 or "2026-11-22 08:10"', moment);
}

/** The only option of a command that reads a target once. */
export function timeoutOption(command: Command): Command {
  return command.option('--timeout <seconds>', 'limit for one read', parse.number(0.1, 3600), 4);
}

/** Options of every command that shows a sample. */
export function displayOptions(command: Command): Command {
  return command
    .option('--tracebacker <prefix>', 'PREFIX of py-tracebacker, if it is not found')
    .optionsGroup('Display:')
    .option('--view <name>', 'the first view, such as requests, paths or events', parse.view)
    .option('-s, --sort <column[:asc|:desc]>', 'order of the rows', parse.sort)
    .option('-c, --columns <a,b,c>', 'columns to show', parse.columns)
    .option(
      '-f, --filter <text>',
      'show only matching rows: a text, or conditions such as rps>10 or uri~^/api (RE2 syntax)',
    )
    .option('-a, --cores <mode>', 'cores of the workers: off (default), merged or tree', parse.cores)
    .option('--theme <name>', `${THEMES.join(', ')} (default: dark)`, parse.oneOf(THEMES))
    .option('--no-color', 'no colours')
    .option('--ascii', 'only ASCII characters');
}

/** The names whose values are shown or masked. */
export function maskOptions(command: Command): Command {
  return command
    .optionsGroup('Secrets:')
    .option('--show <a,b,c>', 'show the values of these variables, parameters and options', parse.names)
    .option('--mask <a,b,c>', 'mask the values of all names that contain one of these', parse.names);
}

export function secretOptions(command: Command): Command {
  return maskOptions(command).option('--show-secrets', 'mask nothing');
}

export function settingOptions(command: Command): Command {
  return command
    .optionsGroup('Settings:')
    .option('--config <file>', 'setting file (default: ~/.config/statstop/config.toml, which S writes)')
    .option('--no-config', 'no setting file');
}
