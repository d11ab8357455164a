import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { describe, expect, onTestFinished, test } from 'vitest';
import { AbstractSocketError } from '../../src/sources/errors.ts';
import { skipping, skipWithout } from '../lab/available.ts';
import { readerOf } from '../lab/reader.ts';
import { serverOf } from '../lab/server.ts';
import { TIMEOUT_MS } from '../timeouts.ts';

const run = promisify(execFile);
const REACHES = Number.parseInt(process.versions.node, 10) >= 22;

const skip = skipWithout();

/** A Node.js with support for abstract sockets, or `null` if none is available. */
const NODE = skip ? null : REACHES ? process.execPath : await node22();

describe.skipIf(skip)('an abstract stats socket of a real server', () => {
  // Each Node.js runs one of the two tests, so none is skipped.
  test(REACHES ? 'is read' : 'is refused with advice on this Node.js', async () => {
    const server = await serverOf({ stats: 'abstract', processes: 3 });
    if (REACHES) {
      const { sample } = await readerOf(server.target).app();
      expect(sample.totals.workers).toBe(3);
      return;
    }
    const reading = readerOf(server.target).next();
    await expect(reading).rejects.toThrow(AbstractSocketError);
    await expect(reading).rejects.toThrow(/Node\.js 22/);
  });

  test.skipIf(NODE === null)('is read by the same code under Node.js 22', async () => {
    const script = await bundle();
    for (const statsHttp of [false, true]) {
      const server = await serverOf({ stats: 'abstract', processes: 3, statsHttp });
      for (const target of [server.target, `unix:${server.target}`]) {
        const { pid, workers, protocol } = await readByScript(script, target);
        expect({ pid, workers, protocol }).toEqual({
          pid: server.pid(),
          workers: 3,
          protocol: statsHttp ? 'http' : 'raw',
        });
      }
    }
  });
});

const SCRIPT = `
  import { read } from './sources/read.ts';
  import { decode } from './stats/decode.ts';
  import { parseTarget } from './targets/parse.ts';
  const { document, protocol } = await read(parseTarget(process.argv[2]), { timeoutSeconds: 60 });
  const { server, workers } = decode(document);
  console.log(JSON.stringify({ pid: server.pid, workers: workers.length, protocol }));
`;

/** Creates a script that reads the target of its first argument, as one file that any Node.js can run. */
async function bundle(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'lab-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const outfile = join(folder, 'read.mjs');
  const resolveDir = fileURLToPath(new URL('../../src', import.meta.url));
  await build({
    stdin: { contents: SCRIPT, resolveDir },
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    outfile,
    logLevel: 'silent',
  });
  return outfile;
}

interface Read {
  pid: number;
  workers: number;
  protocol: string;
}

async function readByScript(script: string, target: string): Promise<Read> {
  const { stdout } = await run(NODE ?? '', [script, target], { timeout: TIMEOUT_MS });
  return JSON.parse(stdout) as Read;
}

async function node22(): Promise<string | null> {
  const words = ['-y', '-p', 'node@22', 'node', '-p', 'process.execPath'];
  try {
    const { stdout } = await run('npx', words, { timeout: TIMEOUT_MS });
    return stdout.trim();
  } catch (error) {
    const why = `this is Node.js ${process.versions.node}, and npx found no node@22`;
    if (skipping('abstract sockets under Node.js 22', why)) return null;
    throw new Error(why, { cause: error });
  }
}
