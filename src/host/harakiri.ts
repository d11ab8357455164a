import { readFile, stat } from 'node:fs/promises';
import { isAbsolute } from 'node:path';

/** uWSGI options that name a file of settings; of the formats it knows, the one that nearly everybody uses. */
const INI = /^--?ini(?:=(.*))?$/s;
const LIMIT = /^(?:--?harakiri|-t)(?:=(.*))?$/s;
const SECONDS = /^\d{1,6}$/;

/** Seconds for which what was found is taken to be so still. */
const INTERVAL = 10;

/** The limit of one master, looked for now and then. */
export class Harakiri {
  readonly #proc: string;
  #found: Promise<number | null> = Promise.resolve(null);
  #due = Number.NEGATIVE_INFINITY;

  constructor(proc: string) {
    this.#proc = proc;
  }

  /** @param clock monotonic seconds */
  read(pid: number, started: number, clock: number): Promise<number | null> {
    if (clock >= this.#due) {
      this.#due = clock + INTERVAL;
      this.#found = harakiriOf(pid, started, this.#proc);
    }
    return this.#found;
  }
}

/**
 * Seconds that a server gives a request before it kills the worker (uWSGI's `harakiri`), which its document does not
 * tell: from the command line of its master, or the INI file that this names. Placeholders and included files are not
 * followed, and a file that was changed after the start says nothing of this server.
 *
 * @param started unix seconds, of the master
 * @returns `null` where it is not found: there can be a limit all the same
 */
export async function harakiriOf(pid: number, started: number, proc = '/proc'): Promise<number | null> {
  try {
    const folder = `${proc}/${pid}`;
    const words = (await readFile(`${folder}/cmdline`, 'utf8')).split('\0').slice(1);
    const given = values(words, LIMIT).at(-1);
    if (given !== undefined) return secondsIn(given);
    // Without an option, a file that ends so is one too.
    const files = [...values(words, INI), ...words.filter((word) => /^[^-].*\.ini$/s.test(word))];
    const found = await Promise.all([...new Set(files)].map((file) => limitIn(file, folder, started)));
    return found.findLast((seconds) => seconds !== null) ?? null;
  } catch {
    // No permission, no such process or file.
    return null;
  }
}

/** Of an option, in `--name=value` and in `--name value`. */
function values(words: readonly string[], option: RegExp): string[] {
  return words.flatMap((word, at) => {
    const match = option.exec(word);
    return match ? (match[1] ?? words[at + 1] ?? []) : [];
  });
}

/** The last one of the section counts, as the last option does. */
async function limitIn(name: string, folder: string, started: number): Promise<number | null> {
  const [, file = name, section = 'uwsgi'] = /^(.+\.ini):([\w.-]+)$/s.exec(name) ?? [];
  const path = isAbsolute(file) ? `${folder}/root${file}` : `${folder}/cwd/${file}`;
  const { mtimeMs } = await stat(path);
  if (mtimeMs / 1000 > started) return null;
  const text = await readFile(path, 'utf8');
  const [, ...sections] = `\n${text}`.split(/\n[ \t]*\[/);
  const own = sections.filter((each) => each.startsWith(`${section}]`));
  const lines = own.flatMap((each) => each.split('\n'));
  const limits = lines.flatMap((line) => /^\s*harakiri\s*=\s*(\S+)\s*$/.exec(line)?.[1] ?? []);
  return secondsIn(limits.at(-1) ?? '');
}

/** 0 is no limit. */
function secondsIn(text: string): number | null {
  return SECONDS.test(text) ? Number(text) || null : null;
}
