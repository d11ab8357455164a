import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { captureFile, type Ended, shell, statstop } from '../commands/run.ts';
import { capture } from '../stats/captures.ts';

const folder = mkdtempSync(join(tmpdir(), 'statstop-cli-'));
const FILE = captureFile('threads');
const servers: Server[] = [];
const sockets = new Set<Socket>();

/** Starts a server that calls `serve` for each connection. */
async function listening(name: string, serve: (socket: Socket) => void): Promise<void> {
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    serve(socket);
  });
  server.listen(join(folder, name));
  await once(server, 'listening');
  servers.push(server);
}

function http(status: string, type: string, body: string) {
  const head = `HTTP/1.1 ${status}\r\nContent-Type: ${type}\r\nContent-Length: ${body.length}\r\n\r\n`;
  return (socket: Socket) => socket.once('data', () => socket.end(head + body));
}

beforeAll(async () => {
  const whole = capture('threads', 2);
  writeFileSync(join(folder, 'empty'), '');
  writeFileSync(join(folder, 'cut'), whole.subarray(0, whole.length / 2));
  writeFileSync(join(folder, 'other.json'), '{"status":"ok"}');
  writeFileSync(join(folder, 'text'), 'uwsgi.ini\n');
  writeFileSync(join(folder, 'uwsgi.ini'), '[uwsgi]\nmaster = true\n');
  writeFileSync(join(folder, 'app.pid'), '999999999\n');
  writeFileSync(join(folder, 'own.json'), (await statstop(['--json', FILE])).stdout);
  writeFileSync(join(folder, 'page.html'), '<!DOCTYPE html><title>Shop</title>');
  writeFileSync(join(folder, 'secret'), whole);
  chmodSync(join(folder, 'secret'), 0o600);
  chmodSync(folder, 0o755);
  mkdirSync(join(folder, 'directory'));
  await listening('silent', () => {});
  await listening('closes', (socket) => socket.destroy());
  await listening('app', http('200 OK', 'text/html', '<h1>Shop</h1>'));
  await listening('not-found', http('404 Not Found', 'text/html', '<h1>Not Found</h1>'));
  await listening('hostile', http('404 \x1b[31m\x9b2J\u202eNo', 'text/html', ''));
  await listening('indiscreet', http('401 token=hunter2 Bearer hunter2', 'text/html', ''));
  await listening('cut-off', (socket) => socket.end(whole.subarray(0, 1000)));
  // A killed server does not remove its socket.
  const script = `require('net').createServer().listen(${JSON.stringify(join(folder, 'stale'))}, () => process.kill(process.pid, 'SIGKILL'))`;
  await once(spawn(process.execPath, ['-e', script]), 'exit');
});

afterAll(() => {
  for (const socket of sockets) socket.destroy();
  for (const server of servers) server.close();
  rmSync(folder, { recursive: true });
});

/** Checks that the output is one line on standard error and nothing on standard output. */
function expectError(
  { status, signal, stdout, stderr }: Ended,
  expected: 1 | 2,
  says: RegExp | string,
): void {
  expect(stderr).toMatch(/^statstop: [^\n]+\n$/);
  expect(stderr).not.toMatch(/internal error|\n {4}at |\.[jt]s:\d/);
  if (typeof says === 'string') expect(stderr).toContain(says);
  else expect(stderr).toMatch(says);
  expect([status, signal, stdout.toString()]).toEqual([expected, null, '']);
}

