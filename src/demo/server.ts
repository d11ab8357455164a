import { once } from 'node:events';
import { createServer, type ListenOptions, type Server, type Socket } from 'node:net';
import { Clock } from './clock.ts';
import { appDocument, type DocumentOptions } from './document.ts';
import { emperorState } from './emperor.ts';
import { emperorDocument } from './emperor-document.ts';
import { socketFolder } from './folder.ts';
import { type Serve, serveAsUwsgi } from './serve.ts';
import { createTraffic, TRAFFIC_DEFAULTS, type Traffic, type TrafficOptions } from './traffic.ts';

export interface ServerOptions extends Partial<TrafficOptions>, Partial<Omit<DocumentOptions, 'epoch'>> {
  /** A path, or `host:port`, where port 0 selects a free one. Default: a socket in a new folder, for this user only. */
  address?: string | undefined;
  /** Waits for a request and answers with HTTP, as with `stats-http`. */
  http?: boolean | undefined;
  /** The kind of document that it sends. Default: `app`. */
  kind?: 'app' | 'emperor' | undefined;
  /** Seconds after which a client that sends no request or stops reading is disconnected. Default: uWSGI's 4. */
  socketTimeout?: number | undefined;
  /** Starts after some minutes of simulated traffic and shortly before a rush. Default: `true`. */
  warm?: boolean | undefined;
  /** Seconds from a warm start to the first rush. Default: 20. */
  calm?: number | undefined;
}

/** Parts of a server that a caller can replace. */
export interface Parts {
  traffic: Traffic;
  /** Answers one client. */
  serve: Serve;
}

/** A running stats server. */
export interface DemoServer {
  /** The target with which statstop reads it. */
  readonly address: string;
  readonly traffic: Traffic;
  /** Stops the server, closes open connections, and removes the socket and its folder. */
  close(): Promise<void>;
}

/**
 * Starts a stats server that behaves like uWSGI's. It serves one client at a time and sends the document at once.
 * Without `http`, it reads nothing from the client. Its traffic advances in real time.
 *
 * @throws RangeError for invalid numbers; the error of `listen` for an address that is not available
 */
export async function startServer(
  options: ServerOptions = {},
  { traffic = createTraffic(options), serve = serveAsUwsgi }: Partial<Parts> = {},
): Promise<DemoServer> {
  const { rate = TRAFFIC_DEFAULTS.rate, calm = CALM_SECONDS, warm = true } = options;
  if (warm) warmUp(traffic, rate, calm);
  const folder = options.address === undefined ? await socketFolder() : null;
  const place = options.address ?? folder?.place('stats.sock') ?? '';
  const running = new RunningServer(traffic, options, serve);
  try {
    const server = running.server.listen(listenOptions(place));
    await once(server, 'listening');
  } catch (error) {
    folder?.remove();
    throw error;
  }
  return {
    address: addressOf(running.server, place),
    traffic,
    async close() {
      await running.close();
      folder?.remove();
    },
  };
}

/**
 * Limits of the traffic simulated before the start, and seconds from the start to the first rush. The first view then
 * has a history and soon shows a change.
 */
const PAST_SECONDS = 600;
const PAST_REQUESTS = 50_000;
const CALM_SECONDS = 20;

function warmUp(traffic: Traffic, rate: number, calm: number): void {
  const { state } = traffic;
  traffic.advance(Math.min(PAST_SECONDS, PAST_REQUESTS / rate));
  while (traffic.rush - state.time < calm) traffic.advance(1);
  traffic.advance(traffic.rush - calm - state.time);
}

const TCP = /^(\[[^\]/]*\]|[^/:]*):(\d+)$/;

function listenOptions(address: string): ListenOptions {
  const [, host = '', port] = TCP.exec(address) ?? [];
  if (port === undefined) return { path: address };
  return { host: host.replace(/^\[|\]$/g, '') || '127.0.0.1', port: Number(port) };
}

function addressOf(server: Server, asked: string): string {
  const bound = server.address();
  if (bound === null || typeof bound === 'string') return asked;
  const host = bound.family === 'IPv6' ? `[${bound.address}]` : bound.address;
  return `${host}:${bound.port}`;
}

class RunningServer {
  readonly server: Server;
  private readonly options: ServerOptions;
  private readonly traffic: Traffic;
  private readonly clock: Clock;
  private readonly respond: Serve;
  private readonly open = new Set<Socket>();
  /** Settles when all earlier clients have been served. The next client waits for it. */
  private line: Promise<void> = Promise.resolve();

  constructor(traffic: Traffic, options: ServerOptions, respond: Serve) {
    this.traffic = traffic;
    this.options = options;
    this.respond = respond;
    this.clock = new Clock(traffic);
    // A raw server reads nothing. Input from a client stays in the kernel, which resets the connection at its close.
    this.server = createServer({ pauseOnConnect: true }, (socket) => this.accept(socket));
  }

  async close(): Promise<void> {
    const closed = once(this.server, 'close');
    this.server.close();
    for (const socket of this.open) socket.destroy();
    await closed;
  }

  private accept(socket: Socket): void {
    this.open.add(socket);
    const closed = new Promise<void>((resolve) => {
      socket.once('close', () => {
        this.open.delete(socket);
        resolve();
      });
    });
    // A client can disconnect at any time.
    socket.on('error', () => socket.destroy());
    this.line = this.line.then(() => this.serve(socket)).then(() => closed);
  }

  private async serve(socket: Socket): Promise<void> {
    if (socket.destroyed) return;
    await this.respond({
      socket,
      http: this.options.http ?? false,
      limitMs: (this.options.socketTimeout ?? 4) * 1000,
      catchUp: () => this.clock.tick(),
      write: (epoch) => Buffer.from(this.write(epoch)),
    });
  }

  private write(epoch: number): string {
    const { kind = 'app', minified = false, noCores = false, extras = true } = this.options;
    if (kind === 'app') return appDocument(this.traffic.state, { epoch, minified, noCores, extras });
    return emperorDocument(emperorState(this.traffic.state.time), { epoch, minified, version: '2.1' });
  }
}
