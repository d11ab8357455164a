import { lookup } from 'node:dns/promises';
import { networkInterfaces } from 'node:os';
import type { Target } from '../targets/target.ts';

/**
 * Whether a target is a socket of this machine, as far as its address tells. A port of this machine can still be
 * forwarded to another one: what depends on the processes of the server is proved by `host/proof`.
 */
export async function isLocal(target: Target): Promise<boolean> {
  switch (target.kind) {
    case 'path':
      return true;
    case 'socket':
      return target.address.family !== 'tcp' || (await isOurs(target.address.host));
    case 'stdin':
      return false;
  }
}

/** Whether a connection to that host arrives at this machine; not when the name is unknown. */
async function isOurs(host: string): Promise<boolean> {
  const found = await lookup(host, { all: true }).catch(() => []);
  const ours = Object.values(networkInterfaces()).flatMap(
    (each) => each?.map(({ address }) => address) ?? [],
  );
  return found.length > 0 && found.every(({ address }) => LOCAL.test(address) || ours.includes(address));
}

/** A connection to the unspecified address arrives at this machine, too. */
const LOCAL = /^(127\..*|0\.0\.0\.0|::|::1)$/;
