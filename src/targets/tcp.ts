import { maskTarget } from '../text/secrets/target.ts';
import { type Address, TargetSyntaxError } from './target.ts';

/** The highest TCP port. */
export const LAST_PORT = 65535;

/**
 * Parses host and port of a TCP address. Without a host, it is that of the machine itself.
 *
 * @param text the whole target with secrets masked, for errors
 * @throws TargetSyntaxError if the port is missing or impossible
 */
export function tcp(text: string, host = '', port = ''): Address {
  const number = Number(port);
  if (port === '' || number < 1 || number > LAST_PORT) {
    throw new TargetSyntaxError(
      `${text} needs a port from 1 to ${LAST_PORT}, as in ${maskTarget(host) || '127.0.0.1'}:1717`,
    );
  }
  // uWSGI binds `:port` to all addresses of this machine.
  return { family: 'tcp', host: host.replace(/^\[|\]$/g, '') || '127.0.0.1', port: number };
}
