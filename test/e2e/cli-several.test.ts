import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { captureFile, type Ended, shell, statstop } from '../commands/run.ts';

const SHOP = captureFile('threads');
const BLOG = captureFile('prefork');
const folder = mkdtempSync(join(tmpdir(), 'statstop-several-'));
const MISSING = join(folder, 'missing.stats');
afterAll(() => rmSync(folder, { recursive: true }));

const ran = async (...args: string[]) => parts(await statstop(args));
const parts = ({ status, stdout, stderr }: Ended) => ({
  status,
  lines: stdout.toString().split('\n').slice(0, -1),
  errors: stderr.split('\n').slice(0, -1),
});

describe.concurrent('several servers', () => {
  it('are one table of --once with a row for each', async () => {
    const { status, lines, errors } = await ran('--once', `shop=${SHOP}`, `blog=${BLOG}`);
    expect([status, errors]).toEqual([0, []]);
    expect(lines[0]).toMatch(/^2 servers \(2 saved\)/);
    expect(lines.slice(1, 5).map((line) => line.split(' ')[0])).toEqual(
      expect.arrayContaining(['SERVER', 'shop', 'blog', 'Total']),
    );
  });

  it('are the requests of all in --once if the columns are those of requests', async () => {
    const { lines } = await ran('--once', '--columns', 'age,server,uri', `shop=${SHOP}`, `blog=${BLOG}`);
    expect(lines[1]?.trim().split(/ +/)).toEqual(['AGE', 'SERVER', 'URI']);
    expect(lines.join('\n')).toMatch(/^ *\S+ +shop +\/\S+$/m);
  });

  it('are the view that --view names in --once', async () => {
    const heading = async (view: string) =>
      (await ran('--once', '--view', view, `shop=${SHOP}`, `blog=${BLOG}`)).lines[1]?.trim().split(/ +/)[0];
    expect([await heading('servers'), await heading('requests')]).toEqual(['SERVER', 'AGE']);
    const { status, errors } = await ran('--once', '--view', 'workers', SHOP, BLOG);
    expect([status, errors]).toEqual([
      2,
      [expect.stringMatching(/there is no view workers of several servers\. Their views are: servers, /)],
    ]);
  });

  it('can be ordered and filtered in --once', async () => {
    const args = ['--once', '--no-header', '--columns', 'server', `shop=${SHOP}`, `blog=${BLOG}`];
    expect((await ran('--sort', 'server:asc', ...args)).lines).toEqual(['blog', 'shop']);
    expect((await ran('--sort', 'server:desc', ...args)).lines).toEqual(['shop', 'blog']);
    expect((await ran('--filter', 'server=shop', ...args)).lines).toEqual(['shop']);
  });

  it('are two if their targets differ only in a secret, which is masked', async () => {
    const [one, two] = ['one', 'two'].map((token) => `exec:env TOKEN=${token} cat ${SHOP}`) as [
      string,
      string,
    ];
    const { status, lines, errors } = await ran('--json', one, two);
    expect([status, errors]).toEqual([0, []]);
    const masked = `exec:env TOKEN=*** cat ${SHOP}`;
    expect(lines.map((line) => JSON.parse(line).target)).toEqual([masked, `${masked} (2)`]);
    expect((await ran('--once', '--no-header', '--columns', 'server', one, two)).lines).toHaveLength(2);
  });

  it('have an error for columns that no view of several servers has', async () => {
    const { status, lines, errors } = await ran('--once', '--columns', 'server,wid', SHOP, BLOG);
    expect([status, lines, errors]).toEqual([
      2,
      [],
      [
        expect.stringMatching(
          /^statstop: no view of several servers has .*The columns of servers are: server, /,
        ),
      ],
    ]);
  });

  it('are one document per line in --json, in the order of the command line', async () => {
    const { status, lines, errors } = await ran('--json', BLOG, SHOP, BLOG);
    expect([status, errors]).toEqual([0, []]);
    expect(lines.map((line) => JSON.parse(line).target)).toEqual([BLOG, SHOP]);
  });

  it('are printed without the one that fails, which is named on standard error', async () => {
    for (const output of ['--json', '--once']) {
      const { status, lines, errors } = await ran(output, '--timeout', '9', MISSING, SHOP, `${MISSING}2`);
      expect(status).toBe(1);
      expect(errors).toEqual([
        expect.stringMatching(/^statstop: \S+missing\.stats: no such socket or file\. /),
        expect.stringMatching(/^statstop: \S+missing\.stats2: no such socket or file\. /),
      ]);
      if (output === '--json') expect(lines.map((line) => JSON.parse(line).target)).toEqual([SHOP]);
      else expect(lines.join('\n')).toMatch(/^3 servers \(2 lost, 1 saved\)[\s\S]*\nmissing\.stats +lost /);
    }
  });

  it('are printed without an argument that leads to no server', async () => {
    const ini = join(folder, 'uwsgi.ini');
    writeFileSync(ini, '[uwsgi]\nmaster = true\n');
    const pids = ['pid:999999999', '4194305'];
    const says = [
      expect.stringMatching(/^statstop: \S+uwsgi\.ini: it has no `stats`\. Add /),
      expect.stringMatching(/^statstop: pid:999999999: no uWSGI server has the process id/),
      expect.stringMatching(/^statstop: no uWSGI server of this machine has the process id 4194305\. /),
    ];
    const json = await ran('--json', '-i', '0', SHOP, ini, ...pids, BLOG);
    expect([json.status, json.errors]).toEqual([2, says]);
    expect(json.lines.map((line) => JSON.parse(line).target)).toEqual([SHOP, BLOG]);
    const once = await ran('--once', '-i', '0', SHOP, ini, ...pids);
    expect([once.status, once.errors]).toEqual([2, says]);
    expect(once.lines.join('\n')).toMatch(/^4 servers \(3 lost, 1 saved\)[\s\S]*\nuwsgi\.ini +lost /);
    const check = await ran('check', SHOP, ini, ...pids);
    expect([check.status, check.errors]).toEqual([2, []]);
    expect(check.lines).toEqual([
      expect.stringMatching(/^UWSGI CRITICAL - 4 servers: [12] critical/),
      ...Array.from({ length: 4 }, () => expect.any(String)),
    ]);
    expect(check.lines).toContainEqual(
      expect.stringMatching(
        /^pid:999999999: CRITICAL - no uWSGI server has the process id 999999999\. Check/,
      ),
    );
    expect(check.lines).toContainEqual(
      expect.stringMatching(/^uwsgi\.ini: UNKNOWN - it has no `stats`\. Add .* address$/),
    );
    const documents = (await ran('check', '--json', SHOP, ini)).lines.map((line) => JSON.parse(line));
    expect(documents[1]).toMatchObject({ target: ini, status: 'UNKNOWN', findings: [] });
    // A text that is no target is an error of the command line.
    const wrong = await ran('--json', SHOP, 'ftp://x');
    expect([wrong.status, wrong.lines, wrong.errors]).toEqual([
      2,
      [],
      [expect.stringContaining('unknown scheme ftp://')],
    ]);
  });

  it('have no warning of Node.js if many of them fail', async () => {
    const missing = Array.from({ length: 20 }, (_, at) => `${MISSING}${at}`);
    const { status, errors } = await ran('--json', SHOP, ...missing);
    expect([status, errors.filter((line) => !line.startsWith('statstop: '))]).toEqual([1, []]);
    expect(errors).toHaveLength(20);
  });

  it('have the worst status of `check`, a line for monitors, and a line each', async () => {
    const { status, lines, errors } = await ran('check', SHOP, MISSING, BLOG);
    expect([status, errors]).toEqual([2, []]);
    expect(lines[0]).toMatch(/^UWSGI CRITICAL - 3 servers: .*missing\.stats: no such socket or file \| /);
    expect(lines).toHaveLength(4);
  });

  it('have a document for each server in `check --json`, also for one that fails', async () => {
    const { status, lines } = await ran('check', '--json', BLOG, MISSING);
    const [blog, missing] = lines.map((line) => JSON.parse(line));
    expect([status, lines.length]).toEqual([2, 2]);
    expect([blog.target, blog.kind]).toEqual([BLOG, 'app']);
    expect(missing).toMatchObject({ target: MISSING, status: 'CRITICAL', findings: [] });
  });

  it('can be in STATSTOP_TARGET, with quotes around a path with blanks', async () => {
    const env = { STATSTOP_TARGET: `shop=${SHOP} 'blog=${BLOG}' "${folder}/a b.stats"` };
    const { status, lines, errors } = parts(
      await statstop(['--once', '--no-header', '-c', 'server'], { env }),
    );
    expect([status, lines.toSorted()]).toEqual([1, ['a b.stats', 'blog', 'shop']]);
    expect(errors).toEqual([expect.stringMatching(/^statstop: STATSTOP_TARGET: \S+a b\.stats: no such/)]);
  });

  it('are not all examined by doctor, which takes the first one', async () => {
    const env = { STATSTOP_TARGET: `shop=${SHOP} ${BLOG}` };
    const { status, lines } = parts(await statstop(['doctor'], { env }));
    expect([status, lines.filter((line) => / (?:target|given by) /.test(line))]).toEqual([
      0,
      [expect.stringContaining(SHOP), expect.stringContaining('STATSTOP_TARGET, the first of 2 targets')],
    ]);
  });

  it('have an error for a STATSTOP_TARGET with an open quotation mark', async () => {
    const { status, errors } = parts(await statstop(['--once'], { env: { STATSTOP_TARGET: `"${SHOP}` } }));
    expect([status, errors]).toEqual([
      2,
      [expect.stringMatching(/^statstop: STATSTOP_TARGET: a quotation mark is not closed/)],
    ]);
  });
});