describe.concurrent('a wrong command line', () => {
  const WRONG: readonly (readonly [string[], RegExp | string])[] = [
    [[], /terminal.*--once.*--json/],
    [['--bogus', FILE], /unknown option '--bogus'.*--help/],
    [['--onse', FILE], /unknown option '--onse'/],
    [['--raw', FILE, 'two'], /--raw reads one server/],
    [['--sort', 'bogus', '--once', FILE], /Unknown column 'bogus'.*rps/],
    [['--sort', 'rps:up', '--once', FILE], /asc or desc/],
    [['--sort', '--once'], /./],
    [['--columns', 'id,bogus', '--once', FILE], /Unknown column 'bogus'/],
    [['--columns', '', '--once', FILE], 'Expected names of columns, as in id,rps.'],
    [
      ['--columns', 'age,uri,bogus', '--once', FILE],
      /Unknown column 'bogus'\. The columns of requests are: age, core,/,
    ],
    [
      ['--columns', 'age,uri,rps', '--once', FILE],
      /no view .*age, uri, rps\. requests lacks rps; workers has it\. The columns of requests are: age, /,
    ],
    [['--view', 'path', '--once', FILE], /Unknown view 'path'\. The views are: workers, requests, cores, /],
    [['--view', 'vassals', '--once', FILE], /this target has no view vassals\. Its views are: workers, /],
    [['--view', 'charts', '--once', FILE], /the charts are only in the live view/],
    [['--view', 'paths', '--columns', 'age', '--once', FILE], /the view paths does not have .*: age\. /],
    [['--filter', 'req > 5', '--once', FILE], 'no blanks beside >: write req>5'],
    [['--filter', 'zzz=5', '--once', FILE], 'no column zzz in Workers ("zzz=5" finds the text): WID, '],
    [['--filter', 'uri ~ x', '--once', FILE], 'no blanks beside ~: write uri~x'],
    [['--cores', 'some', '--once', FILE], /off, merged, tree/],
    [['--interval', 'fast', '--once', FILE], /from 0\.1 to 3600/],
    [['--interval', '0.01', '--once', FILE], /from 0\.1 to 3600/],
    [['--interval', '-1', '--once', FILE], /./],
    [['--interval', '', '--once', FILE], /from 0\.1 to 3600/],
    [['--interval', 'NaN', '--once', FILE], /from 0\.1 to 3600/],
    [['--timeout', '0', '--once', FILE], /from 0\.1 to 3600/],
    [['--mask', '', '--once', FILE], /Expected names/],
    [['--json', '--view', 'requests', FILE], '--view needs --once or the live view'],
    [['--raw', '--sort', 'rps', FILE], '--sort needs --once or the live view'],
    [['--stream', 'csv', '--columns', 'id', FILE], '--columns needs --once or the live view'],
    [['--line', '--filter', 'a', FILE], '--filter needs --once or the live view'],
    [['chek', FILE, '--once'], "there is no file 'chek'. Did you mean the command check?"],
    [['exprot'], 'Did you mean the command export?'],
    [['report', FILE, '--period', '0s'], 'Expected a length of time such as 30s, 5m, 12h or 7d'],
    [['demo', '--serve', '--address', '/nosuch/x'], 'cannot listen on /nosuch/x: its folder does not exist'],
    [['demo', '--serve', '--address', 'package.json'], 'cannot listen on package.json: it exists already'],
    [['demo', '--bogus'], /unknown option '--bogus'/],
    [['demo', '--workers', 'x'], /from 1 to 4096/],
    [['--once', 'http://ann:hunter2@web1'], /no password\. Use http:\/\/web1\n/],
    [['--once', '--json', FILE], '--once and --json'],
    [['--json', '--raw', FILE], '--json and --raw'],
    [['--once', '--json', '--raw', FILE], '--once and --json and --raw'],
    [[FILE], /terminal.*--once.*--json/],
    [['-'], /--once/],
    [['--once', ''], 'the target is empty'],
    [['--once', 'https://127.0.0.1:1717'], 'TLS'],
    [['--once', 'ftp://127.0.0.1'], 'unknown scheme ftp://'],
    [['--once', 'unix:'], 'has no socket path'],
    [['--once', '127.0.0.1:99999'], 'a port from 1 to 65535'],
    [['--once', 'a\nb:0'], /./],
    [['--once', '19422'], 'Use :19422'],
    [['--once', '127.0.0.1'], 'Use 127.0.0.1:1717'],
    [['--once', 'localhost:'], 'as in localhost:1717'],
    [['--once', 'exec:'], 'has no command'],
    [['--once', 'exec:cat "x'], 'a quotation mark is not closed'],
    [['--once', 'ssh://web1'], 'needs the address of the stats server there'],
    [['--once', 'ssh://ann:hunter2@web1/x'], /takes no password.* Use ssh:\/\/ann@web1\/x\n/],
    [['--once', 'ssh://-oProxyCommand=x/y'], 'needs a host name'],
  ];

  it.each(WRONG)('%j', async (args, says) => {
    expectError(await statstop(args), 2, says);
  });
});

/** Sequences that a terminal obeys: red text, a title, a cleared screen, right-to-left text. */
const HOSTILE = '\x1b[31m\x1b]0;x\x07\x9b2J\u202e\n\r\u200bx';

