/**
 * A file that the user took for a stats document, and what to do instead. The texts do not contain the name of the
 * file.
 */
export interface Mistaken {
  what: string;
  advice: string;
}

/** Maximum number of bytes of a file to examine: configurations and pid files are short. */
const MOST = 64 * 1024;

/**
 * Identifies a file that is not a stats document, but that users may name by mistake. `null` if the file is of another
 * kind. The function examines only the text and opens no other file.
 */
export function mistakenFor(bytes: Uint8Array): Mistaken | null {
  const text = Buffer.from(bytes.subarray(0, MOST)).toString('utf8').trim();
  if (/^\d{1,10}$/.test(text)) return pidFile(text);
  if (/^\{\s*"schema"\s*:\s*"statstop\./.test(text)) return OWN_OUTPUT;
  if (FORMATS.some((format) => format.test(text))) return configuration(text);
  return LOG.test(text) ? logFile(text) : null;
}

/** Patterns that only a uWSGI configuration matches: a section, a key or an element with the name `uwsgi`. */
const FORMATS: readonly RegExp[] = [
  /^[ \t]*\[uwsgi\]/m,
  /^uwsgi[ \t]*:/m,
  /^[ \t]*<uwsgi[\s>]/m,
  /^\{\s*"uwsgi"\s*:/,
];

/** Options that name the stats server of an app server, an emperor or a router (`uwsgi --help`). */
const OPTION = '((?:(?:emperor|http|fastrouter|rawrouter|sslrouter|forkptyrouter)[-_])?stats(?:[-_]server)?)';

/** Patterns for these options: in INI and YAML, one per line; in JSON; in XML. */
const STATS: readonly RegExp[] = [
  new RegExp(String.raw`^[ \t]*${OPTION}[ \t]*[=:][ \t]*([^\r\n]*)$`, 'gm'),
  new RegExp(String.raw`"${OPTION}"\s*:\s*"([^"\r\n]*)"`, 'g'),
  new RegExp(`<${OPTION}>([^<\\r\\n]*)<`, 'g'),
];

/** Matches the configuration of an emperor. Its vassals have other configurations. */
const IS_EMPEROR = /^[ \t]*"?emperor"?[ \t]*[=:]|"emperor"\s*:|<emperor>/m;

function configuration(text: string): Mistaken {
  const what = 'this is a uWSGI configuration';
  const lines = STATS.flatMap((form) =>
    [...text.matchAll(form)].map(([, option = '', value = '']) => ({
      option,
      value: value.trim().replace(/^["']|["']?,?$/g, ''),
    })),
  ).filter(({ value }) => value !== '');
  if (lines.length === 0) {
    const option = IS_EMPEROR.test(text) ? 'emperor-stats' : 'stats';
    return {
      what,
      advice: `It has no \`${option} = ...\` line. Add one, such as ${option} = /run/app.stats, and use that address.`,
    };
  }
  const named = lines.length === 1 ? 'the line' : 'one of the lines';
  const told = `Use the address in ${named} ${lines.map(({ option, value }) => `${option} = ${value}`).join(' and ')}`;
  // Only the running server knows the values of placeholders and variables.
  const [first] = lines.filter(({ value }) => !/[%$@]\(|%[a-zA-Z]|^\W*$/.test(value));
  if (first === undefined) return { what, advice: `${told}, with its placeholders expanded.` };
  return { what, advice: `${told}: statstop ${forShell(first.value)}` };
}

/**
 * Quotes a word for a shell. uWSGI takes the rest of the line as the value, including blanks and text that looks like a
 * comment.
 */
function forShell(word: string): string {
  return /^[\w@%+=:,./[\]-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}

/** Matches the first line of a server's log, and the log line of a request. */
const LOG = /^\*\*\* Starting uWSGI |\[pid: \d+\|app: /m;

function logFile(text: string): Mistaken {
  const [, address] = /^\*\*\* Stats server enabled on (.*) fd: \d+ \*\*\*$/m.exec(text) ?? [];
  const where = address === undefined ? '' : ` According to the log, its stats server was at ${address}.`;
  return {
    what: 'this is the log of a uWSGI server',
    advice: `Use the stats socket of that server.${where}`,
  };
}

function pidFile(pid: string): Mistaken {
  return {
    what: `this is a file with the process id ${pid}`,
    advice: 'Use the stats socket of that server: the address of `stats = ...` in its uWSGI configuration.',
  };
}

const OWN_OUTPUT: Mistaken = {
  what: 'this is JSON printed by statstop, not a document of a server',
  advice: 'statstop TARGET --raw prints a document that statstop can read.',
};
