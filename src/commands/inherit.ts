import type { Command } from 'commander';

/**
 * Copies the options that were given to one command to another one, unless they were given there too.
 *
 * @param source whether they are from the command line or from a variable
 * @returns the flags of the given options that the other command does not have
 */
export function inherit(from: Command, to: Command, source: 'cli' | 'env' = 'cli'): string[] {
  const missing: string[] = [];
  for (const option of from.options) {
    const name = option.attributeName();
    if (!isGiven(from, name)) continue;
    if (!to.options.some((each) => each.attributeName() === name)) missing.push(option.long ?? option.flags);
    else if (!isGiven(to, name)) to.setOptionValueWithSource(name, from.getOptionValue(name), source);
  }
  return missing;
}

function isGiven(command: Command, name: string): boolean {
  return command.getOptionValueSource(name) === 'cli';
}