describe.concurrent('a command line with escape sequences', () => {
  const VALUES =
    '--interval --frequency --timeout --mask --config --sort --columns --filter --cores --tracebacker --theme';
  const LINES: readonly (readonly string[])[] = [
    ...VALUES.split(' ').map((option) => ['--once', FILE, option, HOSTILE]),
    ...['--', '-', '--theme=', '--version=', '--once=', '--onc'].map((option) => [`${option}${HOSTILE}`]),
    ...['--once', '--json', '--raw', 'check', '--help'].map((option) => [option, HOSTILE]),
    ['--once', FILE, HOSTILE],
    ['check', '--json', HOSTILE],
    ['check', FILE, '--level', HOSTILE],
    ['check', FILE, '--level', `queue=${HOSTILE}`],
    ['check', FILE, '--for', HOSTILE],
    ['demo', HOSTILE],
    ['demo', '--workers', HOSTILE],
    ['demo', '--serve', '--address', `/nonexistent/${HOSTILE}`],
  ];

  it.each(LINES.map((args) => [args]))('%j', async (args) => {
    const { stdout, stderr } = await statstop(args);
    expect(stderr).toMatch(/^(statstop: [^\n]+\n)?$/);
    for (const text of [stderr, stdout.toString()])
      expect(text.replaceAll('\n', '')).not.toMatch(/\p{Cc}|\p{Cf}/u);
  });

  it('shows them escaped in the message', async () => {
    const { stderr } = await statstop(['--nosuch\x1b[31m']);
    expect(stderr).toContain("unknown option '--nosuch\\x1b[31m'");
  });
});

describe.concurrent('a target that cannot be read', () => {
  const MISSING: readonly (readonly [string, string, RegExp | string])[] = [
    ['a missing file', 'nothing', 'no such socket or file'],
    ['a path through a file', 'empty/x', 'no such socket or file'],
    ['a directory', 'directory', 'the target is a directory'],
    ['an empty file', 'empty', 'the document is empty'],
    ['a truncated file', 'cut', /cut off/],
    ['other JSON', 'other.json', 'not from a uWSGI stats server'],
    ['plain text', 'text', /./],
    ['a pid file', 'app.pid', 'no uWSGI server has the process id 999999999. Check that'],
    ['a web page', 'page.html', /./],
    ['a socket without a server', 'stale', 'connection refused'],
    ['an application that waits for a request', 'silent', "application's socket"],
    ['an application that closes the connection', 'closes', 'closed the connection'],
    ['an application that answers HTTP', 'app', "application's socket"],
    ['an application that answers HTTP 404', 'not-found', '404'],
    ['a server whose response contains a secret', 'indiscreet', 'HTTP 401 token=*** Bearer ***. '],
    ['a server that closes in the middle of the document', 'cut-off', /cut off/],
  ];

  it.each(MISSING)('%s', async (_what, name, says) => {
    for (const output of ['--once', '--json', '--raw']) {
      // `--raw` prints the bytes of any document.
      const readable = ['cut', 'other.json', 'text', 'page.html', 'app', 'cut-off'].includes(name);
      if (output === '--raw' && readable) continue;
      const args = [output, '--timeout', '0.7', '--interval', '0', join(folder, name)];
      expectError(await statstop(args), 1, says);
    }
  });

  it.each([
    ['a configuration', 'uwsgi.ini', 'it has no `stats`. Add `stats = /run/app.stats` to [uwsgi], or'],
    ['output of statstop', 'own.json', 'this is JSON printed by statstop'],
  ])('%s is a wrong command line', async (_what, name, says) => {
    for (const output of ['--once', '--json'])
      expectError(await statstop([output, join(folder, name)]), 2, says);
    const checked = await statstop(['check', join(folder, name)]);
    expect([checked.status, checked.stderr]).toEqual([3, '']);
  });

  it('a pipe without a writer: a timeout, and status 3 of check', async () => {
    const pipe = join(folder, 'pipe');
    execFileSync('mkfifo', [pipe]);
    const options = ['--timeout', '0.5', pipe];
    expectError(
      await statstop(['--once', ...options]),
      1,
      'the pipe was not closed within 0.5s (0 bytes received)',
    );
    expect((await statstop(['check', ...options])).status).toBe(3);
  });

  it('a port without a listener', async () => {
    for (const target of ['127.0.0.1:1', ':1', '[::1]:1', 'http://127.0.0.1:1/', 'tcp://127.0.0.1:1'])
      expectError(await statstop(['--once', target]), 1, /refused|unreachable/);
  });

  it('a file without read permission', async () => {
    const uid = process.getuid?.() === 0 ? { uid: 65534 } : {};
    if (uid.uid === undefined) chmodSync(join(folder, 'secret'), 0);
    expectError(await statstop(['--once', join(folder, 'secret')], uid), 1, 'permission denied');
  });

  it('standard input with other content', async () => {
    expectError(await statstop(['--once', '-'], { stdin: 'x' }), 1, /./);
    expectError(
      await statstop(['--json', '-'], { stdin: '' }),
      1,
      /the document is empty.*add 2>&1 to that command/,
    );
    const { stdout } = await statstop(['check', '-'], { stdin: '' });
    expect(stdout.toString()).toMatch(
      /as printed by statstop TARGET --raw\. uwsgi --connect-and-read ADDRESS prints to standard error/,
    );
  });

  it('a target name or a response with escape sequences', async () => {
    const command = 'exec:sh -c \'printf "\\033[31m\\342\\200\\256" >&2; exit 1\' \x1b[31m';
    for (const target of ['/nothing/\x1b[31m\x07\u202e', join(folder, 'hostile'), command]) {
      const ended = await statstop(['--once', target]);
      expectError(ended, 1, /./);
      expect(ended.stderr.trimEnd()).not.toMatch(/\p{Cc}|\p{Cf}/u);
    }
  });
});

