import { rare } from '../text/rare.ts';
import { maskTarget } from '../text/secrets/target.ts';
import { type Address, type Login, type SshTarget, TargetSyntaxError } from './target.ts';
import { LAST_PORT, tcp } from './tcp.ts';

/** User, host, port, and the address on the other machine. */
const FORM = /^ssh:\/\/(?:([^/]*)@)?(\[[^\]/]*\]|[^/:@[\]]*)(?::(\d*))?(?:\/(.*))?$/is;

/**
 * Letters, digits and few other characters. `ssh` puts both names into commands of its configuration (`%h`, `%r`), which
 * a shell runs. A name that begins with a dash would be an option.
 */
const hostName = rare(String.raw`^[\p{L}\p{N}_][\p{L}\p{N}._-]*$`);
const IPV6 = /^\[[\da-f:.]+\]$/i;
const userName = rare(String.raw`^[\p{L}\p{N}_][\p{L}\p{N}._+@-]*$`);

/** `host:port` on the other machine. A path of one part that looks like this is such an address. */
const TCP = /^(\[[^\]/]*\]|[^/:]*):(\d*)$/;

/**
 * Characters in a path that `ssh` replaces (`%h`, `${HOME}`) or cannot receive. No escape works with every version.
 */
const IMPOSSIBLE = /[%$\\\x00-\x1f\x7f-\x9f]/;

const EXAMPLE = 'ssh://web1/run/app.stats or ssh://web1/127.0.0.1:1717';

/**
 * Parses `ssh://[user@]host[:port]/path` and `ssh://[user@]host[:port]/host:port`.
 *
 * @param text the target with secrets masked
 * @throws TargetSyntaxError
 */
export function sshTarget(text: string, given = ''): SshTarget {
  const [whole, user, host = '', port, there = ''] = FORM.exec(given) ?? [];
  if (whole === undefined)
    throw new TargetSyntaxError(`an ssh:// target has a host and an address there: ${EXAMPLE}`);
  const [name, ...password] = user?.split(':') ?? [];
  if (password.length > 0) {
    const without = maskTarget(given.replace(`${user}@`, () => `${name}@`));
    throw new TargetSyntaxError(`ssh:// takes no password, because ssh uses keys. Use ${without}`);
  }
  return { kind: 'ssh', text, login: login(text, user, host, port), address: addressThere(text, there) };
}

function login(text: string, user: string | undefined, host: string, port: string | undefined): Login {
  if (!hostName().test(host) && !IPV6.test(host))
    throw new TargetSyntaxError(
      `${text} needs a host name of letters, digits, '.', '-' and '_', as in ${EXAMPLE}`,
    );
  if (user !== undefined && !userName().test(user))
    throw new TargetSyntaxError(
      `${text}: a user name has letters, digits and '.', '-', '_', '+', '@'. Use a Host of ~/.ssh/config for others`,
    );
  const number = port === undefined ? null : Number(port);
  if (number !== null && (number < 1 || number > LAST_PORT))
    throw new TargetSyntaxError(`${text} needs a port of ssh from 1 to ${LAST_PORT}, as in ssh://web1:22/`);
  return { user: user ?? null, host: host.replace(/^\[|\]$/g, ''), port: number };
}

/** @param there the part after the host, without its first slash */
function addressThere(text: string, there: string): Address {
  if (there === '')
    throw new TargetSyntaxError(`${text} needs the address of the stats server there, as in ${EXAMPLE}`);
  if (there.startsWith('@'))
    throw new TargetSyntaxError(
      `${text}: ssh cannot reach abstract sockets. Use 'exec:ssh HOST socat - ABSTRACT-CONNECT:NAME'`,
    );
  const [isTcp, host, port] = TCP.exec(there) ?? [];
  if (isTcp !== undefined) return tcp(text, host, port);
  if (IMPOSSIBLE.test(there))
    throw new TargetSyntaxError(
      `${text}: ssh cannot forward a path with '%', '$', '\\' or control characters. Use 'exec:ssh HOST socat - UNIX:PATH'`,
    );
  return { family: 'unix', path: `/${there}` };
}
