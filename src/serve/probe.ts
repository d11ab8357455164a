import { posix } from 'node:path';
import { matches } from '../rates/long.ts';
import { parseTarget } from '../targets/parse.ts';
import { type SocketTarget, type Target, TargetSyntaxError } from '../targets/target.ts';

/** A scraper may not read this target. */
export class ProbeError extends Error {
  override name = 'ProbeError';
}

/** Maximum characters of a target in a request. */
const LONGEST_TARGET = 1024;

/** The scheme of a target or a pattern, such as `ssh://` or `exec:`; empty for paths and addresses. */
function schemeOf(text: string): string {
  return /^(?:[a-z][a-z0-9+.-]*:\/\/|(?:exec|unix|http\+unix):)/i.exec(text)?.[0].toLowerCase() ?? '';
}

/**
 * Returns the target of a probe.
 *
 * A target is allowed if it matches a pattern, in which `*` matches any text. The pattern must begin with the scheme of
 * the target, so that `*` allows no commands, and no other machines by `ssh`. A path must be in its shortest form,
 * because `/run/../` would leave the folder of a pattern.
 *
 * @throws ProbeError with a message for the scraper
 */
export function probedTarget(text: string | null, patterns: readonly string[]): Target {
  if (patterns.length === 0)
    throw new ProbeError('this exporter has no --probe-allow, so it probes no target');
  if (text === null || text === '') throw new ProbeError('the parameter target is missing');
  if (text.length > LONGEST_TARGET) throw new ProbeError('the target is too long');
  const isAllowed = patterns.some(
    (pattern) => schemeOf(pattern) === schemeOf(text) && matches(pattern, text),
  );
  if (!isAllowed) throw new ProbeError('the target is not allowed by --probe-allow');
  try {
    const target = socketOf(parseTarget(text));
    if (target.kind === 'stdin') throw new ProbeError('standard input cannot be probed');
    const path = pathOf(target);
    if (path !== null && posix.normalize(path) !== path)
      throw new ProbeError('the path of the target has . or ..');
    return target;
  } catch (error) {
    if (error instanceof TargetSyntaxError) throw new ProbeError('the target is not valid');
    throw error;
  }
}

/**
 * Returns the target as a server. A path is then never opened as a file. A server that is observed all the time cannot be
 * a file.
 */
export function socketOf(target: Target): Target {
  if (target.kind !== 'path') return target;
  const { text, path } = target;
  return {
    kind: 'socket',
    text,
    address: { family: 'unix', path },
    protocol: null,
    path: '/',
  } satisfies SocketTarget;
}

function pathOf(target: Target): string | null {
  if (target.kind !== 'socket' && target.kind !== 'ssh') return null;
  return target.address.family === 'unix' ? target.address.path : null;
}
