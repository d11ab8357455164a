import { freePort } from './addresses.ts';
import { type Inside, insideOf, LASTS } from './inside.ts';
import { serverOf } from './server.ts';

/** A server with data for every view, and the settings of its legion. */
export interface Everything extends Inside {
  legion: { address: string; valor: number; node: string; nodeValor: number };
}

/**
 * Starts two workers of two threads, with caches, a spooler, crons, a daemon, a mule, metrics, locks and a legion of
 * two.
 */
export async function everything(): Promise<Everything> {
  const [address, node] = [await udpAddress(), await udpAddress()];
  const [valor, nodeValor] = [98, 50];
  const legion = (own: string, other: string, valor: number) => [
    ...['--legion', `lab ${own} ${valor} aes-128-cbc:secret`],
    ...['--legion-node', `lab ${other}`, '--legion-freq', '1'],
  ];
  await serverOf({ processes: 1, args: legion(node, address, nodeValor) });
  const server = await insideOf({
    processes: 2,
    threads: 2,
    httpPort: true,
    memoryReport: true,
    folders: ['spool'],
    args: [
      ...['--cache2', 'name=pages,items=20', '--cache2', 'name=sessions,items=50'],
      ...['--spooler', 'spool', '--spooler-frequency', '1'],
      ...['--cron', '0 4 -1 -1 1 /bin/false --token=hunter2', '--cron2', 'minute=30,hour=3 /bin/true'],
      ...['--unique-cron', `-1 -1 -1 -1 -1 ${LASTS} # cron`],
      ...['--attach-daemon', `${LASTS} # daemon`, '--mule', '--locks', '2'],
      ...['--enable-metrics', '--metric', 'name=lab.asked'],
      ...legion(address, node, valor),
    ],
  });
  return { ...server, legion: { address, valor, node, nodeValor } };
}

async function udpAddress(): Promise<string> {
  return `127.0.0.1:${await freePort('127.0.0.1')}`;
}
