import type { Target } from './target.ts';

/** A target with the name that the user gave it, if any. */
export interface NamedTarget {
  target: Pick<Target, 'text'>;
  name: string | null;
}

/** `name=target`. A name has no slash, so that a path with an equals sign is not mistaken for one. */
const NAMED = /^([\w.@-]+)=(.+)$/s;

/** Splits an argument into a name and a target. */
export function splitName(text: string): { name: string | null; target: string } {
  const [, name = null, target = text] = NAMED.exec(text) ?? [];
  return { name, target };
}

/** Where a shortened name can begin. */
const BOUNDARY = /(?<=[/@])/;

/**
 * A name for each target: the given one, otherwise the shortest ending of the target that no other name equals. The whole
 * target if no ending is unique.
 */
export function namesOf(targets: readonly NamedTarget[]): string[] {
  const given = new Set(targets.flatMap(({ name }) => name ?? []));
  const endings = targets.map(({ name, target }) => (name === null ? endingsOf(target.text) : [name]));
  return endings.map((mine, at) => {
    const isFree = (ending: string) =>
      !given.has(ending) && endings.every((others, other) => other === at || !others.includes(ending));
    return mine.find((ending) => mine.length === 1 || isFree(ending)) ?? mine.at(-1) ?? '';
  });
}

/** The endings of a target, the shortest first. */
function endingsOf(text: string): string[] {
  const parts = text.split(BOUNDARY);
  return parts.map((_, at) => parts.slice(-1 - at).join(''));
}
