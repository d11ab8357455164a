import { createServer } from 'node:net';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { failIfAny, observeAll } from '../../src/commands/observe-all.ts';
import { targetsOf } from '../../src/commands/targets.ts';
import { NotFoundError, SilentError, TargetErrors } from '../../src/sources/errors.ts';
import { DOCUMENT, folder, raw, serve, silent } from '../sources/servers.ts';
import { TIMEOUT_SECONDS } from '../timeouts.ts';

const OPTIONS = { interval: 0, timeout: TIMEOUT_SECONDS };

/** Servers that answer only when a client is connected to each of them. */
async function answerTogether(count: number): Promise<string[]> {
  const waiting: (() => void)[] = [];
  const place = folder();
  return Promise.all(
    Array.from({ length: count }, async (_, at) => {
      const path = join(place, `${at}.stats`);
      const server = createServer((socket) => {
        socket.on('error', () => {});
        // A server that is silent for a moment is sent a request. Unread, it would reset the connection.
        socket.resume();
        waiting.push(() => socket.end(DOCUMENT));
        if (waiting.length >= count) for (const answer of waiting) answer();
      });
      await new Promise<void>((resolve) => server.listen(path, resolve));
      onTestFinished(() => void server.close());
      return path;
    }),
  );
}

it('all servers are read at the same time', async () => {
  const selected = await targetsOf(await answerTogether(5));
  const { observed, failures } = await observeAll(selected, OPTIONS);
  expect([...failures]).toEqual([]);
  expect(observed.sample.members.map(({ observation }) => observation.sample?.kind)).toEqual(
    Array.from({ length: 5 }, () => 'app'),
  );
});

it('servers that fail keep their place, and their errors are in the order of the command line', async () => {
  const [good, mute] = await Promise.all([serve('unix', raw(DOCUMENT)), serve('unix', silent)]);
  const missing = join(folder(), 'missing.stats');
  const all = await observeAll(await targetsOf([mute.target.text, good.target.text, missing]), {
    ...OPTIONS,
    timeout: 1,
  });
  const { members } = all.observed.sample;
  expect(members.map(({ observation }) => observation.connection.state)).toEqual(['lost', 'live', 'lost']);
  expect([...all.failures.values()]).toEqual([expect.any(SilentError), expect.any(NotFoundError)]);
  expect(() => failIfAny(all)).toThrow(TargetErrors);
  expect(() => failIfAny({ ...all, failures: new Map() })).not.toThrow();
});
