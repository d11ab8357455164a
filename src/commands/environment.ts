import type { Command } from 'commander';
import { split } from 'shlex';
import { inherit } from './inherit.ts';
import { UsageError } from './usage-error.ts';

/**
 * Adds the options of STATSTOP_OPTIONS to a command. Options of the command line take precedence. Options that the
 * command does not have are ignored, because the variable is meant for all commands.
 *
 * @param text the value of the variable, split into words like a line of a shell. Nothing is expanded or run.
 * @param known a command that has exactly the options that the variable may contain
 * @throws UsageError, or CommanderError for an option with an invalid value
 */
export async function addOptions(text: string, known: Command, command: Command): Promise<void> {
  known.exitOverride().configureOutput({ outputError: () => {} });
  const { operands, unknown } = known.parseOptions(wordsOf(text));
  const [other] = [...unknown, ...operands];
  if (other !== undefined) {
    throw new UsageError(
      `'${other}' is not allowed there. Use only options for reading and display, as in '--theme light'`,
    );
  }
  inherit(known, command, 'env');
}

/**
 * The words of the value of a variable, split like a line of a shell. Nothing is expanded or run.
 *
 * @throws UsageError
 */
export function wordsOf(text: string): string[] {
  try {
    return split(text);
  } catch {
    throw new UsageError('a quotation mark is not closed, or a backslash ends the text');
  }
}
