import { lookup } from 'node:dns/promises';
import { networkInterfaces } from 'node:os';
import { addressOf, type Target } from '../targets/target.ts';

/**
 * Whether a target is a socket of this machine, judged by its address. A port of this machine may still be forwarded to
 * another machine. Code that depends on the processes of the server needs a proof from `host/proof`.
 */
export async function isLocal(target: Target): Promise<boolean> {
  const address = addressOf(target);
  if (address === null) return false;
  return address.family !== 'tcp' || (await isOurs(address.host));
}

/** Whether a connection to that host reaches this machine; false if the name cannot be resolved. */
async function isOurs(host: string): Promise<boolean> {
  const found = await lookup(host, { all: true }).catch(() => []);
  const ours = Object.values(networkInterfaces()).flatMap(
    (each) => each?.map(({ address }) => address) ?? [],
  );
  return found.length > 0 && found.every(({ address }) => LOCAL.test(address) || ours.includes(address));
}

/** A connection to the unspecified address also reaches this machine. */
const LOCAL = /^(127\..*|0\.0\.0\.0|::|::1)$/;
