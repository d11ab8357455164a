import { expect, it, onTestFinished, vi } from 'vitest';
import { type DemoServer, type ServerOptions, startServer } from '../../src/demo/server.ts';
import type { WatchedServer } from '../../src/terminal/readers.ts';
import { DOCUMENT, folder, raw, serve } from '../sources/servers.ts';
import { TIMEOUT_MS } from '../timeouts.ts';
import { watch, watchedServer } from './session.ts';

/** A built-in server whose name is `name`. */
async function named(name: string, options: ServerOptions = {}): Promise<DemoServer> {
  const address = `${folder()}/${name}`;
  const server = await startServer({ address, workers: 2, warm: false, ...options });
  onTestFinished(() => server.close());
  return server;
}

const row = (name: string, words: string) => new RegExp(`^${name} +${words}`, 'm');

it('a lost server is shown, and the others go on', async () => {
  const [shop, blog] = [await named('shop', { rate: 20 }), await named('blog', { rate: 20 })];
  const terminal = watch([shop.address, blog.address]);
  await terminal.untilText(row('shop', 'up'));
  await terminal.untilText(row('blog', 'up'));
  await blog.close();
  await terminal.untilText(row('blog', 'lost'));
  await terminal.untilText(/^✗ blog: no data: /);
  await terminal.untilText(row('shop', 'up +[1-9]'));
});

it('a server that accepts and never answers delays no other', async () => {
  const silent = await serve('unix', () => {});
  const shop = await named('shop', { rate: 20 });
  const terminal = watch([silent.target.text, shop.address], { timeoutSeconds: 1 });
  await terminal.untilText(row('shop', 'up +[1-9]'));
  await terminal.untilText(/lost/);
  await terminal.untilText(row('shop', 'up +[1-9]'));
});

it('Enter opens a server, and Esc returns to all', async () => {
  const [shop, blog] = [await named('shop'), await named('blog')];
  const terminal = watch([shop.address, blog.address]);
  await terminal.untilText(row('blog', 'up'));
  terminal.type('jj\r');
  await terminal.untilText(/\/blog {2}uWSGI.*(.|\n)* WID STATUS/);
  terminal.type('\x1b');
  await terminal.untilText(/^2 servers {2}2 up/m);
});

it('servers that start and end appear and disappear', async () => {
  const [shop, blog] = [await named('shop'), await named('blog')];
  const all = [shop, blog].map(({ address }) => watchedServer(address));
  let show: (servers: readonly WatchedServer[]) => void = () => {};
  const terminal = watch(shop.address, {
    async *changes(signal) {
      while (!signal.aborted)
        yield await new Promise<readonly WatchedServer[]>((resolve) => {
          show = resolve;
          signal.addEventListener('abort', () => resolve(all));
        });
    },
  });
  await terminal.untilText(/\/shop {2}uWSGI/);
  show(all);
  await terminal.untilText('Esc Servers');
  terminal.type('\x1b');
  await terminal.untilText(row('blog', 'up'));
  terminal.type('jj\r');
  await terminal.untilText(/\/blog {2}uWSGI/);
  show(all.slice(0, 1));
  await terminal.untilText('blog has ended');
  const lines = await terminal.untilText(/^1 server {2}1 up/m);
  expect(lines.join('\n')).not.toContain('blog  ');
});

it('twenty servers are read without a warning of Node.js', async () => {
  const servers = await Promise.all(Array.from({ length: 20 }, (_, at) => named(`s${at}`)));
  const warnings: string[] = [];
  const listen = (warning: Error) => warnings.push(warning.message);
  process.on('warning', listen);
  onTestFinished(() => {
    process.removeListener('warning', listen);
  });
  const terminal = watch(servers.map(({ address }) => address));
  await terminal.untilText(/^20 servers {2}20 up/m);
  expect(warnings).toEqual([]);
});

it('of many servers, those out of view are read less often than in view', async () => {
  const counts = Array.from({ length: 40 }, () => 0);
  const servers = await Promise.all(
    counts.map((_, at) =>
      serve('unix', (socket) => {
        counts[at] = (counts[at] ?? 0) + 1;
        raw(DOCUMENT)(socket);
      }),
    ),
  );
  const terminal = watch(servers.map(({ target }) => target.text));
  await terminal.untilText(/^40 servers {2}40 up/m);
  const last = () => counts.at(-1) ?? 0;
  /** Seconds that three more reads of the last server take. */
  const threeReads = async () => {
    const [before, began] = [last(), performance.now()];
    await vi.waitFor(() => expect(last()).toBeGreaterThanOrEqual(before + 3), {
      timeout: TIMEOUT_MS,
      interval: 5,
    });
    return (performance.now() - began) / 1000;
  };
  // The first reads are quick. Two intervals of at least 0.9 s are between three reads out of view.
  await vi.waitFor(async () => expect(await threeReads()).toBeGreaterThan(1.8), TIMEOUT_MS);
  terminal.type('G');
  await terminal.untilText(/-40 of 40$/m);
  await vi.waitFor(async () => expect(await threeReads()).toBeLessThan(1.8), TIMEOUT_MS);
});
