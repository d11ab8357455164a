import { constants } from 'node:fs';
import { open, readFile, readlink } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

/** Seconds for which what was found is taken to be so still. */
const INTERVAL = 10;
/** Milliseconds that a reading waits for a look: a file can be on a disk that does not answer. */
const PATIENCE_MS = 100;
/** Seconds by which a start is known: the time of the boot is in whole ones. */
const ROUNDING = 1;
/** Bytes of a file of settings; nobody has larger ones. */
const LARGEST = 1024 * 1024;

const SECONDS = /^\d{1,6}$/;

/** Options that load settings, or change what others mean: with one of them nothing is certain. */
const UNCERTAIN = [
  ...[
    'yaml',
    'yml',
    'json',
    'js',
    'xml',
    'xmlconfig',
    'sqlite3',
    'sqlite',
    'zeus',
    'ldap',
    'config',
    'include',
    'inherit',
  ],
  ...['import-config', 'fallback-config', 'set', 'set-placeholder', 'set-ph', 'declare-option', 'emperor'],
];
/** What makes the lines after it count or not, and others of which there are many. */
const FAMILIES = /^(?:if-|for|end|exec-as|inherit|config|emperor)/;
/** Letters in one word, one of which can be such an option, or the limit. */
const UNCERTAIN_LETTERS = /^-(?:s3|[A-Za-z]*[txyj])/;
/** A file of settings, or a section of one. */
const LOADED = /\.(?:ini|ya?ml|json|js|xml|sqlite3?|conf|zeus)(?:$|:)/;

/** A master, and not another one that has its pid later. */
interface Known {
  pid: number;
  started: number;
  limit: number | null;
  /** When it is looked for again, in monotonic seconds. */
  due: number;
}

/** The limit of one master, looked for now and then: one look at a time. */
export class Harakiri {
  readonly #proc: string;
  #known: Known | null = null;
  #look: Promise<void> | null = null;

  constructor(proc: string) {
    this.#proc = proc;
  }

  /**
   * @param started unix seconds
   * @param clock monotonic seconds
   * @returns what is known by now; `null` is nothing yet, or what `harakiriOf` means by it
   */
  async read(pid: number, started: number, clock: number): Promise<number | null> {
    if (this.#known?.pid !== pid || this.#known.started !== started)
      this.#known = { pid, started, limit: null, due: Number.NEGATIVE_INFINITY };
    const known = this.#known;
    if (clock >= known.due && this.#look === null) {
      known.due = clock + INTERVAL;
      this.#look = harakiriOf(pid, started, this.#proc).then((limit) => {
        known.limit = limit;
        this.#look = null;
      });
    }
    if (this.#look !== null) await Promise.race([this.#look, sleep(PATIENCE_MS, null, { ref: false })]);
    return known.limit;
  }
}

/**
 * Seconds that a server gives a request before it kills the worker (uWSGI's `harakiri`), which its document does not
 * tell: from the command line of its master, and the INI files that this names. The last one counts, and files without
 * an option are read after all options.
 *
 * @param started unix seconds, of the master
 * @returns `null` where there is none, and where anything is not certain: there can be a limit all the same
 */
export async function harakiriOf(pid: number, started: number, proc = '/proc'): Promise<number | null> {
  try {
    const folder = `${proc}/${pid}`;
    const text = await readFile(`${folder}/cmdline`, 'utf8');
    // Each option can come from there, too. Who may not read it takes it that this one does not.
    const environment = await readFile(`${folder}/environ`, 'utf8').catch(() => '');
    for (const [, name = ''] of environment.matchAll(/(?<=^|\0)UWSGI_([^=\0]*)/g)) {
      const option = name.toLowerCase().replaceAll('_', '-');
      mustBe(option !== 'harakiri' && option !== 'ini' && !UNCERTAIN.includes(option));
    }
    const settings = settingsOf(text.replace(/\0$/, '').split('\0').slice(1));
    // The last one has the last word, whatever was said before it.
    for (const each of settings.reverse()) {
      // Where the master has another root, or we may not know, its paths are those of other files.
      if (typeof each === 'string') mustBe((await readlink(`${folder}/root`)) === '/');
      const limit = typeof each === 'number' ? each : limitIn(await textOf(each, started));
      // 0 is no limit.
      if (limit !== null) return limit || null;
    }
    return null;
  } catch {
    // It is not certain; no permission, no such process or file.
    return null;
  }
}

/** Limits, and paths of files that can have one, in the order in which they count. @throws Error if not certain */
function settingsOf(words: readonly string[]): (number | string)[] {
  const settings: (number | string)[] = [];
  const last: string[] = [];
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? '';
    const [, name, value] = /^--([^=]*)(?:=(.*))?$/s.exec(word) ?? [];
    if (name === 'harakiri') settings.push(secondsIn(value ?? words[++at]));
    else if (name === 'ini') settings.push(pathIn(value ?? words[++at]));
    // The beginning of a name will do for uWSGI.
    else if (name !== undefined)
      mustBe(!isUncertain(name) && !UNCERTAIN.some((each) => each.startsWith(name)));
    else if (word.startsWith('-t')) settings.push(secondsIn(word.slice(2) || words[++at]));
    else if (word.startsWith('-')) mustBe(!UNCERTAIN_LETTERS.test(word));
    else if (LOADED.test(word)) {
      // It can be the value of the option before it.
      mustBe(!/^-[^=]*$/s.test(words[at - 1] ?? ''));
      last.push(pathIn(word));
      mustBe(word.endsWith('.ini'));
    }
  }
  return [...settings, ...last];
}

function isUncertain(name: string): boolean {
  return UNCERTAIN.includes(name) || FAMILIES.test(name);
}

function mustBe(certain: boolean): void {
  if (!certain) throw new Error('not certain');
}

function secondsIn(text = ''): number {
  mustBe(SECONDS.test(text));
  return Number(text);
}

/** The folder of a server can have changed since; schemes, sections and placeholders are not followed. */
function pathIn(text = ''): string {
  mustBe(/^\/[^:$@%|]*$/.test(text));
  return text;
}

/** Of a file that is still as the server found it. @throws Error if it is not, or cannot be read */
async function textOf(path: string, started: number): Promise<string> {
  // A pipe without a writer would wait for one.
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const stat = await file.stat();
    mustBe(
      stat.isFile() &&
        stat.size <= LARGEST &&
        Math.max(stat.mtimeMs, stat.ctimeMs) / 1000 <= started + ROUNDING,
    );
    const { buffer, bytesRead } = await file.read(Buffer.alloc(stat.size), 0, stat.size, 0);
    mustBe(bytesRead === stat.size);
    return buffer.toString('utf8');
  } finally {
    await file.close();
  }
}

/** The last one of the section counts. @throws Error if not certain */
function limitIn(text: string): number | null {
  let section = '';
  let limit: number | null = null;
  for (const line of text.split('\n').map((each) => each.trim())) {
    if (line.startsWith('[')) section = line.slice(1, -1);
    if (line === '' || /^[[;#]/.test(line)) continue;
    // A pattern for both would take quadratic time with many blanks.
    const sign = line.indexOf('=');
    const key = (sign < 0 ? line : line.slice(0, sign)).trimEnd();
    const value = sign < 0 ? undefined : line.slice(sign + 1).trimStart();
    mustBe(key !== 'ini' && !isUncertain(key));
    if (section === 'uwsgi' && /^harakiri(?![\w-])/.test(key)) {
      mustBe(key === 'harakiri');
      limit = secondsIn(value);
    }
  }
  return limit;
}
