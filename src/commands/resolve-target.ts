import { isRecording } from '../recordings/recognize.ts';
import { NotRunningError, TargetError } from '../sources/errors.ts';
import { statusOf } from '../sources/regular.ts';
import { parseTarget } from '../targets/parse.ts';
import type { FileTarget, Target } from '../targets/target.ts';
import { TargetSyntaxError } from '../targets/target.ts';
import { maskTarget } from '../text/secrets/target.ts';

/** What an argument names. */
export interface Resolved {
  /** The most important one first. */
  targets: readonly Target[];
  /** Whether the argument is not a target itself, but leads to the targets. They can change when the server restarts. */
  leads: boolean;
}

/**
 * The targets that an argument names. A configuration of uWSGI, a pid file and a pid lead to the stats sockets of a
 * server. Every other argument is one target.
 *
 * @throws TargetSyntaxError, ConfigurationError or TargetError
 */
export async function resolveTarget(text: string): Promise<Resolved> {
  const [, explicit, digits] = /^(pid:)?(\d{1,10})$/i.exec(text) ?? [];
  if (digits !== undefined) {
    const { targetsOfPid } = await import('./running.ts');
    const targets = await targetsOfPid(text, Number(digits));
    if (targets !== null) return { targets, leads: true };
    // A number may also be a port. The error says so.
    if (explicit === undefined) parseTarget(text);
    throw new NotRunningError(text, Number(digits));
  }
  const target = parseTarget(text);
  if (target.kind === 'path' && isRecording(target.path))
    throw new TargetError(
      target.text,
      'it is a recording',
      'Give it alone, to the live view or to an output of it. Commands that read servers do not read it.',
    );
  const servers = target.kind === 'path' ? await serversOfFile(target) : null;
  return { targets: servers ?? [target], leads: servers !== null };
}

/** The first of the targets, for commands that read one server. */
export async function firstTarget(text: string): Promise<Target> {
  const {
    targets: [first],
  } = await resolveTarget(text);
  if (!first) throw new TargetSyntaxError(`${maskTarget(text)} is not a target`);
  return first;
}

/** @returns `null` for a socket, or a file of another kind */
async function serversOfFile({ text, path }: FileTarget): Promise<Target[] | null> {
  if (await isRegular(path)) return (await import('./configured.ts')).targetsOfFile(text, path, '');
  // A section can follow the name of a configuration: `uwsgi.ini:staging`.
  const [, file = '', section = ''] = /^(.+):([^:/]+)$/s.exec(path) ?? [];
  if (file === '' || !(await isRegular(file))) return null;
  return (await import('./configured.ts')).targetsOfFile(text, file, section);
}

/** Whether a path is a file. One that cannot be examined is left to the read, which reports the reason. */
export function isRegular(path: string): Promise<boolean> {
  return statusOf(path).then(
    (found) => found.isFile(),
    () => false,
  );
}
