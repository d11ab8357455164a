import { cpSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort } from '../addresses.ts';
import { startLoad } from '../load.ts';
import type { Uwsgi, UwsgiOptions } from '../uwsgi.ts';

/** A kind of server to capture: how it starts, and its load during the reads. */
export interface Kind {
  options: UwsgiOptions;
  /** File name of the stats server in the folder of the server, if it is not the one of the app server. */
  stats?: string;
  /** Starts the load for the first read. */
  before?(server: Uwsgi): Promise<unknown> | unknown;
  /** Runs between the two reads. */
  between?(server: Uwsgi): Promise<unknown> | unknown;
}

const load = (count: number, path = '/bytes/300') => {
  return (server: Uwsgi) => startLoad({ to: server.http, path, connections: 2, count, seconds: 10 }).finished;
};

const SECRETS = ['Cookie: sessionid=5f2c9a; theme=dark', 'Authorization: Basic c2hvcDpodW50ZXIy'];

/** Sends requests that are in flight at both reads. Their bytes are sent unchanged, which no HTTP client would do. */
const hold = (...targets: readonly string[]) => {
  return (server: Uwsgi) => {
    for (const target of targets) {
      const socket = connect('socketPath' in server.http ? { path: server.http.socketPath } : server.http);
      const lines = [`GET ${target} HTTP/1.1`, 'Host: shop.example.com', 'User-Agent: test', ...SECRETS];
      socket.write(Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'));
      // The server may end first.
      socket.on('error', () => {});
      socket.unref();
    }
  };
};

/** A request that lasts longer than both reads. */
const LONG = '/sleep/20';

const port = async () => `127.0.0.1:${await freePort('127.0.0.1')}`;

/** A server with one request in flight per target. Its other cores serve short requests. */
const busy = (options: UwsgiOptions, ...targets: readonly string[]): Kind => ({
  options: { httpPort: true, ...options },
  before: async (server) => {
    await load(20)(server);
    hold(...targets)(server);
  },
});

const served = (options: UwsgiOptions): Kind => ({
  options: { httpPort: true, ...options },
  before: load(30),
  between: load(25),
});

const APP = fileURLToPath(new URL('../../../fixtures/lab/app.py', import.meta.url));

/** Copies the configurations, so that the paths in the document do not depend on this checkout. */
const vassals = ({ folder }: Uwsgi) => {
  for (const file of ['common.ini', 'app.py', 'vassals'])
    cpSync(join(APP, '..', file), join(folder, file), { recursive: true });
};

const EMPEROR = ['--emperor', 'vassals', '--emperor-freq', '1', '--emperor-stats', '$(LAB_FOLDER)/emperor'];

/** Starts a router in the process of an app server, with one known node. */
async function router(name: 'http' | 'fastrouter' | 'rawrouter', known: 'subscribes' | 'to'): Promise<Kind> {
  const [front, node, subscriptions] = [await port(), await port(), await port()];
  const knows =
    known === 'to'
      ? [`--${name}-to`, node]
      : [
          ...[`--${name}-subscription-server`, subscriptions, '--subscribe-freq', '1'],
          ...['--subscribe2', `server=${subscriptions},key=shop.example.com,addr=${node}`],
        ];
  const [host = '', number] = front.split(':');
  const args = ['--plugin', name, `--${name}`, front, `--${name}-stats-server`, '$(LAB_FOLDER)/router'];
  return {
    stats: 'router',
    options: { args: [...args, '--socket', node, ...knows] },
    // The other routers do not speak HTTP.
    between: (server) => name === 'http' && load(10)({ ...server, http: { host, port: Number(number) } }),
  };
}

async function routers(): Promise<Kind> {
  const { options, ...kind } = await router('http', 'subscribes');
  const more = ['--plugin', 'fastrouter', '--fastrouter', await port(), '--fastrouter-to', await port()];
  return { ...kind, options: { ...options, args: [...(options.args ?? []), ...more] } };
}

/** All kinds by file name. Each kind has its own ports, so all can run at the same time. */
export async function kinds(): Promise<Readonly<Record<string, Kind>>> {
  const legion = [`mylegion ${await port()} 98 aes-128-cbc:secret`, `mylegion ${await port()}`] as const;
  return {
    boom: { options: { httpPort: true }, before: load(30), between: load(5, '/boom') },
    cheaper: busy({ processes: 8, cheaper: 2 }, LONG, LONG, LONG),
    emperor: { stats: 'emperor', options: { folders: ['vassals'], args: EMPEROR }, before: vassals },
    fastrouter: await router('fastrouter', 'subscribes'),
    full: busy(
      {
        threads: 2,
        memoryReport: true,
        folders: ['spool'],
        args: [
          ...['--cache2', 'name=sessions,items=100', '--cache2', 'name=pages,items=20'],
          ...['--spooler', 'spool', '--cron', '0 4 -1 -1 1 /bin/false --token=hunter2'],
          ...['--attach-daemon', 'while [ -e log ]; do sleep 1; done', '--locks', '2', '--enable-metrics'],
        ],
      },
      LONG,
      LONG,
    ),
    gevent: busy({ processes: 1, gevent: 20 }, LONG, LONG, LONG),
    hostile: busy(
      { processes: 4 },
      `${LONG}?q=\x1b]0;pwned\x07\x1b[2J{red-fg}{/}%1b%00`,
      `${LONG}?bad=\xff\xfe\xc3(\xf0\x9f\x98`,
      `${LONG}?c1=\xc2\x9b31m\xe2\x80\xae\xe2\x80\x8b`,
    ),
    'http-router': await router('http', 'subscribes'),
    'http-router-to': await router('http', 'to'),
    'http-tcp': served({ stats: 'tcp', statsHttp: true }),
    'http-unix': served({ statsHttp: true }),
    idle: { options: { httpPort: true } },
    legion: served({ args: ['--legion', legion[0], '--legion-node', legion[1]] }),
    maxreq: served({ args: ['--max-requests', '20'] }),
    minified: served({ args: ['--stats-minified'] }),
    mounts: served({ args: ['--mount', `/shop=${APP}`, '--mount', `/blog=${APP}`] }),
    nocores: served({ processes: 4, args: ['--stats-no-cores', '--stats-no-metrics', '--enable-metrics'] }),
    'odd-mount': served({ args: ['--mount', `/my "app" =${APP}`] }),
    pause: {
      options: {},
      before: (server) => load(30)(server).then(() => process.kill(server.pid(), 'SIGTSTP')),
    },
    prefork: served({ processes: 4 }),
    queue: busy({ processes: 1, args: ['--listen', '20'] }, ...Array.from({ length: 16 }, () => LONG)),
    rawrouter: await router('rawrouter', 'subscribes'),
    routers: await routers(),
    single: served({ processes: 1, threads: 8 }),
    tcp6: served({ stats: 'tcp6' }),
    threads: busy({ threads: 4 }, LONG, LONG, `${LONG}?token=hunter2`),
  };
}
