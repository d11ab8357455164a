import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { captureFile, shell, statstop } from '../commands/run.ts';
import { capture } from '../stats/captures.ts';

const FILE = captureFile('threads');

/** The sections that a report has whatever happens to the target. */
const ALWAYS = ['statstop', 'system', 'terminal', 'user', 'settings', 'target'];

/** Runs `statstop doctor`. Returns its exit status, the titles of the sections, and the facts of each. */
async function doctor(args: readonly string[], options?: Parameters<typeof statstop>[1]) {
  const { status, stdout, stderr } = await statstop(['doctor', ...args], options);
  expect(stderr).toBe('');
  const text = stdout.toString();
  expect(text).toMatch(/\n$/);
  expect(text).not.toMatch(/[^\n\P{Cc}]|\p{Cf}|\n {4}at /u);
  const sections = text
    .trimEnd()
    .split('\n\n')
    .map((each) => each.split('\n'));
  const titles = sections.map(([title]) => title);
  const facts = sections.flatMap(([title, ...lines]) =>
    lines.map((line) => {
      const [, name = '', value = ''] = /^ {2}(\S.*?) {2,}(\S.*)$/.exec(line) ?? [];
      return [`${title}: ${name}`, value] as const;
    }),
  );
  return { status, text, titles, facts: Object.fromEntries(facts) };
}

