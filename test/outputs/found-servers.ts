import type { Server } from '../../src/host/server.ts';

/** A server that was found on this machine, except for the given properties. */
export function server(changes: Partial<Server> = {}): Server {
  return {
    pid: 40,
    ownPid: 40,
    started: 1_795_335_000,
    startedAfterBoot: 5000,
    user: { id: 0, name: 'root' },
    command: ['uwsgi', '--ini', 'shop.ini'],
    name: 'shop',
    kind: 'app',
    configurations: ['/etc/shop.ini'],
    vassalOf: null,
    partOf: null,
    isElsewhere: false,
    sockets: [{ name: '/run/shop.stats', inode: '900', target: '/run/shop.stats', why: null }],
    missing: null,
    ...changes,
  };
}
