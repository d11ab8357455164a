import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it, vi } from 'vitest';
import { captureFile, command, ROOT, shell, statstop } from '../commands/run.ts';
import { type FaultyServer, type ServerOptions, startServer } from '../demo/faults/server.ts';
import { NAMES } from '../stats/captures.ts';
import { TIMEOUT_MS } from '../timeouts.ts';

const FILE = captureFile('threads');
const VERSION_LINE = /^(\S+) \(([\w ]+), commit (\S+), Node\.js \d+\.\d+\.\d+\)\n$/;
const isExecutable = command().length === 1;
const SCHEMA = JSON.parse(readFileSync(`${ROOT}schema/statstop.sample-1.json`, 'utf8'));
const validate = new Ajv2020({ strictTypes: false, formats: { 'date-time': true } }).compile(SCHEMA);

/** Runs a command that must succeed without output on standard error. Returns its output. */
async function printed(args: readonly string[], options?: Parameters<typeof statstop>[1]): Promise<string> {
  const { status, stdout, stderr } = await statstop(args, options);
  expect([stderr, status]).toEqual(['', 0]);
  return stdout.toString();
}

/** Calls a function with a running demo server. Each concurrent test has its own server. */
async function withServer(
  options: ServerOptions,
  use: (server: FaultyServer) => Promise<void>,
): Promise<void> {
  const server = await startServer({ warm: false, workers: 3, cores: 2, rate: 300, ...options });
  await use(server).finally(() => server.close());
}

const fields = (line: string | undefined) => line?.trim().split(/ +/) ?? [];

describe.concurrent('the command', () => {
  it('prints its version, how it was built, and its Node.js, in one line', async () => {
    const { version } = JSON.parse(readFileSync(`${ROOT}package.json`, 'utf8'));
    for (const option of ['--version', '-V']) {
      const line = await printed([option]);
      const [, number, form, commit] = VERSION_LINE.exec(line) ?? [];
      expect([line, number, form]).toEqual([line, version, isExecutable ? 'executable' : 'clone']);
      expect(commit).toMatch(existsSync(`${ROOT}.git`) ? /^[0-9a-f]{10}(-dirty)?$/ : /^unknown$/);
    }
  });

  it.each([
    ['check', 'default: 1'],
    ['record', 'default: 5'],
    ['export', 'default: 5; with --format: 1'],
  ])('%s --help names the interval that it uses: %s', async (name, interval) => {
    const help = (await printed([name, '--help'])).replace(/\s+/g, ' ');
    expect(help).toContain(`seconds between reads, 0.1 to 3600 (${interval})`);
  });

  it('lists all commands and options in its help', async () => {
    const help = await printed(['--help']);
    expect(await printed(['-h'])).toBe(help);
    const options = [
      '--once',
      '--no-header',
      '--json',
      '--raw',
      '--interval',
      '--sort',
      '--columns',
      '--cores',
      '--timeout',
    ];
    for (const option of [
      ...options,
      '--show-secrets',
      '--no-color',
      '--ascii',
      '--version',
      '--help',
      'demo',
    ])
      expect(help).toContain(option);
    for (const line of help.split('\n')) expect(line.length).toBeLessThanOrEqual(100);
  });

  it('reads a file and standard input in each output format', async () => {
    const bytes = readFileSync(`${ROOT}${FILE}`);
    for (const output of ['--once', '--json', '--raw']) {
      const fromFile = await printed([output, FILE]);
      const fromInput = await printed([output, '-'], { stdin: bytes });
      const untold = (text: string) => text.replace(/"(target|time|uptime|age)": .*|\d+[hms]\d*/g, '');
      expect(untold(fromInput)).toBe(untold(fromFile));
    }
  });
});

describe.concurrent('--raw', () => {
  it('prints the exact bytes of a file', async () => {
    for (const name of ['threads', 'many', 'hostile', 'http-tcp', 'routers']) {
      const { stdout, status } = await statstop(['--raw', captureFile(name)]);
      expect([status, stdout.equals(readFileSync(`${ROOT}${captureFile(name)}`))]).toEqual([0, true]);
    }
  });

  it('prints the exact bytes of a server, with the HTTP headers', async () => {
    await withServer({}, async ({ address }) => {
      expect(JSON.parse(await printed(['--raw', address]))).toHaveProperty('workers');
    });
    await withServer({ http: true }, async ({ address }) => {
      const answer = await printed(['--raw', address]);
      expect(answer).toMatch(/^HTTP\/1\.[01] 200 /);
      expect(JSON.parse(answer.slice(answer.indexOf('\r\n\r\n')))).toHaveProperty('workers');
    });
  });
});

