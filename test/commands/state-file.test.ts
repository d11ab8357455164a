import {
  chmodSync,
  chownSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sinceLastRun } from '../../src/commands/check-state.ts';
import { type State, stateOf } from '../../src/commands/state-document.ts';
import { exchangeState } from '../../src/commands/state-file.ts';
import type { Observed } from '../../src/monitor/observation.ts';
import type { Worker } from '../../src/stats/snapshot.ts';
import { observed } from '../monitor/observing.ts';
import { app, appBetween, NOW, worker } from '../rates/builders.ts';

const isRoot = process.getuid?.() === 0;

let folder = '';
let file = '';

beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'statstop-state-')));
  file = join(folder, 'state');
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

const NONE: State = new Map();

/** A server with one worker, read some seconds after `NOW`. */
function server(given: Partial<Worker> = {}, seconds = 0, target = '/run/a'): Observed {
  const { sample, ...others } = observed(appBetween(null, app([worker(given)])));
  return { ...others, target, sample: { ...sample, target, time: NOW + seconds } };
}

async function run(...servers: readonly Observed[]) {
  const { observed: found, stateError } = await sinceLastRun(file, servers, {});
  return {
    changes: found.map(({ changes }) => changes),
    findings: found.flatMap((each) => each.findings),
    stateError,
  };
}

/** What is not used, with the reason. */
async function refusal(): Promise<string> {
  const { changes, stateError = '' } = await run(server());
  expect(changes).toEqual([undefined]);
  return stateError;
}

describe('check --state', () => {
  it('reports nothing in the first run, and creates a private file', async () => {
    expect(await run(server())).toEqual({ changes: [undefined], findings: [], stateError: undefined });
    expect(lstatSync(file).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder)).toEqual(['state']);
  });

  it('reports each event once', async () => {
    await run(server());
    const after = server({ exceptions: 3, harakiris: 1 }, 60);
    const { changes, findings } = await run(after);
    expect(changes).toMatchObject([
      { exceptions: 3, harakiris: 1, respawns: 0, restarted: null, since: NOW },
    ]);
    expect(findings.map(({ rule }) => rule)).toEqual(
      expect.arrayContaining(['new-exception', 'new-harakiri']),
    );
    expect((await run(after)).findings).toEqual([]);
  });

  it('keeps the servers of other runs, and each of several', async () => {
    await run(server({}, 0, '/run/a'), server({}, 0, '/run/b'));
    expect((await run(server({ exceptions: 1 }, 9, '/run/a'))).changes).toMatchObject([{ exceptions: 1 }]);
    expect((await run(server({ exceptions: 2 }, 9, '/run/b'))).changes).toMatchObject([{ exceptions: 2 }]);
    expect(stateOf(readFileSync(file, 'utf8'))?.size).toBe(2);
    expect(readFileSync(file, 'utf8')).not.toContain('/run/');
  });

  it('keeps the servers of 20 runs at the same time', async () => {
    const all = await Promise.all(Array.from({ length: 20 }, (_, at) => run(server({}, 0, `/run/${at}`))));
    expect(all.flatMap(({ stateError }) => stateError ?? [])).toEqual([]);
    expect(stateOf(readFileSync(file, 'utf8'))?.size).toBe(20);
    expect(readdirSync(folder)).toEqual(['state']);
  });

  it('reports an event in one of two runs at the same time', async () => {
    await run(server());
    const both = await Promise.all([run(server({ exceptions: 1 }, 5)), run(server({ exceptions: 1 }, 5.1))]);
    const reported = both.flatMap(({ changes }) => changes[0]?.exceptions ?? 0);
    expect(reported.reduce((sum, count) => sum + count, 0)).toBe(1);
  });

  it('continues after a lock that a killed run has left behind', async () => {
    writeFileSync(`${file}.lock`, '');
    expect((await run(server())).stateError).toBeUndefined();
    expect(readdirSync(folder)).toEqual(['state']);
  });
});

describe('a state file', () => {
  it.each([
    ['another text', 'important = true\n'],
    ['half of a state', '{"schema":"statstop.state/1","servers":{"a":{"time":1'],
    ['a newer format', '{"schema":"statstop.state/2","servers":{}}'],
    ['wrong counters', '{"schema":"statstop.state/1","servers":{"a":{"time":"x"}}}'],
    ['an empty file', ''],
  ])('with %s is moved and replaced, without a loss', async (_, text) => {
    writeFileSync(file, text, { mode: 0o600 });
    const { changes, stateError } = await run(server());
    expect(changes).toEqual([undefined]);
    expect(stateError).toContain(`moved to ${file}.damaged-1`);
    expect(readFileSync(`${file}.damaged-1`, 'utf8')).toBe(text);
    expect(await run(server({ exceptions: 1 }, 5))).toMatchObject({ changes: [{ exceptions: 1 }] });
    writeFileSync(file, 'again', { mode: 0o600 });
    expect((await run(server())).stateError).toContain(`${file}.damaged-2`);
    expect(readFileSync(`${file}.damaged-1`, 'utf8')).toBe(text);
  });

  it('that is a symbolic link is refused, and its target stays', async () => {
    const other = join(folder, 'other');
    writeFileSync(other, 'x', { mode: 0o600 });
    symlinkSync(other, file);
    expect(await refusal()).toContain('it is a symbolic link');
    expect(readFileSync(other, 'utf8')).toBe('x');
  });

  it('that is a dangling link is refused, and nothing is created', async () => {
    symlinkSync(join(folder, 'absent'), file);
    expect(await refusal()).toContain('it is a symbolic link');
    expect(existsSync(join(folder, 'absent'))).toBe(false);
  });

  it('that others can write to, with another name, or that is no file is refused', async () => {
    writeFileSync(file, '');
    chmodSync(file, 0o620);
    expect(await refusal()).toContain('other users can write to it');
    chmodSync(file, 0o600);
    linkSync(file, join(folder, 'second'));
    expect(await refusal()).toContain('several hard links');
    rmSync(file);
    mkdirSync(file);
    expect(await refusal()).toContain('it is not a regular file');
  });

  it('in a folder that others can write to is refused at once, also with the sticky bit', async () => {
    // Another user can create the lock in a folder such as /tmp.
    mkdirSync(`${file}.lock`);
    for (const mode of [0o777, 0o1777, 0o1770]) {
      chmodSync(folder, mode);
      expect(await refusal()).toContain(`other users can write to ${folder} or replace it. Use a folder`);
    }
    rmdirSync(`${file}.lock`);
    chmodSync(folder, 0o755);
    expect((await run(server())).stateError).toBeUndefined();
  });

  it.runIf(isRoot)('of another user is refused, and so is their folder', async () => {
    writeFileSync(file, '', { mode: 0o600 });
    chownSync(file, 54_321, 54_321);
    expect(await refusal()).toContain('it belongs to user 54321');
    chownSync(folder, 54_321, 54_321);
    expect(await refusal()).toContain(`other users can write to ${folder} or replace it`);
  });

  it('stays as it is if the new state cannot be made', async () => {
    await run(server());
    const before = readFileSync(file, 'utf8');
    const fails = () => {
      throw new Error('no');
    };
    await expect(exchangeState(file, fails)).rejects.toThrow('no');
    expect(readFileSync(file, 'utf8')).toBe(before);
    expect(readdirSync(folder)).toEqual(['state']);
    expect(await exchangeState(file, () => NONE)).toMatchObject({ movedTo: null });
  });
});