function temporary(): string {
  const folder = mkdtempSync(join(tmpdir(), 'statstop-doctor-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

/** Starts a server that calls `serve` for each connection. Returns its path, and the number of connections. */
async function listening(serve: (socket: Socket) => void) {
  const path = join(temporary(), 'stats');
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    sockets.push(socket.on('error', () => {}));
    serve(socket);
  }).listen(path);
  await once(server, 'listening');
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return { path, connections: () => sockets.length };
}

describe('statstop doctor', () => {
  it('works without a target', async () => {
    const { status, titles, facts } = await doctor([]);
    expect([status, titles]).toEqual([0, ALWAYS]);
    expect(facts).toMatchObject({
      'statstop: version': expect.stringMatching(/^\d+\.\d+\.\d+$/),
      'statstop: build': expect.stringMatching(/^(clone|executable)$/),
      'statstop: Node.js': expect.stringMatching(/^\d+\.\d+\.\d+$/),
      'system: C library': expect.stringMatching(/^glibc 2\.\d+$/),
      'terminal: standard output': 'pipe',
      'terminal: TERM': 'xterm-256color',
      'terminal: treated as': 'xterm-256color, 256 colours',
      'terminal: UTF-8': 'yes',
      'user: user': expect.stringContaining(`uid ${process.getuid?.()}`),
      'settings: file': '/nonexistent/statstop/config.toml',
      'target: target': 'not given',
    });
  });

  it('describes a saved document', async () => {
    const { status, titles, facts } = await doctor([FILE]);
    expect([status, titles]).toEqual([0, [...ALWAYS, 'document', 'server on this machine']]);
    expect(facts).toMatchObject({
      'target: given by': 'the command line',
      'target: file': expect.stringMatching(/^file, uid \d+, gid \d+, mode 0\d{3}, access: read/),
      'target: protocol': 'not used: file',
      'document: kind': 'app server',
      'document: defects': 'no',
      'server on this machine: proved': expect.stringMatching(/^not examined/),
    });
    expect((await doctor([captureFile('hostile')])).facts['document: defects']).toMatch(/was repaired$/);
    expect((await doctor(['-'], { stdin: capture('threads', 2) })).facts['target: kind']).toBe(
      'standard input',
    );
  });

  it('reads a server once, on one connection, and sends it no byte', async () => {
    const received: Buffer[] = [];
    const document = capture('threads', 2);
    const { path, connections } = await listening((socket) => {
      socket.on('data', (bytes) => received.push(bytes));
      socket.end(document);
    });
    const { status, facts } = await doctor([path]);
    expect([status, connections(), received]).toEqual([0, 1, []]);
    expect(facts).toMatchObject({
      'target: connected': 'yes',
      'target: protocol': 'raw',
      'target: received': expect.stringMatching(/^[\d,]+ bytes in [\d.]+m?s, the first after [\d.]+m?s$/),
      'target: encoding': 'UTF-8',
      // The pid in the document is that of a process of another machine.
      'server on this machine: proved': expect.stringMatching(/^no: /),
    });
    expect(facts['target: received']).toContain(`${document.length.toLocaleString('en')} bytes`);
  });

  it('uses STATSTOP_TARGET if no target is given', async () => {
    const env = { STATSTOP_TARGET: FILE };
    expect((await doctor([], { env })).facts).toMatchObject({
      'target: target': FILE,
      'target: given by': 'STATSTOP_TARGET',
      'document: kind': 'app server',
    });
    expect((await doctor([captureFile('emperor')], { env })).facts['document: kind']).toBe('emperor');
  });

  it('works without any standard stream but the output, and reports an output that fails', async () => {
    const { stdout } = await shell('$STATSTOP doctor <&- 2>&-');
    expect(stdout.toString()).toMatch(/^ {2}standard error +\w+$/m);
    const full = await shell('$STATSTOP doctor >/dev/full');
    expect([full.status, full.stderr]).toEqual([
      1,
      expect.stringMatching(/^statstop: .*no space is left[^\n]*\n$/),
    ]);
  });
});

describe('a target that cannot be read', () => {
  /** Words of the command line; status; the error; whether there was a connection, if that can be said. */
  const CASES: readonly (readonly [
    args: string[],
    status: 1 | 2,
    error: string,
    connected: 'yes' | 'no' | undefined,
  ])[] = [
    [['/nonexistent/x'], 1, 'no such socket or file', 'no'],
    [['127.0.0.1:1'], 1, 'connection refused', 'no'],
    [['/etc'], 1, 'the target is a directory', undefined],
    [['127.0.0.1:99999'], 2, '127.0.0.1:99999 needs a port from 1 to 65535, as in 127.0.0.1:1717', undefined],
    [
      ['http://ann:hunter2@web1'],
      2,
      'a stats server uses no user name and no password. Use http://web1',
      undefined,
    ],
  ];

  it.each(CASES)('%j: status %d', async (args, expected, error, connected) => {
    const { status, titles, facts } = await doctor(args);
    expect([status, titles]).toEqual([expected, ALWAYS]);
    expect(facts['target: error']).toBe(error);
    expect(facts['target: connected']).toBe(connected);
    if (expected === 1) expect(facts['target: advice']).toMatch(/\.$/);
  });

  it('is the address in a configuration, and has status 2 for one without stats', async () => {
    const path = join(temporary(), 'uwsgi.ini');
    writeFileSync(path, '[uwsgi]\nstats = /run/no-such.stats\n');
    const resolved = await doctor([path]);
    expect([resolved.status, resolved.facts['target: target'], resolved.facts['target: error']]).toEqual([
      1,
      '/run/no-such.stats',
      'no such socket or file',
    ]);
    writeFileSync(path, '[uwsgi]\n');
    const without = await doctor([path]);
    expect([without.status, without.facts['target: error']]).toEqual([
      2,
      expect.stringContaining('uwsgi.ini: it has no `stats`. Add `stats = /run/app.stats` to [uwsgi]'),
    ]);
  });

  it('says that it connected to a server that sends nothing, or half of a document', async () => {
    const silent = await listening(() => {});
    const waited = await doctor(['--timeout', '0.6', silent.path]);
    expect([waited.status, waited.facts['target: connected']]).toEqual([1, 'yes']);
    expect(waited.facts['target: error']).toMatch(/^the server accepted the connection but sent nothing/);
    const half = await listening((socket) => socket.end(capture('threads', 2).subarray(0, 1000)));
    const cut = await doctor([half.path]);
    expect([cut.status, cut.facts['target: connected']]).toEqual([1, 'yes']);
    expect(cut.facts['target: received']).toMatch(/^1,000 bytes /);
    expect(cut.facts['target: error']).toMatch(/cut off/);
  });
});

describe('the setting file', () => {
  function home(text: string): { XDG_CONFIG_HOME: string } {
    const folder = temporary();
    mkdirSync(join(folder, 'statstop'));
    writeFileSync(join(folder, 'statstop/config.toml'), text, { mode: 0o600 });
    return { XDG_CONFIG_HOME: folder };
  }

  it('is described by its path, mode and settings', async () => {
    const { status, facts } = await doctor([], { env: home('theme = "light"\ninterval = 2\n') });
    expect(status).toBe(0);
    expect(facts).toMatchObject({
      'settings: state': expect.stringMatching(/^it exists, uid \d+, mode 0600$/),
      'settings: sets': 'theme, interval',
      'settings: error': 'no',
    });
    expect((await doctor(['--no-config'])).facts['settings: file']).toBe('not used');
  });

  it('can be wrong: status 2, with the error, and everything else is printed', async () => {
    const { status, titles, facts } = await doctor([FILE], { env: home('theme = "pink"\n') });
    expect([status, titles]).toEqual([2, [...ALWAYS, 'document', 'server on this machine']]);
    expect(facts['settings: error']).toMatch(/config\.toml:1: theme: .*dark, light, mono/);
    expect((await doctor(['--config', '/nonexistent/x.toml'])).status).toBe(2);
  });
});

describe('secrets', () => {
  it('of the document, of the target and of the environment are masked', async () => {
    const env = {
      NODE_OPTIONS: '--title=token=hunter2',
      STATSTOP_OPTIONS: '--filter password=hunter2',
    };
    for (const target of [
      FILE,
      captureFile('hostile'),
      'http://127.0.0.1:1/x?token=hunter2',
      'token=hunter2',
    ])
      expect((await doctor([target], { env })).text).not.toMatch(/deadbeef|dXNlcjpwYXNz|hunter2/);
  });

  it('cannot be shown', async () => {
    for (const args of [
      ['--show-secrets', 'doctor'],
      ['doctor', '--show-secrets'],
    ]) {
      const { status, stdout, stderr } = await statstop(args);
      expect([status, stdout.toString()]).toEqual([2, '']);
      expect(stderr).toMatch(/^statstop: .*--show-secrets/);
    }
  });

  it('of the names of the setting file and of --mask are masked, too', async () => {
    expect((await doctor(['/nonexistent/tenant=acme'])).text).toContain('tenant=acme');
    expect((await doctor(['--mask', 'tenant', '/nonexistent/tenant=acme'])).text).not.toContain('acme');
  });
});

it('text of the environment, of the target and of a file cannot control the terminal', async () => {
  const hostile = '\x1b[31m\x07\x9b2J\u202e';
  // Not LANG: Node.js 20 itself crashes at an exotic one.
  const names = ['TERM', 'COLORTERM', 'LC_CTYPE', 'STATSTOP_TARGET', 'XDG_CONFIG_HOME'];
  const env = Object.fromEntries(names.map((name) => [name, `/${hostile}`]));
  // `doctor` checks each report for control characters.
  const lines: string[][] = [[], [`/nonexistent/${hostile}`], ['--config', `/nonexistent/${hostile}`]];
  for (const args of lines) expect((await doctor(args, { env })).text).toContain('\\x1b[31m');
});
