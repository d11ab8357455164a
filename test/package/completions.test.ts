import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { COMPLETIONS } from '../../scripts/package/completions.ts';
import { definition, VALUES } from '../../scripts/package/definition.ts';
import { skipping } from '../lab/available.ts';

const COMMANDS = definition();
const folder = mkdtempSync(join(tmpdir(), 'statstop-completions-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** The shells write files of their own below these folders. */
const ENV = { ...process.env, HOME: folder, XDG_CONFIG_HOME: folder, XDG_DATA_HOME: folder };

function scriptOf(shell: string): string {
  const { file, write } = COMPLETIONS.find((each) => each.shell === shell) ?? {};
  const path = join(folder, file ?? '');
  writeFileSync(path, write?.(COMMANDS) ?? '');
  return path;
}

function skipWithoutShell(shell: string): boolean {
  const works = spawnSync(shell, ['-c', 'true'], { stdio: 'ignore', env: ENV }).status === 0;
  return (
    !works && skipping(`completions of ${shell}`, `${shell} is not installed (apt-get install ${shell})`)
  );
}

/** Each shell's words after these were typed. The last one is incomplete. */
const TYPED: readonly (readonly [typed: string, words: readonly string[]])[] = [
  ['statstop --the', ['--theme']],
  ['statstop --theme l', ['light']],
  ['statstop -s respo', ['responseTime']],
  ['statstop --cores t', ['tree']],
  ['statstop --view req', ['requests']],
  ['statstop che', ['check']],
  ['statstop check --le', ['--level']],
  ['statstop check --theme-of', []],
  ['statstop demo --w', ['--workers']],
  ['statstop help de', ['demo']],
  ['statstop doct', ['doctor']],
  ['statstop doctor --ti', ['--timeout']],
  ['statstop doctor --show-s', []],
  ['statstop doctor /etc/hostn', ['/etc/hostname']],
  ['statstop help do', ['doctor']],
  ['statstop servers --j', ['--json']],
  ['statstop help s', ['servers']],
  ['statstop report --format m', ['markdown']],
  ['statstop report --format op', []],
  ['statstop export --format o', ['openmetrics']],
  ['statstop export --format ma', []],
  ['statstop report /etc/hostn', ['/etc/hostname']],
  ['statstop --config /etc/hostn', ['/etc/hostname']],
];

describe('completions of bash', () => {
  const script = scriptOf('bash');

  it.each(TYPED)('%s', (typed, words) => {
    const line = `source ${script}; COMP_WORDS=(${typed}); COMP_CWORD=$((\${#COMP_WORDS[@]} - 1)); _statstop; echo "\${COMPREPLY[@]}"`;
    const { stdout, stderr } = spawnSync('bash', ['--norc', '-c', line], { encoding: 'utf8' });
    expect([stderr, stdout.trim().split(' ').filter(Boolean)]).toEqual(['', words]);
  });

  it('complete a name of a file with a blank as one word', () => {
    writeFileSync(join(folder, 'my socket'), '');
    const line = `source ${script}; COMP_WORDS=(statstop '${folder}/my'); COMP_CWORD=1; _statstop; echo "\${#COMPREPLY[@]} \${COMPREPLY[0]}"`;
    const { stdout } = spawnSync('bash', ['--norc', '-c', line], { encoding: 'utf8' });
    expect(stdout).toBe(`1 ${folder}/my socket\n`);
  });
});

describe.skipIf(skipWithoutShell('fish'))('completions of fish', () => {
  const script = scriptOf('fish');

  it.each(TYPED)('%s', (typed, words) => {
    const line = `source ${script}; complete -C '${typed}'`;
    const { stdout, stderr } = spawnSync('fish', ['--no-config', '-c', line], { encoding: 'utf8', env: ENV });
    const completed = stdout.split('\n').map((line) => line.split('\t')[0] ?? '');
    expect([stderr, completed.filter(Boolean)]).toEqual(['', words]);
  });
});

/** Runs a zsh in a terminal of its own, presses Tab after the words, and prints the line that the shell then has. */
const ZSH = `zmodload zsh/zpty
zpty z zsh -f -i
zpty -w z "PS1= RPS1= PROMPT_EOL_MARK=; fpath=($1 \\$fpath); autoload -Uz compinit; compinit -u -D; unsetopt zle_bracketed_paste; shown() { print -r -- \\"<<\\$BUFFER>>\\"; zle kill-buffer }; zle -N shown; bindkey '^X^A' shown; print ready-now"
zpty -r -m z line '*ready-now*ready-now*'
zpty -w -n z "$2"$'\\t\\C-X\\C-A'
zpty -r -m z line '*<<*>>*'
print -r -- "\${\${line##*<<}%%>>*}"`;

describe.skipIf(skipWithoutShell('zsh'))('completions of zsh', () => {
  scriptOf('zsh');

  it.each(TYPED.filter(([, words]) => words.length === 1))('%s', (typed, words) => {
    const { stdout } = spawnSync('zsh', ['-f', '-c', ZSH, 'zsh', folder, typed], {
      encoding: 'utf8',
      timeout: 60_000,
      env: { ...ENV, TERM: 'dumb' },
    });
    expect(stdout.trim()).toBe(`${typed.replace(/\S+$/, '')}${words[0]}`);
  });
});

it('values are completed only for options that exist', () => {
  const names = new Set(
    COMMANDS.flatMap(({ name, groups }) =>
      groups.flatMap(({ options }) => options.flatMap(({ long }) => [long, `${name} ${long}`])),
    ),
  );
  expect(Object.keys(VALUES).filter((name) => !names.has(name))).toEqual([]);
});
