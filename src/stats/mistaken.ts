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
  return FORMATS.some((format) => format.test(text)) ? configuration(text) : null;
}

/** What only a configuration of uWSGI has: a section, a key or an element of its name. */
const FORMATS: readonly RegExp[] = [
  /^[ \t]*\[uwsgi\]/m,
  /^uwsgi[ \t]*:/m,
  /^(?:<\?xml[^>]*>\s*)?<uwsgi[\s>]/,
  /^\{\s*"uwsgi"\s*:/,
];

/** The option in INI, YAML, JSON and XML, each on a line or in an element. */
const STATS = [
  /^[ \t]*"?(?:stats|stats-server|stats_server)"?[ \t]*[=:][ \t]*([^\r\n]*)$/m,
  /<stats(?:-server)?>([^<\r\n]*)</,
];

function configuration(text: string): Mistaken {
  const what = 'it is a configuration of uWSGI';
  const value = STATS.flatMap((form) => form.exec(text)?.[1] ?? [])[0]
    ?.trim()
    .replace(/^["']|["']?,?$/g, '');
  if (value === undefined || value === '')
    return {
      what,
      advice: 'It has no `stats = ...` line: add one, such as stats = /run/app.stats, and name that.',
    };
  // Placeholders and variables have their value in the server only.
  if (/[%$@]\(|%[a-zA-Z]|^\W*$/.test(value))
    return { what, advice: `Its line stats = ${value} names the target, once uWSGI has filled it in.` };
  return { what, advice: `Its line stats = ${value} names the target: statstop ${value}` };
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
