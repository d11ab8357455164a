import { BYTES } from './mutations/bytes.ts';
import { HARMLESS } from './mutations/harmless.ts';
import { REWRITES } from './mutations/tokens.ts';

/** All mutations by name. A new entry in one of the three tables is sufficient. */
export const MUTATIONS = { ...HARMLESS, ...REWRITES, ...BYTES } as const;

export type MutationName = keyof typeof MUTATIONS;

/** The names of all mutations. */
export const MUTATION_NAMES = Object.keys(MUTATIONS) as MutationName[];

export function isHarmless(name: MutationName): name is keyof typeof HARMLESS {
  return Object.hasOwn(HARMLESS, name);
}

export function isOfBytes(name: MutationName): name is keyof typeof BYTES {
  return Object.hasOwn(BYTES, name);
}
