import { describe, expect, test } from 'vitest';
import type { AppSample } from '../../src/rates/sample.ts';
import { NoAnswerError } from '../../src/sources/errors.ts';
import { DecodeError } from '../../src/stats/decode.ts';
import { skipWithout } from '../lab/available.ts';
import { ask } from '../lab/load.ts';
import { readerOf } from '../lab/reader.ts';
import { serverOf } from '../lab/server.ts';
import { appUntil } from '../lab/until.ts';
import type { Uwsgi, UwsgiOptions } from '../lab/uwsgi.ts';

type Spelling = (address: string) => string;

interface Case {
  options: UwsgiOptions;
  protocol: 'raw' | 'http';
  /** Spellings of the target. */
  spellings: readonly Spelling[];
}

const bare: Spelling = (address) => address;
const after =
  (prefix: string): Spelling =>
  (address) =>
    prefix + address;
const portOnly: Spelling = (address) => address.slice(address.lastIndexOf(':'));
const encoded: Spelling = (path) => `http+unix://${encodeURIComponent(path)}/`;

const UNIX = [bare, after('unix:'), after('unix://')];
const TCP = [bare, after('tcp://')];

const CASES: readonly Case[] = [
  { options: { stats: 'unix' }, protocol: 'raw', spellings: UNIX },
  { options: { stats: 'tcp' }, protocol: 'raw', spellings: [...TCP, portOnly] },
  { options: { stats: 'tcp6' }, protocol: 'raw', spellings: TCP },
  {
    options: { stats: 'unix', statsHttp: true },
    protocol: 'http',
    spellings: [...UNIX, after('http+unix:'), after('http+unix://'), encoded],
  },
  { options: { stats: 'tcp', statsHttp: true }, protocol: 'http', spellings: [...TCP, after('http://')] },
  { options: { stats: 'tcp6', statsHttp: true }, protocol: 'http', spellings: [...TCP, after('http://')] },
];

describe.skipIf(skipWithout())('the transports of a real server', () => {
  for (const { options, protocol, spellings } of CASES) {
    const name = `${options.stats}${options.statsHttp ? ' with --stats-http' : ''}`;
    test(`${name} is read in every spelling, and the protocol is found`, async () => {
      const server = await serverOf(options);
      await ask(server.http, '/');
      await appUntil(readerOf(server.target), ({ totals }) => totals.requests === 1);
      for (const spell of spellings) await expectReadable(server, spell(server.target), protocol);
    });
  }

  test('a document larger than a pipe or a packet arrives completely', async () => {
    for (const statsHttp of [false, true]) {
      const server = await serverOf({ processes: 4, threads: 64, stats: 'tcp', statsHttp });
      // Workers that are still loading have no cores to count.
      const isLoaded = ({ totals }: AppSample) => totals.cores === 256;
      const sample = await appUntil(readerOf(server.target), isLoaded);
      expect(sample.snapshot.repaired).toBe(false);
    }
  });

  test("the application's sockets are not taken for the stats socket", async () => {
    const server = await serverOf();
    await expect(readerOf(`${server.folder}/app.sock`).next()).rejects.toThrow(NoAnswerError);
    await expect(readerOf(`${server.folder}/http.sock`).next()).rejects.toThrow(DecodeError);
  });
});

/** Reads three times: the first read finds the protocol, and the others know it. */
async function expectReadable(server: Uwsgi, target: string, protocol: 'raw' | 'http'): Promise<void> {
  const reader = readerOf(target);
  for (let i = 0; i < 3; i++) {
    const taken = await reader.app();
    expect(taken.protocol, target).toBe(protocol);
    expect(taken.sample.target).toBe(target);
    expect(taken.sample.snapshot.server).toMatchObject({ pid: server.pid(), cwd: server.folder });
    expect(taken.sample.totals.requests).toBe(1);
    expect(taken.sample.reset).toBe(false);
  }
}
