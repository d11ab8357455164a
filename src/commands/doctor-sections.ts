import { lstat } from 'node:fs/promises';
import { Ss } from '../host/ss.ts';
import { readSystem } from '../host/system.ts';
import { readUser } from '../host/user.ts';
import type { Fact, Section } from '../outputs/report.ts';
import type { SettingFileError } from '../settings/file.ts';
import { terminalFacts } from '../terminal/facts.ts';
import { boundedMask, CELL_CHARACTERS } from '../text/bounds.ts';
import { yesNo } from '../text/format.ts';
import { messageOf } from '../text/reason.ts';
import type { Mask } from '../text/secrets.ts';
import { plural } from '../text/words.ts';
import { ENVIRONMENT } from './groups.ts';
import { build } from './version.ts';

// The sections of `statstop doctor` that need no target. Values that another program may have chosen are masked.

export function programSection(mask: Mask): Section {
  const { version, form, commit, date, path } = build();
  return {
    title: 'statstop',
    facts: [
      ['version', version],
      ['build', form],
      ['commit', commit && `${commit}${date === null ? '' : `, ${date}`}`],
      ['program', mask.text(path)],
      ['Node.js', process.versions.node],
      ['NODE_OPTIONS', set(process.env.NODE_OPTIONS, mask)],
    ],
  };
}

export async function systemSection(): Promise<Section> {
  const { name, kernel, libc, architecture } = readSystem();
  return {
    title: 'system',
    facts: [
      ['system', name],
      ['kernel', kernel],
      ['architecture', architecture],
      ['C library', libc ?? 'not glibc'],
      ['ss', await ssWorks()],
    ],
  };
}

async function ssWorks(): Promise<string> {
  try {
    return `it lists ${plural((await new Ss().listeners(false)).length, 'unix socket')}`;
  } catch (error) {
    return `it does not work: ${messageOf(error)}. Install iproute2 for the queues of unix sockets`;
  }
}

export function terminalSection(mask: Mask): Section {
  const { env, stdin: input, stdout: output, stderr: error } = process;
  const facts = terminalFacts(env, { input, output, error });
  const { entry, colors } = facts.type;
  const locale = ['LC_ALL', 'LC_CTYPE', 'LANG'].find((name) => env[name]);
  return {
    title: 'terminal',
    facts: [
      ['standard input', facts.input ?? 'closed'],
      ['standard output', facts.output ?? 'closed'],
      ['standard error', facts.error ?? 'closed'],
      ['size', facts.size && `${facts.size.columns}x${facts.size.rows}`],
      ['TERM', `${set(env.TERM, mask)}${facts.isDumb ? ' (no live view)' : ''}`],
      ['COLORTERM', set(env.COLORTERM, mask)],
      ['treated as', `${entry}, ${colors === 0 ? 'no' : colors} colours`],
      ['locale', locale === undefined ? 'not set' : `${locale}=${set(env[locale], mask)}`],
      ['UTF-8', yesNo(facts.isUtf8)],
      ['inside of', facts.multiplexer ?? 'neither tmux nor screen'],
      ['over SSH', yesNo(facts.isRemote)],
    ],
  };
}

export function userSection(): Section {
  const { name, uid, effectiveUid, gid, groups, mayTrace, ptraceScope, hidepid, firstProcess } = readUser();
  return {
    title: 'user',
    facts: [
      [
        'user',
        `${name ?? '-'}, uid ${uid ?? '-'}${effectiveUid === null ? '' : `, effective ${effectiveUid}`}`,
      ],
      ['groups', [gid, ...groups].map((each) => each ?? '-').join(', ')],
      ['CAP_SYS_PTRACE', yesNo(mayTrace)],
      ['ptrace_scope', ptraceScope === null ? 'not set (no Yama)' : String(ptraceScope)],
      ['hidepid of /proc', hidepid ?? 'not set'],
      [
        '/proc/1 can be read',
        `status: ${yesNo(firstProcess.status)}, open files: ${yesNo(firstProcess.files)}`,
      ],
    ],
  };
}

/** @param failure why the file was not used */
export async function settingsSection(
  {
    path,
    names,
    failure,
  }: { path: string | null; names: readonly string[]; failure: SettingFileError | null },
  mask: Mask,
): Promise<Section> {
  const bounded = boundedMask(mask, CELL_CHARACTERS);
  const state = path === null ? null : await stateOf(path);
  return {
    title: 'settings',
    facts: [
      ['file', path === null ? 'not used' : bounded.text(path)],
      ['state', state],
      ['sets', names.join(', ') || 'nothing'],
      ['error', failure === null ? 'no' : bounded.text(failure.message)],
      ...ENVIRONMENT.map(([name]): Fact => [name, set(process.env[name], bounded)]),
    ],
  };
}

async function stateOf(path: string): Promise<string> {
  try {
    const { uid, mode } = await lstat(path);
    return `it exists, uid ${uid}, mode ${octal(mode)}`;
  } catch (error) {
    return `it cannot be found (${(error as NodeJS.ErrnoException).code ?? messageOf(error)})`;
  }
}

/** Permission bits as chmod takes them. */
export function octal(mode: number): string {
  return (mode & 0o7777).toString(8).padStart(4, '0');
}

function set(value: string | undefined, mask: Mask): string {
  return value ? boundedMask(mask, CELL_CHARACTERS).text(value) : 'not set';
}
