import { readRequest, uwsgiResponse } from '../../../src/demo/http.ts';
import { Random } from '../../../src/demo/random.ts';
import { type Client, sendAndClose, serveAsUwsgi } from '../../../src/demo/serve.ts';
import {
  type DemoServer,
  type ServerOptions as DemoServerOptions,
  startServer as startDemoServer,
} from '../../../src/demo/server.ts';
import { TRAFFIC_DEFAULTS } from '../../../src/demo/traffic.ts';
import type { Fault, Turn } from './fault.ts';
import { FAULTS, type FaultName } from './table.ts';
import { FaultyTraffic } from './traffic.ts';

export interface ServerOptions extends DemoServerOptions {
  fault?: FaultName | null | undefined;
}

/** A demo server with faults. */
export interface FaultyServer extends DemoServer {
  /** The fault from the next connection on; `null` for none. */
  fault: FaultName | null;
}

/** Starts the server of `statstop demo`, with a fault that can be changed while it runs. */
export async function startServer(options: ServerOptions = {}): Promise<FaultyServer> {
  const random = new Random(options.seed ?? TRAFFIC_DEFAULTS.seed);
  let fault = options.fault ?? null;
  let count = 0;
  const traffic = new FaultyTraffic(options);
  const server = await startDemoServer(options, {
    traffic,
    serve(client) {
      count += 1;
      if (fault === null) return serveAsUwsgi(client);
      return serve(client, { count, traffic, random }, FAULTS[fault]);
    },
  });
  return {
    ...server,
    get fault() {
      return fault;
    },
    set fault(next) {
      fault = next;
    },
  };
}

/** Answers one client, with the steps of the fault. */
async function serve(client: Client, turn: Turn, fault: Fault): Promise<void> {
  const { socket, limitMs } = client;
  const http = fault.http?.(turn) ?? client.http;
  if (http && !(await readRequest(socket, limitMs))) {
    socket.destroy();
    return;
  }
  const epoch = client.catchUp();
  fault.prepare?.(turn);
  const own = fault.write?.(turn, epoch);
  const written = own === undefined ? client.write(epoch) : Buffer.from(own);
  const document = fault.document?.(written, turn) ?? written;
  const response = fault.response?.(document) ?? (http ? uwsgiResponse(document) : document);
  const send = fault.send ?? sendAndClose;
  send(socket, fault.answer?.(response, turn) ?? response, limitMs);
}
