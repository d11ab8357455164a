import type { NetConnectOpts } from 'node:net';
import type { Address } from '../targets/target.ts';

/** Node.js 20 fills an abstract name with NULs up to the length of `sun_path`, which is another name. */
export function reachesAbstract(): boolean {
  return Number.parseInt(process.versions.node, 10) >= 22;
}

/** Room in `sun_path` of unix(7), of Linux and of the others. Node.js 20 cuts a longer path off, and connects to what has that name. */
export const MAX_PATH_BYTES = process.platform === 'linux' ? 107 : 103;

/** Ways to connect, in the order to try them: the next one when nobody listens at the one before. */
export function connections(address: Address): NetConnectOpts[] {
  switch (address.family) {
    case 'unix':
      return [{ path: address.path }];
    case 'abstract':
      // uWSGI binds the name with a NUL behind it; other programs, and uWSGI with `abstract-socket`, do not.
      return [{ path: `\0${address.name}\0` }, { path: `\0${address.name}` }];
    case 'tcp':
      return [{ host: address.host, port: address.port }];
  }
}