describe.concurrent('statstop demo --servers', () => {
  it('runs servers that statstop can read, and removes them', async () => {
    const { stdout, stderr } = await shell(
      `coproc $STATSTOP demo --serve --servers 3; P=$COPROC_PID; read -r -u \${COPROC[0]} a
       read -r -u \${COPROC[0]} b; read -r -u \${COPROC[0]} c
       $STATSTOP --once -i 0 "$a" "$b" "$c"; kill $P; wait $P; ls "\${a%/*}" 2>&1`,
    );
    expect(stderr).toBe('');
    expect(stdout.toString()).toMatch(/^3 servers \(3 up\)[\s\S]*No such file or directory\n$/);
  });

  it('refuses options for one server', async () => {
    for (const option of [['--emperor'], ['--address', '127.0.0.1:0']]) {
      const { status, errors } = await ran('demo', '--servers', '3', ...option);
      expect([status, errors]).toEqual([2, [`statstop: --servers cannot be used with ${option[0]}`]]);
    }
  });
});

describe.concurrent('a group of the setting file', () => {
  const config = join(folder, 'groups.toml');
  writeFileSync(
    config,
    `[groups]\nall = [${JSON.stringify(`shop=${SHOP}`)}, ${JSON.stringify(`blog=${BLOG}`)}]\n`,
  );

  it.each([
    ['--once', ['--once']],
    ['check', ['check']],
    ['export', ['export', '--format', 'text']],
  ])('is read by %s', async (_, args) => {
    const { lines, errors } = await ran(...args, '--config', config, '--group', 'all');
    expect(errors).toEqual([]);
    for (const name of ['shop', 'blog']) expect(lines.join('\n')).toMatch(new RegExp(`\\b${name}\\b`));
  });

  it.each([
    ['--once', ['--once'], 2],
    ['--json', ['--json'], 2],
    ['check', ['check'], 3],
    ['export', ['export'], 2],
    ['record', ['record', '--to', join(folder, 'recording')], 2],
  ])('that does not exist is refused by %s', async (_, args, expected) => {
    const { status, lines, errors } = await ran(...args, '--config', config, '--group', 'none');
    expect([status, [...lines, ...errors].join('\n')]).toEqual([
      expected,
      expect.stringContaining("there is no group 'none'. The groups are: all"),
    ]);
  });
});
