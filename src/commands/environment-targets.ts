import { splitName } from '../targets/names.ts';
import { TargetSyntaxError } from '../targets/target.ts';

/**
 * The targets of STATSTOP_TARGET, split like a line of a shell. Empty without any.
 *
 * @throws UsageError if a quotation mark is not closed
 * @throws TargetSyntaxError for a command
 */
export async function environmentTargets(): Promise<string[]> {
  const { STATSTOP_TARGET: text = '' } = process.env;
  const targets = await split(text);
  // A variable can be inherited without notice, also by root.
  if (targets.some((target) => /^exec:/i.test(splitName(target).target)))
    throw new TargetSyntaxError('a variable cannot name a command to run. Give exec: on the command line');
  return targets;
}

async function split(text: string): Promise<string[]> {
  // Do not load the library for a single target.
  if (!/[\s'"\\]/.test(text)) return text === '' ? [] : [text];
  return (await import('./environment.ts')).wordsOf(text);
}
