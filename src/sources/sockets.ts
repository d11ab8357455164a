import type { NetConnectOpts } from 'node:net';
import type { Address } from '../targets/target.ts';

/**
 * Whether Node.js can connect to abstract sockets. Node.js 20 pads an abstract name with NULs up to the length of
 * `sun_path`, which is a different name.
 */
export function reachesAbstract(): boolean {
  return Number.parseInt(process.versions.node, 10) >= 22;
}

/**
 * Maximum length of a socket path in bytes: the size of `sun_path` in unix(7) without the NUL, on Linux and on other
 * systems. Node.js 20 truncates a longer path and connects to the socket with the truncated name.
 */
export const MAX_PATH_BYTES = process.platform === 'linux' ? 107 : 103;

/** Returns the ways to connect, in the order to try them. Try the next one if a connection is refused. */
export function connections(address: Address): NetConnectOpts[] {
  switch (address.family) {
    case 'unix':
      return [{ path: address.path }];
    case 'abstract':
      // uWSGI binds the name with a NUL at its end. Other programs do not, nor does uWSGI with `abstract-socket`.
      return [{ path: `\0${address.name}\0` }, { path: `\0${address.name}` }];
    case 'tcp':
      return [{ host: address.host, port: address.port }];
  }
}
