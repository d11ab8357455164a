import type { CommandWords, OptionWords } from './definition.ts';

/** A completion script: its shell, its name in an archive, and its path below `/usr/share` in a package. */
export interface Completion {
  shell: 'bash' | 'zsh' | 'fish';
  file: string;
  installed: string;
  write(commands: readonly CommandWords[]): string;
}

export const COMPLETIONS: readonly Completion[] = [
  { shell: 'bash', file: 'statstop.bash', installed: 'bash-completion/completions/statstop', write: bash },
  { shell: 'zsh', file: '_statstop', installed: 'zsh/vendor-completions/_statstop', write: zsh },
  {
    shell: 'fish',
    file: 'statstop.fish',
    installed: 'fish/vendor_completions.d/statstop.fish',
    write: fish,
  },
];

const COMMENT = '# Completions of statstop, made from its command line.';

function optionsOf({ groups }: CommandWords): OptionWords[] {
  return groups.flatMap(({ options }) => options);
}

function flagsOf({ short, long }: OptionWords): string[] {
  return short === null ? [long] : [short, long];
}

function namesOf(commands: readonly CommandWords[]): string[] {
  return commands.map(({ name }) => name).filter((name) => name !== '');
}

/** The first word that is a command is the command, even if it is the value of an option. */
function bash(commands: readonly CommandWords[]): string {
  const names = namesOf(commands);
  const values = [...bashValues(commands)].map(
    ([reply, patterns]) => `    ${[...patterns].join(' | ')}) ${reply} ;;`,
  );
  const [root = '', ...others] = commands.map((command) => {
    const flags = optionsOf(command).flatMap(flagsOf);
    return `    ${command.name === '' ? '*' : command.name}) options='${flags.join(' ')}' ;;`;
  });
  return `${COMMENT}
_statstop_reply() { mapfile -t COMPREPLY < <(compgen "$@" -- "\${COMP_WORDS[COMP_CWORD]}"); }
_statstop() {
  local command='' options each
  COMPREPLY=()
  for each in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case $each in ${names.join(' | ')}) command=$each; break ;; esac
  done
  case $command:\${COMP_WORDS[COMP_CWORD - 1]} in
${values.join('\n')}
  esac
  case $command in
${[...others, root].join('\n')}
  esac
  case $command:\${COMP_WORDS[COMP_CWORD]} in
    *:-*) _statstop_reply -W "$options" ;;
    help:*) _statstop_reply -W '${names.filter((name) => name !== 'help').join(' ')}' ;;
    :*) _statstop_reply -f -W '${names.join(' ')}' ;;
    *) _statstop_reply -f ;;
  esac
}
complete -o filenames -F _statstop statstop
`;
}

/** The replies to the values of options, with patterns of COMMAND:OPTION. Most options have the same in all commands. */
function bashValues(commands: readonly CommandWords[]): Map<string, Set<string>> {
  const all = commands.flatMap((command) =>
    optionsOf(command)
      .filter(({ value }) => value !== null)
      .flatMap((option) =>
        flagsOf(option).map((flag) => ({ command: command.name, flag, reply: bashReply(option.values) })),
      ),
  );
  const patterns = new Map<string, Set<string>>();
  for (const { command, flag, reply } of all) {
    const isSame = all.every((other) => other.flag !== flag || other.reply === reply);
    const pattern = `${isSame ? '*' : command}:${flag}`;
    patterns.set(reply, (patterns.get(reply) ?? new Set()).add(pattern));
  }
  return patterns;
}

function bashReply(values: OptionWords['values']): string {
  if (values === null) return 'return';
  return values === 'files'
    ? '_statstop_reply -f; return'
    : `_statstop_reply -W '${values.join(' ')}'; return`;
}

function zsh(commands: readonly CommandWords[]): string {
  const [root, ...others] = commands;
  if (!root) throw new Error('no command line is declared');
  const cases = others.map(
    (command) => `      ${command.name})
        _arguments -s ${argumentsOf(command, others)}
        return
        ;;`,
  );
  const described = others.map(({ name, description }) => single(`${name}:${description}`)).join(' ');
  return `#compdef statstop
${COMMENT}
_statstop_first() {
  local -a commands=(${described})
  _describe command commands
  _files
}
_statstop() {
  local each
  for each in "\${(@)words[2,CURRENT-1]}"; do
    case $each in
${cases.join('\n')}
    esac
  done
  _arguments -s ${argumentsOf(root, others)}
}
_statstop "$@"
`;
}

function argumentsOf(command: CommandWords, others: readonly CommandWords[]): string {
  const options = optionsOf(command).map((option) => {
    const flags = flagsOf(option);
    const text = option.description.replaceAll(/[[\]\\]/g, '\\$&').replaceAll(':', '\\:');
    const action =
      option.values === null ? ' ' : option.values === 'files' ? '_files' : `(${option.values.join(' ')})`;
    const value =
      option.value === null ? '' : `:${option.value.slice(1, -1).replaceAll(':', '\\:')}:${action}`;
    const excluded = flags.length > 1 ? single(`(${flags.join(' ')})`) : '';
    const names = flags.length > 1 ? `{${flags.join(',')}}` : flags[0];
    return `${excluded}${names}${single(`[${text}]${value}`)}`;
  });
  return [...options, single(zshRest(command, others))].join(' \\\n          ');
}

/** What the words are that are no options. The name of the command is one of them. */
function zshRest({ name, arguments: [first] }: CommandWords, others: readonly CommandWords[]): string {
  if (name === '') return '*:target or command:_statstop_first';
  if (first?.name === 'target' || first?.name === 'recording') return `*:${first.name}:_files`;
  // Nothing: the name of the command is the only one.
  if (first === undefined) return '*: :()';
  return `*:command:(${namesOf(others)
    .filter((each) => each !== name)
    .join(' ')})`;
}

function fish(commands: readonly CommandWords[]): string {
  const names = namesOf(commands);
  const lines = commands.flatMap((command) => {
    const condition =
      command.name === ''
        ? `not __fish_seen_subcommand_from ${names.join(' ')}`
        : `__fish_seen_subcommand_from ${command.name}`;
    return optionsOf(command).map((option) => fishOption(option, condition));
  });
  const first = commands
    .filter(({ name }) => name !== '')
    .map(
      ({ name, description }) =>
        `complete -c statstop -n '__fish_use_subcommand' -a ${name} -d ${single(description)}`,
    );
  const help = names.filter((name) => name !== 'help').join(' ');
  return `${COMMENT}
${[...first, ...lines].join('\n')}
complete -c statstop -n '__fish_seen_subcommand_from demo servers' -f
complete -c statstop -n '__fish_seen_subcommand_from help' -f -a '${help}'
`;
}

function fishOption({ short, long, value, values, description }: OptionWords, condition: string): string {
  const kind =
    value === null
      ? ''
      : values === 'files'
        ? ' -r -F'
        : values === null
          ? ' -x'
          : ` -x -a ${single(values.join(' '))}`;
  const letter = short === null ? '' : ` -s ${short.slice(1)}`;
  return `complete -c statstop -n '${condition}'${letter} -l ${long.slice(2)}${kind} -d ${single(description)}`;
}

/** A word in single quotes, for each of the three shells. */
function single(text: string): string {
  return `'${text.replaceAll("'", `'"'"'`)}'`;
}
