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

/** The first word that is a command is the command. A value of an option before it is not looked at. */
function bash(commands: readonly CommandWords[]): string {
  const all = commands.flatMap(optionsOf);
  const names = namesOf(commands);
  const cases = new Map<string, string>();
  for (const option of all) {
    if (option.value === null) continue;
    const reply =
      option.values === null
        ? ':'
        : option.values === 'files'
          ? 'COMPREPLY=($(compgen -f -- "$word"))'
          : `COMPREPLY=($(compgen -W "${option.values.join(' ')}" -- "$word"))`;
    cases.set(flagsOf(option).join(' | '), reply);
  }
  const options = commands.map(
    (command) =>
      `    ${command.name === '' ? '*' : command.name}) options="${optionsOf(command).flatMap(flagsOf).join(' ')}" ;;`,
  );
  return `${COMMENT}
_statstop() {
  local word=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD - 1]} command='' options each
  COMPREPLY=()
  case $previous in
${[...cases].map(([flags, reply]) => `    ${flags}) ${reply}; return ;;`).join('\n')}
  esac
  for each in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case $each in ${names.join(' | ')}) command=$each; break ;; esac
  done
  case $command in
${[...options.slice(1), ...options.slice(0, 1)].join('\n')}
  esac
  if [[ $word == -* ]]; then
    COMPREPLY=($(compgen -W "$options" -- "$word"))
  elif [[ $command == help ]]; then
    COMPREPLY=($(compgen -W "${names.filter((name) => name !== 'help').join(' ')}" -- "$word"))
  elif [[ $command == '' ]]; then
    COMPREPLY=($(compgen -W "${names.join(' ')}" -- "$word") $(compgen -f -- "$word"))
  else
    COMPREPLY=($(compgen -f -- "$word"))
  fi
}
complete -o filenames -F _statstop statstop
`;
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
  const names = namesOf(others).filter((name) => name !== 'help');
  const words = {
    '': `'*:target or command:_statstop_first'`,
    help: `'*:command:(${names.join(' ')})'`,
    check: `'*:target:_files'`,
  };
  const rest = words[command.name as keyof typeof words];
  return [...options, ...(rest === undefined ? [] : [rest])].join(' \\\n        ');
}

function fish(commands: readonly CommandWords[]): string {
  const names = namesOf(commands).join(' ');
  const lines = commands.flatMap((command) => {
    const condition =
      command.name === ''
        ? `not __fish_seen_subcommand_from ${names}`
        : `__fish_seen_subcommand_from ${command.name}`;
    return optionsOf(command).map((option) => fishOption(option, condition));
  });
  const first = commands
    .filter(({ name }) => name !== '')
    .map(
      ({ name, description }) =>
        `complete -c statstop -n '__fish_use_subcommand' -a ${name} -d ${single(description)}`,
    );
  return `${COMMENT}\n${[...first, ...lines].join('\n')}\n`;
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
