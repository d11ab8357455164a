import type { LevelChanges } from '../insights/assess.ts';
import type { Levels } from '../insights/rule.ts';
import { LEVELED } from '../insights/rules.ts';
import { LONGEST_PATTERN } from '../rates/long.ts';
import { CORE_MODES, type CoreMode } from '../views/core-modes.ts';

/** An invalid value of an option or a setting. The message contains the error and a valid form, in full sentences. */
export class ValueError extends Error {
  override name = 'ValueError';
}

/** Returns a parser of numbers within limits. The parser throws ValueError. */
export function number(least: number, most: number, or = ''): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() === '' || !(value >= least && value <= most))
      throw new ValueError(`Expected a number from ${least} to ${most}${or}.`);
    return value;
  };
}

/** Returns a parser of whole numbers within limits. The parser throws ValueError. */
export function wholeNumber(least: number, most: number): (text: string) => number {
  const parse = number(least, most);
  return (text) => {
    const value = parse(text);
    if (!Number.isInteger(value)) throw new ValueError(`Expected a whole number from ${least} to ${most}.`);
    return value;
  };
}

/** Returns a parser that accepts one of the words. The parser throws ValueError. */
export function oneOf<Word extends string>(all: readonly Word[]): (text: string) => Word {
  return (text) => {
    const word = all.find((each) => each === text);
    if (word === undefined) throw new ValueError(`Expected one of ${all.join(', ')}.`);
    return word;
  };
}

export const cores: (text: string) => CoreMode = oneOf(CORE_MODES);

/** A string, because V8 parses patterns in code at each start. */
const NAME = String.raw`^[\p{L}\p{N}_.:[\]-]{1,100}$`;

/** Parses the name of a variable, parameter or option, or a part of one. @throws ValueError */
export function name(text: string): string {
  if (!new RegExp(NAME, 'u').test(text))
    throw new ValueError(
      `'${text}' is not a name. Expected names of variables, parameters or options, as in x-tenant,account_id.`,
    );
  return text;
}

/** Parses such names with commas between them. @throws ValueError */
export function names(text: string): string[] {
  return text.split(',').map((each) => name(each.trim()));
}

/** Parses a pattern of paths; `*` stands for any text. @throws ValueError */
export function pathPattern(text: string): string {
  const pattern = text.trim();
  if (!/^[/*]/.test(pattern) || pattern.length > LONGEST_PATTERN)
    throw new ValueError(
      `Expected paths that begin with / or * and have at most ${LONGEST_PATTERN} characters, as in /ws or /events/*.`,
    );
  return pattern;
}

/** Parses such patterns with commas between them. @throws ValueError */
export function pathPatterns(text: string): string[] {
  return text.split(',').map(pathPattern);
}

/** Refuses a critical level below the warning level. In every rule, a greater value is worse. @throws ValueError */
export function ordered<Given extends Partial<Levels>>(levels: Given): Given {
  const { warning, critical } = levels;
  if (typeof warning === 'number' && typeof critical === 'number' && critical < warning)
    throw new ValueError(
      `The critical level (${critical}) must not be less than the warning level (${warning}).`,
    );
  return levels;
}

/** Parses `RULE=WARNING` or `RULE=WARNING,CRITICAL`. @throws ValueError */
export function level(text: string): LevelChanges {
  const [, name = '', warning = '', critical] = /^([\w-]+)=([^,]+)(?:,(.+))?$/.exec(text) ?? [];
  const names = LEVELED.map((rule) => rule.name);
  if (!names.includes(name))
    throw new ValueError(
      `Expected RULE=WARNING or RULE=WARNING,CRITICAL. The rules are: ${names.join(', ')}.`,
    );
  const from = number(0, 1e15);
  return {
    [name]: ordered({
      warning: from(warning),
      ...(critical === undefined ? {} : { critical: from(critical) }),
    }),
  };
}
