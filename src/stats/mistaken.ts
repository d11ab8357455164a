/** A file that was taken for a stats document, and what to do instead. Sentences, without the name of the file. */
export interface Mistaken {
  what: string;
  advice: string;
}

/** Units of a file that are looked at: configurations and pid files are short. */
const MOST = 64 * 1024;

/**
 * What a file is that is no stats document: what its user may well have named instead. `null` when it is none of these.
 * Only its text is looked at; nothing that it names is opened.
 */
export function mistakenFor(bytes: Uint8Array): Mistaken | null {
  const text = Buffer.from(bytes.subarray(0, MOST)).toString('utf8').trim();
  if (/^\d{1,10}$/.test(text)) return pidFile(text);
  if (/^\{\s*"schema"\s*:\s*"statstop\./.test(text)) return OWN_OUTPUT;
  if (FORMATS.some((format) => format.test(text))) return configuration(text);
  return LOG.test(text) ? logFile(text) : null;
}

/** What only a configuration of uWSGI has: a section, a key or an element of its name. */
const FORMATS: readonly RegExp[] = [
  /^[ \t]*\[uwsgi\]/m,
  /^uwsgi[ \t]*:/m,
  /^[ \t]*<uwsgi[\s>]/m,
  /^\{\s*"uwsgi"\s*:/,
];

/** Options that name a stats server: of an app server, an emperor and the routers (`uwsgi --help`). */
const OPTION = '((?:(?:emperor|http|fastrouter|rawrouter|sslrouter|forkptyrouter)[-_])?stats(?:[-_]server)?)';

/** These options in INI and YAML, each on a line; in JSON; in XML. */
const STATS: readonly RegExp[] = [
  new RegExp(String.raw`^[ \t]*${OPTION}[ \t]*[=:][ \t]*([^\r\n]*)$`, 'gm'),
  new RegExp(String.raw`"${OPTION}"\s*:\s*"([^"\r\n]*)"`, 'g'),
  new RegExp(`<${OPTION}>([^<\\r\\n]*)<`, 'g'),
];

/** A configuration of an emperor, which has its vassals elsewhere. */
const IS_EMPEROR = /^[ \t]*"?emperor"?[ \t]*[=:]|"emperor"\s*:|<emperor>/m;

function configuration(text: string): Mistaken {
  const what = 'it is a configuration of uWSGI';
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
      advice: `It has no \`${option} = ...\` line: add one, such as ${option} = /run/app.stats, and name that.`,
    };
  }
  const [named, verb] = lines.length === 1 ? ['Its line', 'names'] : ['Its lines', 'name'];
  const told = `${named} ${lines.map(({ option, value }) => `${option} = ${value}`).join(' and ')} ${verb} the target`;
  // Placeholders and variables have their value in the server only.
  const [first] = lines.filter(({ value }) => !/[%$@]\(|%[a-zA-Z]|^\W*$/.test(value));
  if (first === undefined) return { what, advice: `${told}, once uWSGI has filled it in.` };
  return { what, advice: `${told}: statstop ${forShell(first.value)}` };
}

/** A word as a shell takes it: uWSGI takes all of a line for the value, with blanks and what looks like a comment. */
function forShell(word: string): string {
  return /^[\w@%+=:,./[\]-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}

/** What the log of a server begins with, and what it has of each request. */
const LOG = /^\*\*\* Starting uWSGI |\[pid: \d+\|app: /m;

function logFile(text: string): Mistaken {
  const [, address] = /^\*\*\* Stats server enabled on (.*) fd: \d+ \*\*\*$/m.exec(text) ?? [];
  const where = address === undefined ? '' : ` It says that its stats server was at ${address}.`;
  return {
    what: 'it is the log of a uWSGI server',
    advice: `Name the stats socket of that server, not its log.${where}`,
  };
}

function pidFile(pid: string): Mistaken {
  return {
    what: `it is a file with the process id ${pid}`,
    advice: 'Name the stats socket of that server: the one of `stats = ...` in its uWSGI configuration.',
  };
}

const OWN_OUTPUT: Mistaken = {
  what: 'it is what statstop --json prints, and no document of a server',
  advice: 'statstop --raw saves a document that statstop can read.',
};
