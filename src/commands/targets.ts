import { realpath } from 'node:fs/promises';
import { SearchError } from '../host/search-error.ts';
import { NoServerError, TargetError } from '../sources/errors.ts';
import { ConfigurationError } from '../targets/configuration/error.ts';
import { namesOf, splitName } from '../targets/names.ts';
import { addressOf, identityOf, NotPidError, type Target } from '../targets/target.ts';
import { uniqueTexts } from '../text/unique.ts';
import { firstTarget, resolveTarget } from './resolve-target.ts';
import type { Selected } from './selected.ts';
import { UsageError } from './usage-error.ts';

/** The server of an argument, before all names are known. */
interface Named extends Omit<Selected, 'server'> {
  text: string;
  /** `null` if the user gave none. */
  name: string | null;
}

/**
 * The servers of a command line. A server that is given twice appears once. One of several arguments that leads to no
 * server has its error.
 *
 * @throws TargetSyntaxError, or the error of the only argument
 */
export async function targetsOf(texts: readonly string[]): Promise<Selected[]> {
  const all = (await Promise.all(texts.map((text) => named(text, texts.length > 1)))).flat();
  const found = withUniqueTexts(all.length > 1 ? await distinct(all) : all);
  const names = namesOf(found.map(({ name, text }) => ({ name, target: { text } })));
  return found.map(({ text, name: _, ...others }, at) => ({
    server: { target: text, name: names[at] ?? text },
    ...others,
  }));
}

/**
 * The servers of a command line or, without one, those of this machine.
 *
 * @throws UsageError if there are none; or the errors of `targetsOf`
 */
export async function selectedBy(texts: readonly string[]): Promise<Selected[]> {
  if (texts.length > 0) return targetsOf(texts);
  const { LocalServers } = await import('./local-servers.ts');
  const servers = await new LocalServers().all();
  if (servers.length === 0) throw new UsageError(NONE);
  return servers;
}

export const NONE =
  'no target, and no uWSGI server was found on this machine. Give the address of `stats = ...` in the uWSGI configuration, as in: statstop /run/app.stats';

/** The servers of an argument. The first one gets the name that the user gave. */
async function named(given: string, isOneOfSeveral: boolean): Promise<Named[]> {
  const { name, target: text } = splitName(given);
  try {
    const { targets, leads } = await resolveTarget(text);
    return targets.map((target, at) => {
      const server = { text: target.text, name: at === 0 ? name : null, target, bound: target };
      return leads && at === 0 ? { ...server, text, again: () => foundAgain(text, target) } : server;
    });
  } catch (thrown) {
    const error = isOneOfSeveral ? noServer(text, thrown) : null;
    if (error === null) throw thrown;
    const again = () =>
      firstTarget(text).catch((error) => {
        throw noServer(text, error) ?? error;
      });
    return [{ text, name, target: null, bound: null, error, again }];
  }
}

/** The error of one of several servers. `null` for another error. */
function noServer(text: string, error: unknown): TargetError | null {
  if (error instanceof TargetError) return error;
  const kinds = [ConfigurationError, NotPidError, SearchError];
  const found = kinds.some((kind) => error instanceof kind);
  return found ? new NoServerError(text, error as Error) : null;
}

/** The address that an argument leads to now. */
async function foundAgain(text: string, before: Target): Promise<Target> {
  try {
    return await firstTarget(text);
  } catch (error) {
    // The text of a configuration can lack what only the running server knew.
    if (error instanceof ConfigurationError) return before;
    throw error;
  }
}

/** The servers without those that an earlier one is, too. */
async function distinct(all: readonly Named[]): Promise<Named[]> {
  const keys = await Promise.all(all.map(keyOf));
  return all.filter((_, at) => keys.indexOf(keys[at] ?? '') === at);
}

/** The servers with texts that identify them. The secret in which two targets differ is masked in both. */
function withUniqueTexts(all: readonly Named[]): Named[] {
  const texts = uniqueTexts(all.map(({ text }) => text));
  return all.map((each, at) => {
    const text = texts[at] ?? each.text;
    return text === each.text ? each : { ...each, text, target: each.target && { ...each.target, text } };
  });
}

/** Identifies a server. Several paths can lead to one socket. */
async function keyOf({ text, target }: Named): Promise<string> {
  if (target === null) return text;
  const address = addressOf(target);
  if (address?.family !== 'unix') return identityOf(target);
  return realpath(address.path).catch(() => address.path);
}
