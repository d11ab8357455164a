import { join, resolve } from 'node:path';
import type { Address, SocketTarget } from '../target.ts';
import { placeName } from './error.ts';
import { placeOfName, type Start, surroundingsOf } from './files.ts';
import { type ConfigurationText, type StatsServer, statsServers } from './resolve.ts';

/** A stats server of a configuration, as a target. */
export interface ConfiguredTarget extends StatsServer {
  target: SocketTarget;
}

/**
 * The stats servers of a configuration as targets, in the order of `statsServers`. The name of each is its address.
 *
 * @param path of the file, which may be relative
 * @throws ConfigurationError
 */
export function configuredTargets(
  path: string,
  configuration: ConfigurationText,
  start: Start,
): ConfiguredTarget[] {
  const file = resolve(start.cwd, path);
  return statsServers(configuration, surroundingsOf(file, start)).map((server) => {
    const address = absolute(server, file, start);
    const target: SocketTarget = {
      kind: 'socket',
      text: textOf(address),
      address,
      protocol: null,
      path: '/',
      from: `\`${server.option}\` in ${placeName(server.place)}`,
    };
    return { ...server, target };
  });
}

function absolute({ address, folder }: StatsServer, file: string, { cwd }: Start): Address {
  if (address.family !== 'unix') return address;
  return { family: 'unix', path: placeOfName(join(folder, address.path), file, cwd) };
}

function textOf(address: Address): string {
  if (address.family === 'unix') return address.path;
  if (address.family === 'abstract') return `@${address.name}`;
  return `${address.host.includes(':') ? `[${address.host}]` : address.host}:${address.port}`;
}
