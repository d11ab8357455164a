import { isEmperor, type Role, roleOf, type Setting } from './arguments.ts';

/** A listening socket, with its name as the kernel reports it. */
export interface Listening {
  inode: string;
  address:
    | { family: 'unix'; path: string }
    /** `@` and the name, with `@` for each NUL. */
    | { family: 'abstract'; path: string }
    | { family: 'tcp'; host: string; port: number };
}

/** What is known about one process of an instance. */
export interface Evidence {
  /** Sockets that the process has created for its own event loop and listens on. */
  bound: readonly Listening[];
  /** Options of the command line and of the configuration files that could be read. */
  settings: readonly Setting[];
  /** Whether all configuration files of the command line could be read, and include no others. */
  isComplete: boolean;
  /** Whether processes were forked from it: a master has workers, an emperor of its own has none. */
  hasForks: boolean;
  /** Whether it has started other instances. */
  hasVassals: boolean;
  /** Whether uWSGI itself has named the process as a router (`auto-procname`). */
  isRouter: boolean;
}

/** A stats socket, and the kind of server that it belongs to. */
export interface StatsSocket {
  listening: Listening;
  role: Exclude<Role, 'zerg'>;
}

/**
 * Decides which sockets are stats sockets. An option that names the socket decides. Without one, the only socket of a
 * master or router is its stats socket. An emperor also waits for the application sockets of its sleeping vassals: a
 * connection would start them. So its socket needs the option, and so does that of a process without forks, which can be
 * such an emperor.
 *
 * @returns `unclear` if there are sockets of which none is certain
 */
export function statsSockets(evidence: Evidence): readonly StatsSocket[] | 'unclear' {
  const { bound, settings } = evidence;
  const named = bound.flatMap((listening) => {
    const setting = settings.find((each) => roleOf(each) !== null && isNamed(listening, each.value));
    const role = setting && roleOf(setting);
    return role ? [{ listening, role }] : [];
  });
  const stats = named.flatMap(({ listening, role }) => (role === 'zerg' ? [] : [{ listening, role }]));
  const others = bound.filter((each) => !named.some(({ listening }) => listening === each));
  const [only, ...more] = others;
  if (stats.length > 0 || only === undefined) return stats;
  // Without an option for stats, the sockets of an emperor are those of its vassals.
  if (isEmperor(settings) && evidence.isComplete) return [];
  if (more.length > 0) return 'unclear';
  if (evidence.isRouter) return [{ listening: only, role: 'router' }];
  const isMaster = evidence.hasForks && !evidence.hasVassals && !isEmperor(settings);
  return isMaster ? [{ listening: only, role: 'app' }] : 'unclear';
}

/**
 * Whether the value of an option is the address of a socket. Placeholders such as `%n` and `$(HOME)` stand for any
 * text.
 */
export function isNamed({ address }: Listening, value: string): boolean {
  if (value === '') return false;
  switch (address.family) {
    case 'unix':
      return address.path === value || fits(address.path, value);
    case 'abstract':
      return fits(address.path, value) || fits(address.path.replace(/@$/, ''), value);
    case 'tcp': {
      const [, port = ''] = /:([^:\]]*)$/.exec(value) ?? [];
      return port !== '' && fits(String(address.port), port);
    }
  }
}

/** An opening parenthesis ends the search for the closing one. With many of them, the time would be quadratic. */
const PLACEHOLDER = /%[a-zA-Z0-9]|[$@%]\([^()]*\)/g;

/** Matches the parts between placeholders in order, without backtracking. */
function fits(text: string, value: string): boolean {
  const parts = value.split(PLACEHOLDER);
  const [first = '', ...rest] = parts;
  const last = rest.pop();
  if (last === undefined) return text === first;
  if (!text.startsWith(first) || !text.endsWith(last) || text.length < first.length + last.length)
    return false;
  let place = first.length;
  for (const part of rest) {
    const found = text.indexOf(part, place);
    if (found < 0 || found + part.length > text.length - last.length) return false;
    place = found + part.length;
  }
  return true;
}