describe.concurrent('a target with a secret', () => {
  const SECRETS: readonly (readonly [target: string, shown: string])[] = [
    ['https://web1/stats?token=hunter2', 'https://web1/stats?***: a stats server does not support TLS'],
    ['http://127.0.0.1:99999/?token=hunter2', 'http://127.0.0.1:99999/?*** needs a port'],
    ['http://ann:hun/hunter2@127.0.0.1:1717/', 'no password. Use http://127.0.0.1:1717/'],
    ['tcp://127.0.0.1:1/?token=hunter2', 'tcp://127.0.0.1:1/?*** does not have the form tcp://HOST:PORT'],
    ['http://127.0.0.1:1/a#token=hunter2', 'http://127.0.0.1:1/a#***: connection refused'],
    ['http://127.0.0.1:1/token=hunter2', 'http://127.0.0.1:1/token=***: connection refused'],
    ['http://127.0.0.1:1/eyJhbGci.eyJzdWIi.hunter2', 'http://127.0.0.1:1/***: connection refused'],
    ['127.0.0.1/stats?token=hunter2', '127.0.0.1/stats?***: no such socket or file'],
    ['ann:hunter2@127.0.0.1:1717', '***@127.0.0.1:1717: no such socket or file'],
  ];

  it.each(SECRETS)('%s does not show it in a message', async (target, shown) => {
    writeFileSync(
      join(folder, 'groups.toml'),
      `groups.all = ${JSON.stringify(SECRETS.map(([each]) => each))}`,
    );
    for (const [args, env] of [
      [['--once', target], {}],
      [['--raw', target], {}],
      [['--once', target, FILE], {}],
      [['check', target], {}],
      [['doctor', target], {}],
      [['report', target], {}],
      [['--once'], { STATSTOP_TARGET: target }],
      [['--once', '--config', join(folder, 'groups.toml'), '--group', 'all'], {}],
    ] as const) {
      const { status, stdout, stderr } = await statstop([...args], { env });
      expect(status).not.toBe(0);
      expect(stdout + stderr).not.toContain('hunter2');
      if (args.length === 2 && args[0] === '--once') expect(stderr).toContain(shown);
    }
  });
});

describe.concurrent('an output that cannot be written', () => {
  it('is no error if the reader closes the pipe', async () => {
    for (const output of ['--json', '--raw', '--once --cores tree']) {
      const { stdout, stderr } = await shell(
        `$STATSTOP ${output} ${captureFile('many')} | head -1 >&2; echo \${PIPESTATUS[0]}`,
      );
      expect([output, stdout.toString().trim(), stderr.split('\n').length]).toEqual([output, '0', 2]);
    }
  });

  it('is an error if the disk is full', async () => {
    for (const output of ['--json', '--raw', '--once']) {
      expectError(
        await shell(`$STATSTOP ${output} ${FILE} > /dev/full`),
        1,
        /standard output: no space is left on the disk/,
      );
    }
  });

  it('is an error if the disk becomes full during the output', async () => {
    const file = join(folder, 'limited');
    const ended = await shell(`ulimit -f 8; trap '' XFSZ; $STATSTOP --raw ${captureFile('many')} > ${file}`);
    expectError(ended, 1, /standard output/);
  });

  it('is an error without a stack trace if standard output is closed', async () => {
    const { status, stderr } = await shell(`$STATSTOP --once ${FILE} >&-`);
    expect(stderr).not.toMatch(/\n {4}at /);
    expect([0, 1]).toContain(status);
  });
});
