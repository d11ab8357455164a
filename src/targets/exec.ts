import { split } from 'shlex';
import { type ExecTarget, TargetSyntaxError } from './target.ts';

/**
 * Parses the command of an `exec:` target. It is split into words like a line of a shell, but no shell runs it: nothing
 * is expanded, redirected or joined by pipes.
 *
 * @param text the whole target with secrets masked
 * @throws TargetSyntaxError
 */
export function execTarget(text: string, command = ''): ExecTarget {
  const [program = '', ...args] = wordsOf(text, command);
  if (program === '') throw new TargetSyntaxError(`${text} has no command. Use ${EXAMPLE}`);
  if ([program, ...args].some((word) => word.includes('\0')))
    throw new TargetSyntaxError(`${text}: a word of a command cannot contain a NUL`);
  return { kind: 'exec', text, program, args };
}

const EXAMPLE = "a command that prints the document, as in 'exec:docker exec app cat /run/app.json'";

function wordsOf(text: string, command: string): string[] {
  try {
    return split(command);
  } catch {
    throw new TargetSyntaxError(`${text}: a quotation mark is not closed, or a backslash ends the command`);
  }
}
