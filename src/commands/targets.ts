import { realpath } from 'node:fs/promises';
import { type NamedTarget, namesOf, splitName } from '../targets/names.ts';
import { addressOf, type Target } from '../targets/target.ts';
import { resolveTarget } from './resolve-target.ts';

/** A target with its name, which is unique among the targets of a command. */
export interface Selected {
  target: Target;
  name: string;
}

/**
 * The targets of a command line. A server that is given twice appears once.
 *
 * @throws TargetSyntaxError, ConfigurationError or TargetError
 */
export async function targetsOf(texts: readonly string[]): Promise<Selected[]> {
  const all = (await Promise.all(texts.map(named))).flat();
  const found = all.length > 1 ? await distinct(all) : all;
  const names = namesOf(found);
  return found.map(({ target }, at) => ({ target, name: names[at] ?? target.text }));
}

/** The targets of an argument. The first one gets the name that the user gave. */
async function named(text: string): Promise<NamedTarget[]> {
  const { name, target: argument } = splitName(text);
  const targets = await resolveTarget(argument);
  return targets.map((target, at) => ({ target, name: at === 0 ? name : null }));
}

/** The targets without those of a server that an earlier one has. */
async function distinct(all: readonly NamedTarget[]): Promise<NamedTarget[]> {
  const keys = await Promise.all(all.map(({ target }) => keyOf(target)));
  return all.filter((_, at) => keys.indexOf(keys[at] ?? '') === at);
}

/** Identifies the server of a target. */
async function keyOf(target: Target): Promise<string> {
  const address = addressOf(target);
  if (address?.family === 'unix') return realpath(address.path).catch(() => address.path);
  return JSON.stringify(address ?? target);
}
