import { NotRunningError } from '../sources/errors.ts';
import { ConfigurationError } from '../targets/configuration/error.ts';
import { isTrusted, readSmall, type SmallFile } from '../targets/configuration/files.ts';
import { type Recognized, recognized } from '../targets/configuration/recognize.ts';
import { configuredTargets } from '../targets/configuration/targets.ts';
import type { Target } from '../targets/target.ts';
import { targetsOfPid, targetsOfRunning } from './running.ts';

/**
 * The targets that a configuration or a pid file leads to. A running server that was started with the configuration is
 * preferred to its text: variables and the command line can change the address.
 *
 * @param section of the configuration; empty for the default
 * @returns `null` for a file of another kind
 * @throws ConfigurationError or TargetError
 */
export async function targetsOfFile(text: string, path: string, section: string): Promise<Target[] | null> {
  const file = opened(path);
  const found = file && recognized(path, file.text);
  if (!file || !found) return null;
  if (found.kind === 'pid') return ofPidFile(text, found.pid);
  const running = await targetsOfRunning(path, section);
  return running.length > 0 ? running : resolved(path, section, file, found);
}

/** @returns `null` if the file cannot be read here or is too large, so that the read of the target decides */
function opened(path: string): SmallFile | null {
  try {
    return readSmall(path);
  } catch {
    return null;
  }
}

async function ofPidFile(text: string, pid: number): Promise<Target[]> {
  const targets = await targetsOfPid(text, pid);
  if (targets === null) throw new NotRunningError(text, pid);
  return targets;
}

function resolved(
  path: string,
  section: string,
  { text, stats }: SmallFile,
  { format }: Extract<Recognized, { kind: 'configuration' }>,
): Target[] {
  if (!isTrusted(stats))
    throw new ConfigurationError(
      path,
      `no running server was started with it, and another user can change it (user ${stats.uid}), ` +
        'so root does not follow it. Run statstop as that user, or give the address',
    );
  const start = { environment: process.env, cwd: process.cwd() };
  return configuredTargets(path, { name: path, section, format, text }, start).map(({ target }) => target);
}
