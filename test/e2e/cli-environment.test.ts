import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { captureFile, statstop } from '../commands/run.ts';

const FILE = captureFile('threads');
const ONCE = ['--once', '--interval', '0'];
const folder = mkdtempSync(join(tmpdir(), 'statstop-environment-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Runs statstop with these variables. */
async function ran(args: readonly string[], env: NodeJS.ProcessEnv) {
  const { status, stdout, stderr } = await statstop(args, { env });
  return { status, stdout: stdout.toString(), stderr };
}

/** The titles of the printed table. */
async function titles(args: readonly string[], env: NodeJS.ProcessEnv): Promise<string[]> {
  const { status, stdout, stderr } = await ran([...ONCE, ...args], env);
  expect([stderr, status]).toEqual(['', 0]);
  return stdout.split('\n')[1]?.trim().split(/ +/) ?? [];
}

describe.concurrent('STATSTOP_TARGET', () => {
  const env = { STATSTOP_TARGET: FILE };

  it('is the target of the outputs and of check if none is given', async () => {
    const { stdout } = await ran(['--json', '--interval', '0'], env);
    expect(JSON.parse(stdout).target).toBe(FILE);
    expect((await ran(['check'], env)).stdout).toBe((await ran(['check', FILE], {})).stdout);
  });

  it('is ignored if a target is given', async () => {
    expect((await ran([...ONCE, FILE], { STATSTOP_TARGET: '/nonexistent' })).status).toBe(0);
  });

  it('is named in errors of the target', async () => {
    for (const [target, status, says] of [
      ['/nonexistent', 1, 'no such socket or file'],
      ['ftp://x', 2, 'unknown scheme ftp://'],
      ['http://ann:hunter2@web1', 2, 'no user name and no password'],
      ['exec:cat x', 2, 'a variable cannot name a command to run. Give exec: on the command line'],
      ['EXEC:cat x', 2, 'a variable cannot name a command to run'],
      ['shop=exec:cat x', 2, 'a variable cannot name a command to run'],
    ] as const) {
      const { stderr, ...ended } = await ran(ONCE, { STATSTOP_TARGET: target });
      expect(stderr).toMatch(/^statstop: STATSTOP_TARGET: [^\n]+\n$/);
      expect(stderr).not.toContain('hunter2');
      expect([ended.status, stderr]).toEqual([status, expect.stringContaining(says)]);
    }
  });

  it('cannot contain options', async () => {
    const { status, stderr } = await ran(ONCE, { STATSTOP_TARGET: '--show-secrets' });
    expect([status, stderr]).toEqual([1, expect.stringContaining('--show-secrets: no such socket or file')]);
  });
});

describe.concurrent('STATSTOP_OPTIONS', () => {
  it('precedes the options of the command line', async () => {
    const env = { STATSTOP_OPTIONS: '--columns id,rps' };
    expect(await titles([FILE], env)).toEqual(['WID', 'RPS']);
    expect(await titles(['--columns', 'pid', FILE], env)).toEqual(['PID']);
    expect(await titles([FILE], { STATSTOP_OPTIONS: ' ' })).toContain('PID');
  });

  it('is named in its errors, which are one line each', async () => {
    for (const text of ['--bogus', '--interval x', '"', 'check', '--raw', '\x1b[31m', '--sort \x1b[31m']) {
      const { status, stderr, stdout } = await ran([...ONCE, FILE], { STATSTOP_OPTIONS: text });
      expect(stderr).toMatch(/^statstop: STATSTOP_OPTIONS: [ -~]+\n$/);
      expect([status, stdout]).toEqual([2, '']);
      expect((await ran(['check', FILE], { STATSTOP_OPTIONS: text })).status).toBe(3);
    }
  });

  it('applies to check, which ignores unknown options', async () => {
    const path = join(folder, 'levels.toml');
    writeFileSync(path, '[findings]\nstuck = { warning = 0, critical = 1e9 }\n');
    const args = ['check', '--config', path, FILE];
    expect((await ran(args, { STATSTOP_OPTIONS: '--theme light' })).stdout).toContain('3 requests for ');
    const { stdout, stderr } = await ran(args, { STATSTOP_OPTIONS: '--theme light --long /*' });
    expect([stderr, stdout]).toEqual(['', expect.not.stringContaining('requests for ')]);
  });

  it('reveals no secrets', async () => {
    for (const text of ['--show-secrets', '--mask x --show-secrets', "'--show-secrets'"]) {
      const { status, stdout, stderr } = await ran(['--json', FILE], { STATSTOP_OPTIONS: text });
      expect([status, stdout, stderr]).toEqual([2, '', expect.stringContaining("'--show-secrets' is not")]);
    }
  });

  it('writes and runs nothing', async () => {
    const path = join(folder, 'written');
    const words = [`> ${path}`, `; touch ${path}`, `$(touch ${path})`, `\`touch ${path}\``];
    for (const text of [...words, `--serve --address ${path}`, `--config ${path}`]) {
      for (const args of [[...ONCE, FILE], ['demo']]) await ran(args, { STATSTOP_OPTIONS: text });
      expect([text, existsSync(path)]).toEqual([text, false]);
    }
  });

  it('has options of the table without effect for outputs that have none', async () => {
    const { status, stderr } = await ran(['--json', '--interval', '0', FILE], {
      STATSTOP_OPTIONS: '--sort rps',
    });
    expect([status, stderr]).toEqual([0, '']);
  });

  it('does not affect the help', async () => {
    for (const args of [['--help'], ['help'], ['check', '--help'], ['--version']]) {
      const { status, stderr } = await ran(args, { STATSTOP_OPTIONS: '--bogus' });
      expect([args, status, stderr]).toEqual([args, 0, '']);
    }
  });
});

describe.concurrent('the help', () => {
  const help = async (...args: string[]) => (await ran(args, {})).stdout;

  it('has groups', async () => {
    const text = await help('--help');
    const groups = text.match(/^\w+:$/gm);
    expect(groups).toEqual(
      'Arguments: Target: Display: Output: Secrets: Settings: Other: Commands: Environment:'.split(' '),
    );
  });

  it('of a command is also printed by `help`', async () => {
    expect(await help('help')).toBe(await help('--help'));
    expect(await help('help', '--help')).toContain('Usage: statstop help');
    for (const name of ['check', 'servers', 'export', 'demo', 'record', 'cut', 'report', 'doctor'])
      expect(await help('help', name)).toBe(await help(name, '--help'));
    expect(await ran(['help', 'bogus'], {})).toMatchObject({
      status: 2,
      stdout: '',
      stderr:
        "statstop: there is no command 'bogus'. The commands are check, servers, export, demo, record, cut, report, doctor, help\n",
    });
  });
});

describe.concurrent('options before the name of a command', () => {
  it('are options of the command', async () => {
    const { stdout } = await ran(['--config', '/nonexistent/x.toml', 'check', FILE], {});
    expect(stdout).toBe('');
    const { status, stderr } = await ran(['--once', 'demo'], {});
    expect([status, stderr]).toEqual([2, 'statstop: --once is not an option of demo\n']);
  });
});
