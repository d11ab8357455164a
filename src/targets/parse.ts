import { maskTarget } from '../text/secrets/target.ts';
import { execTarget } from './exec.ts';
import { sshTarget } from './ssh.ts';
import {
  type Address,
  NotPidError,
  type Protocol,
  type SocketTarget,
  type Target,
  TargetSyntaxError,
} from './target.ts';
import { LAST_PORT, tcp } from './tcp.ts';

/**
 * Parses a command line argument to a target.
 *
 * @example parseTarget('/run/app.stats'); parseTarget('@app'); parseTarget(':1717'); parseTarget('http://[::1]:1717')
 * @throws TargetSyntaxError
 */
export function parseTarget(given: string): Target {
  const text = maskTarget(given);
  for (const [form, make] of FORMS) {
    const found = form.exec(given);
    if (found)
      return make(
        text,
        found.slice(1).map((part) => part ?? ''),
      );
  }
  if (given === '') throw new TargetSyntaxError('the target is empty');
  return { kind: 'path', text, path: given };
}

/** Makes a target from its text, in which secrets are masked, and the groups of the pattern of its form. */
type Make = (text: string, parts: string[]) => Target;

/** Forms of a target. The first match wins. A text that matches no form is a path. */
const FORMS: readonly (readonly [RegExp, Make])[] = [
  [/^-$/, (text) => ({ kind: 'stdin', text })],
  [/^exec:(.*)$/is, (text, [command]) => execTarget(text, command)],
  [/^(ssh:\/\/.*)$/is, (text, [given]) => sshTarget(text, given)],
  [/^unix:(?:\/\/(?=\/))?(.*)$/i, (text, [path]) => socket(text, unix(text, path), 'raw-or-http')],
  [
    /^http\+unix:\/\/(%2F[^/]*)\/?$/i,
    (text, [path]) => socket(text, unix(text, decoded(text, path)), 'http'),
  ],
  [/^http\+unix:(?:\/\/(?=\/))?(.*)$/i, (text, [path]) => socket(text, unix(text, path), 'http')],
  [/^([a-z][a-z0-9+.-]*:\/\/)[^/]*@(.*)$/is, (_text, [scheme, rest]) => noUser(`${scheme}${rest}`)],
  [
    /^http:\/\/(\[[^\]]*\]|[^/:]*)(?::(\d*))?(\/.*)?$/i,
    (text, [host, port = '', path = '']) => socket(text, tcp(text, host, port || '80'), 'http', path || '/'),
  ],
  [
    /^tcp:\/\/(\[[^\]]*\]|[^/:]*)(?::(\d*))?\/?$/i,
    (text, [host, port]) => socket(text, tcp(text, host, port), 'raw-or-http'),
  ],
  // A slash in a password ends the host too early.
  [
    /^([a-z][a-z0-9+.-]*:\/\/)[^/:]*:(?!\d*\/).*@(.*)$/is,
    (_text, [scheme, rest]) => noUser(`${scheme}${rest}`),
  ],
  [/^http:\/\//i, (text) => misformed(text, 'http://HOST:PORT/PATH')],
  [/^tcp:\/\//i, (text) => misformed(text, 'tcp://HOST:PORT')],
  [/^([a-z][a-z0-9+.-]*):\/\//i, (text, [scheme]) => unknownScheme(text, scheme)],
  [/^@(.*)$/s, (text, [name]) => socket(text, unix(text, `@${name}`), 'raw-or-http')],
  [
    /^(\[[^\]/]*\]|[^/:]*):(\d+)$/,
    (text, [host, port]) => socket(text, tcp(text, host, port), 'raw-or-http'),
  ],
  [/^(\d+)$/, (text, [digits]) => number(text, digits)],
  [/^pid:(?!\d+$)/i, (text) => noNumber(text)],
  [
    // 127.1 is short for 127.0.0.1.
    /^(localhost|\d+(?:\.\d+){3}|127(?:\.\d+){1,2})$/i,
    (text, [host]) => notAlone(text, `${host}:1717`, 'with the port of the stats server'),
  ],
  [
    /^\[?([\da-f]*:[\da-f:]*:[\da-f:.]*)\]?$/i,
    (text, [host]) => notAlone(text, `[${host}]:1717`, 'with the port of the stats server'),
  ],
  [
    /^(\[[^\]/]*\]|localhost|\d+(?:\.\d+){3}|127(?:\.\d+){1,2}|):$/i,
    (text, [host]) => socket(text, tcp(text, host), 'raw-or-http'),
  ],
];

/** A process id is a target only of the commands that search for its server. They have found none. */
function number(text: string, digits = ''): never {
  const instead = Number(digits) <= LAST_PORT ? `:${digits} for a port of this machine` : 'a stats socket';
  throw new NotPidError(
    `no uWSGI server of this machine has the process id ${text}. Use ${instead}, or ./${text} for a file`,
  );
}

function noNumber(text: string): never {
  throw new TargetSyntaxError(
    `${text} is not a target: pid: needs a number, as in pid:4711. Use ./${text} for a file`,
  );
}

/** An address can also be the name of a file, but it is more often an incomplete target. */
function notAlone(text: string, instead: string, what: string): never {
  throw new TargetSyntaxError(`${text} is not a target. Use ${instead} ${what}, or ./${text} for a file`);
}

function socket(text: string, address: Address, speaks: Protocol | 'raw-or-http', path = '/'): SocketTarget {
  return { kind: 'socket', text, address, protocol: speaks === 'raw-or-http' ? null : speaks, path };
}

/** Parses the path of a unix socket, or `@name` of an abstract socket. */
function unix(text: string, path = ''): Address {
  if (path === '' || path === '@')
    throw new TargetSyntaxError(`${text} has no socket path. Use a path, as in unix:/run/app.stats`);
  return path.startsWith('@') ? { family: 'abstract', name: path.slice(1) } : { family: 'unix', path };
}

function decoded(text: string, path = ''): string {
  try {
    return decodeURIComponent(path);
  } catch {
    throw new TargetSyntaxError(
      `${text}: invalid percent encoding. Use a path, as in http+unix:/run/app.stats`,
    );
  }
}

function noUser(instead: string): never {
  throw new TargetSyntaxError(`a stats server uses no user name and no password. Use ${maskTarget(instead)}`);
}

function misformed(text: string, form: string): never {
  throw new TargetSyntaxError(`${text} does not have the form ${form}`);
}

function unknownScheme(text: string, scheme = ''): never {
  const known = 'unix:, tcp://, http://, http+unix:, ssh:// or exec:';
  const shown = text.startsWith(scheme) ? ` ${scheme}://` : '';
  const why =
    scheme.toLowerCase() === 'https' ? 'a stats server does not support TLS' : `unknown scheme${shown}`;
  throw new TargetSyntaxError(`${text}: ${why}. Use ${known}`);
}
