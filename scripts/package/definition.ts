import type { Argument, Command, Option } from 'commander';
import { FORMATS } from '../../src/commands/export-options.ts';
import { program } from '../../src/commands/program.ts';
import { STREAM_FORMATS } from '../../src/commands/stream-formats.ts';
import { SUMMARY_FORMAT_NAMES } from '../../src/outputs/summary/format-names.ts';
import { VIEW_NAMES } from '../../src/settings/columns.ts';
import { THEMES } from '../../src/terminal/blessed/theme.ts';
import { CORE_MODES } from '../../src/views/core-modes.ts';
import { VIEWS } from '../../src/views/views.ts';

/** An option as its help describes it. */
export interface OptionWords {
  short: string | null;
  /** With its dashes, such as `--interval`. */
  long: string;
  /** Such as `<seconds>`, or null for an option without a value. */
  value: string | null;
  /** With its default. */
  description: string;
  /** What the shell completes as its value. */
  values: Values;
}

/** Words, the names of files, or null if the shell cannot know them. */
export type Values = readonly string[] | 'files' | null;

export interface CommandWords {
  /** Empty for `statstop` without a command. */
  name: string;
  description: string;
  /** Such as `[options] [target]`. */
  usage: string;
  arguments: readonly { name: string; description: string }[];
  groups: readonly { heading: string; options: readonly OptionWords[] }[];
}

const SORTS = Object.values(VIEWS).flatMap((views) => views.flatMap(({ columns }) => columns));

/** The values of options that a shell can complete: of a command's option, or else of all options with that name. */
export const VALUES: Readonly<Record<string, Values>> = {
  '--theme': THEMES,
  '--cores': CORE_MODES,
  '--view': VIEW_NAMES,
  '--sort': [...new Set(SORTS.map(({ name }) => name))].sort(),
  '--stream': STREAM_FORMATS,
  '--config': 'files',
  '--state': 'files',
  '--address': 'files',
  'export --format': FORMATS,
  'report --format': SUMMARY_FORMAT_NAMES,
  '--to': 'files',
};

/** The command line as `src/commands/program` declares it: first statstop itself, then its commands. */
export function definition(): CommandWords[] {
  const root = program(() => {});
  return [wordsOf(root, ''), ...root.commands.map((command) => wordsOf(command, command.name()))];
}

function wordsOf(command: Command, name: string): CommandWords {
  const help = command.createHelp();
  const visible = help.visibleOptions(command);
  const headings = [...new Set(visible.map((option) => option.helpGroupHeading ?? 'Options:'))];
  return {
    name,
    description: command.description(),
    usage: command.usage(),
    arguments: command.registeredArguments.map(argumentWords),
    groups: headings.map((heading) => ({
      heading: heading.replace(/:$/, ''),
      options: visible
        .filter((option) => (option.helpGroupHeading ?? 'Options:') === heading)
        .map((option) => optionWords(name, option, help.optionDescription(option))),
    })),
  };
}

function argumentWords(argument: Argument): { name: string; description: string } {
  return { name: argument.name(), description: argument.description };
}

function optionWords(command: string, { short, long = '', flags }: Option, description: string): OptionWords {
  return {
    short: short ?? null,
    long,
    value: /<.*>$/.exec(flags)?.[0] ?? null,
    description,
    values: VALUES[`${command} ${long}`] ?? VALUES[long] ?? null,
  };
}