describe.concurrent('--json', () => {
  it('matches the schema for every captured server', async () => {
    for (const name of NAMES.filter((_, index) => index % 3 === 0)) {
      const document = JSON.parse(await printed(['--json', captureFile(name)]));
      expect([name, validate(document), validate.errors]).toEqual([name, true, null]);
      expect(document).toMatchObject({ interval: null, reset: false, target: captureFile(name) });
    }
  });

  it('matches the schema for running servers, with rates', async () => {
    for (const kind of ['app', 'emperor'] as const) {
      await withServer({ kind }, async ({ address }) => {
        // The interval is unknown if this process did not run when a document arrived.
        const document = await vi.waitFor(async () => {
          const document = JSON.parse(await printed(['--json', '--interval', '0.3', address]));
          expect(document.interval).not.toBeNull();
          return document;
        }, TIMEOUT_MS);
        expect([kind, validate(document), validate.errors]).toEqual([kind, true, null]);
        expect(document).toMatchObject({ kind, reset: false, target: address });
        expect(document.interval).toBeGreaterThan(0.2);
        if (kind === 'app') expect(document.totals.rps).toBeGreaterThan(0);
      });
    }
  });

  it('reads once with an interval of 0 and has no rates', async () => {
    await withServer({}, async ({ address }) => {
      const document = JSON.parse(await printed(['--json', '--interval', '0', address]));
      expect(document).toMatchObject({ interval: null, totals: { rps: null } });
    });
  });

  it('reports a reset of the counters between the two reads', async () => {
    // The fault reloads the server at every fifth document.
    await withServer({ fault: 'reload' }, async ({ address }) => {
      for (let read = 1; read < 4; read += 1) await printed(['--json', '--interval', '0', address]);
      const document = JSON.parse(await printed(['--json', '--interval', '0.2', address]));
      expect(document).toMatchObject({ reset: true, totals: { rps: null } });
    });
  });

  it('masks secrets unless --show-secrets is given', async () => {
    for (const output of ['--json', '--once']) {
      expect(await printed([output, FILE])).not.toMatch(/deadbeef|dXNlcjpwYXNz/);
    }
    expect(await printed(['--json', '--show-secrets', FILE])).toMatch(/deadbeef/);
  });
});

describe.concurrent('--once', () => {
  it('prints all columns if the output is no terminal, with separate fields for awk and sort', async () => {
    const { stdout } = await shell(
      `$STATSTOP --once ${captureFile('many')} | awk 'NR > 1 { print NF }' | sort -u | wc -l`,
    );
    expect(stdout.toString().trim()).toBe('1');
    const { stdout: first } = await shell(
      `$STATSTOP --once ${captureFile('many')} | tail -n +3 | sort -k 13,13nr | head -1 | awk '{ print $1 }'`,
    );
    expect(first.toString()).toBe('2\n');
  });

  it('contains no colours and no other escape sequences', async () => {
    for (const name of ['hostile', 'threads', 'emperor'])
      expect(await printed(['--once', '--cores', 'tree', captureFile(name)])).not.toMatch(
        /[^\n\P{Cc}]|\p{Cf}/u,
      );
  });

  it('accepts an order, columns and cores', async () => {
    const [, heading, ...rows] = (await printed(['--once', '-s', 'id:desc', '-c', 'id,REQ,rps', FILE])).split(
      '\n',
    );
    expect(fields(heading)).toEqual(['WID', 'REQ', 'RPS']);
    expect(rows.map((row) => fields(row)[0])).toEqual(['2', '1', '']);
    const tree = (await printed(['--once', '--no-header', '--cores', 'tree', '-c', 'id', FILE])).split('\n');
    expect(tree.filter((line) => line.includes(':')).length).toBe(8);
    const merged = (await printed(['--once', '--cores', 'merged', '-c', 'id', FILE])).split('\n');
    expect(merged).toContain('    1:0');
  });

  it('prints only rows with --no-header, which other outputs reject', async () => {
    const all = await printed(['--once', FILE]);
    const rows = await printed(['--once', '--no-header', FILE]);
    expect(
      rows
        .trimEnd()
        .split('\n')
        .map((row) => fields(row)[0]),
    ).toEqual(['2', '1']);
    expect(all).toContain(rows);
    for (const args of [[FILE], ['--json', FILE], ['--raw', FILE]]) {
      const { status, stderr } = await statstop(['--no-header', ...args]);
      expect([status, stderr]).toEqual([2, 'statstop: --no-header needs --once, --line or --stream csv\n']);
    }
  });

  it('uses the finding levels of the setting file, as check does', async ({ onTestFinished }) => {
    const folder = mkdtempSync(join(tmpdir(), 'statstop-levels-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const path = join(folder, 'levels.toml');
    writeFileSync(path, '[findings]\nstuck = { warning = 0, critical = 1e9 }\n');
    const found = (await printed(['--once', '--config', path, FILE])).split('\n').at(-2);
    expect(found).toMatch(/^warning: 3 requests for /);
    const { stdout } = await statstop(['check', '--config', path, FILE]);
    expect(stdout.toString()).toContain(found?.slice('warning: '.length));
    expect(await printed(['--once', FILE])).not.toContain('a request runs');
  });

  it('has the rates of a running server', async () => {
    await withServer({}, async ({ address }) => {
      // The rate is unknown if this process did not run when a document arrived.
      await expect
        .poll(() => printed(['--once', '--interval', '0.3', address]))
        .toMatch(/^.* [1-9][\d.]* req\/s /);
      const [untimed] = (await printed(['--once', '--interval', '0', address])).split('\n');
      expect(untimed).toMatch(/ - req\/s /);
    });
  });

  it('is ASCII only if the locale is', async () => {
    const emperor = captureFile('emperor');
    expect(await printed(['--once', emperor], { env: { LANG: 'C' } })).toMatch(/^[\x20-\x7e\n]*$/);
    expect(await printed(['--once', '--ascii', emperor])).toMatch(/^[\x20-\x7e\n]*$/);
  });
});

describe.concurrent('statstop demo --serve', () => {
  it('runs a server that statstop can read', async () => {
    const { stdout, stderr } = await shell(
      `coproc $STATSTOP demo --serve --address 127.0.0.1:0; read -r -u \${COPROC[0]} line; $STATSTOP --once -i 0 "\${line##* }"; kill $COPROC_PID`,
    );
    expect([stderr, stdout.toString()]).toEqual(['', expect.stringContaining('workers (')]);
  });
});
