import type { Surroundings } from './surroundings.ts';

/** What a condition or a loop can ask for. */
export interface Question {
  /** The value of the condition or loop, such as the name of a variable. */
  argument: string;
  /** The first value of an option that was set before. */
  option(key: string): string | undefined;
  from: Surroundings;
  /** Whether the previous condition was false. */
  failed: boolean;
}

/**
 * The values with which each of the following options is set: once for each, in place of `%(_)`. `null` sets an option
 * without a replacement. An empty list leaves the options out. The result is `'unknown'` if only the running server knows.
 */
export type Values = readonly (string | null)[] | 'unknown';

type Ask = (question: Question) => Values;

/** Options that end a condition or loop. */
export const ENDS: ReadonlySet<string> = new Set(['end', 'endif', 'end-if', 'endfor', 'end-for']);

/** Maximum number of repetitions of a loop. */
const MOST_TIMES = 1000;

const words: Ask = ({ argument }) => argument.split(' ').filter((word) => word !== '');

const times: Ask = ({ argument }) =>
  Array.from({ length: Math.min(MOST_TIMES, Number.parseInt(argument, 10) || 0) }, (_, at) => String(at + 1));

const linesOf: Ask = ({ argument, from }) => from.read(argument).replace(/\n$/, '').split('\n');

const unknown: Ask = () => 'unknown';

const always: Ask = () => [null];
const never: Ask = () => [];

/** A condition of the form `NAME` or `NAME=VALUE`. */
function named(look: (question: Question, name: string) => string | undefined, wanted: boolean): Ask {
  return (question) => {
    const equal = question.argument.indexOf('=');
    const name = equal < 0 ? question.argument : question.argument.slice(0, equal);
    const value = look(question, name);
    const holds = value !== undefined && (equal < 0 || value === question.argument.slice(equal + 1));
    return holds === wanted ? [value ?? null] : [];
  };
}

/** A condition whose argument replaces `%(_)`. */
function test(holds: (question: Question) => boolean, wanted: boolean): Ask {
  return (question) => (holds(question) === wanted ? [question.argument] : []);
}

const option = ({ option }: Question, name: string) => option(name);
const variable = ({ from }: Question, name: string) => from.environment[name];
const exists = ({ argument, from }: Question) => from.kindOf(argument) !== null;
const isFile = ({ argument, from }: Question) => from.kindOf(argument) === 'file';
const isFolder = ({ argument, from }: Question) => from.kindOf(argument) === 'folder';
const isHost = ({ argument, from }: Question) => from.hostname === argument;

/** The options that begin a condition or a loop (core/config.c). */
export const LOGIC: ReadonlyMap<string, Ask> = new Map([
  ['for', words],
  ['for-times', times],
  ['for-readline', linesOf],
  ['for-glob', unknown],
  ['if-opt', named(option, true)],
  ['if-not-opt', named(option, false)],
  ['if-env', named(variable, true)],
  ['ifenv', named(variable, true)],
  ['if-not-env', named(variable, false)],
  ['if-reload', never],
  ['if-not-reload', always],
  ['if-hostname', test(isHost, true)],
  ['if-not-hostname', test(isHost, false)],
  ['if-hostname-match', unknown],
  ['if-not-hostname-match', unknown],
  ['if-exists', test(exists, true)],
  ['ifexists', test(exists, true)],
  ['if-not-exists', test(exists, false)],
  ['if-file', test(isFile, true)],
  ['if-not-file', test(isFile, false)],
  ['if-dir', test(isFolder, true)],
  ['ifdir', test(isFolder, true)],
  ['if-directory', test(isFolder, true)],
  ['if-not-dir', test(isFolder, false)],
  ['if-plugin', unknown],
  ['ifplugin', unknown],
  ['if-not-plugin', unknown],
  ['else', ({ failed }) => (failed ? [null] : [])],
]);
