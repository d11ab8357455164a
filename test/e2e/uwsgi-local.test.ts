import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { command, type Ended } from '../commands/run.ts';
import { type Machine, machineOf, skipWithoutMachine } from '../lab/machine.ts';
import { APP_OPTIONS, folderOf } from '../lab/plain.ts';
import { skipWithoutTmux, Tmux } from '../terminal/tmux.ts';
import { TIMEOUT_MS } from '../timeouts.ts';

/** Commands without a target, on a machine with only these servers. */

/** Starts an app server, and returns the path of its stats socket. */
function start(machine: Machine, name: string, ...words: readonly string[]): string {
  const folder = folderOf();
  const names = ['--auto-procname', '--procname-prefix', `${name}-`];
  machine.start(folder.path, 'uwsgi', '--master', ...APP_OPTIONS, ...names, ...words);
  return join(folder.path, `${name}.stats`);
}

async function listed(machine: Machine, ...names: readonly string[]): Promise<void> {
  await vi.waitFor(
    async () => {
      const { stdout } = await machine.statstop(['servers', '--json']);
      const { servers } = JSON.parse(stdout.toString());
      // A server that is starting has no workers and no sockets yet.
      const found = servers.flatMap(({ name, kind }: { name: string; kind: string | null }) =>
        kind === null ? [] : [name],
      );
      expect(found.toSorted()).toEqual(names.toSorted());
    },
    { timeout: TIMEOUT_MS, interval: 100 },
  );
}

const linesOf = ({ stdout }: Ended) => stdout.toString().trimEnd().split('\n');
const NONE = /^statstop: no target, and no uWSGI server was found on this machine\. Give .*stats = \.\.\./;

describe.skipIf(skipWithoutMachine())('without a target', () => {
  it('and without a server, the error says what to give', async () => {
    const machine = await machineOf();
    for (const [args, status] of [
      [['--once'], 2],
      [['--json'], 2],
      [['--raw'], 2],
      [['check'], 3],
    ] as const) {
      const ended = await machine.statstop(args, { STATSTOP_TARGET: '' });
      expect([args, ended.status, ended.stderr]).toEqual([args, status, expect.stringMatching(NONE)]);
    }
  });

  it('the only server of the machine is the target', async () => {
    const machine = await machineOf();
    const target = start(machine, 'shop', '--stats', 'shop.stats');
    await listed(machine, 'shop');
    const json = await machine.statstop(['--json']);
    const document = JSON.parse(json.stdout.toString());
    expect([json.stderr, document.target, document.kind]).toEqual(['', target, 'app']);
    // The kernel compares the address that the server has bound.
    expect(document.host).not.toBeNull();
    expect(document.interval).not.toBeNull();
    expect(linesOf(await machine.statstop(['--once']))[0]).toMatch(/^uWSGI /);
    const raw = await machine.statstop(['--raw']);
    expect([raw.status, JSON.parse(raw.stdout.toString()).workers.length]).toEqual([0, 1]);
    const check = await machine.statstop(['check']);
    expect([check.status, linesOf(check)]).toEqual([0, [expect.stringMatching(/^UWSGI OK - 1 worker /)]]);
  });

  it('a server without stats has its own line, and is no failure except for check', async () => {
    const machine = await machineOf();
    start(machine, 'shop', '--stats', 'shop.stats');
    start(machine, 'quiet');
    await listed(machine, 'shop', 'quiet');
    const once = await machine.statstop(['--once', '-i', '0', '-c', 'server,state']);
    expect([once.status, once.stderr]).toEqual([0, '']);
    expect(linesOf(once).slice(2, 4)).toEqual([
      expect.stringMatching(/^shop +up$/),
      expect.stringMatching(/^quiet +no stats$/),
    ]);
    const json = await machine.statstop(['--json', '-i', '0']);
    expect([json.status, linesOf(json).map((line) => JSON.parse(line).kind)]).toEqual([0, ['app']]);
    const check = await machine.statstop(['check']);
    expect([check.status, linesOf(check)]).toEqual([
      3,
      [
        expect.stringMatching(/^UWSGI UNKNOWN - 2 servers: 1 unknown, 1 ok; quiet: add to its config/),
        expect.stringContaining('quiet: UNKNOWN - add to its configuration: stats = /run/quiet.stats. '),
        expect.stringMatching(/^shop: OK - /),
      ],
    ]);
    const raw = await machine.statstop(['--raw']);
    expect([raw.status, raw.stderr]).toEqual([
      2,
      expect.stringMatching(/^statstop: --raw reads one server, and this machine has 2\. /),
    ]);
  });

  it('servers of which none can be read are an error', async () => {
    const machine = await machineOf();
    start(machine, 'quiet');
    await listed(machine, 'quiet');
    for (const output of ['--once', '--json', '--raw']) {
      const one = await machine.statstop([output]);
      expect([output, one.status, one.stderr]).toEqual([
        output,
        1,
        expect.stringMatching(/^statstop: pid:\d+: add to its configuration: stats = /),
      ]);
    }
    start(machine, 'mute');
    await listed(machine, 'quiet', 'mute');
    for (const output of ['--once', '--json']) {
      const all = await machine.statstop([output]);
      expect([output, all.status, all.stderr]).toEqual([
        output,
        1,
        expect.stringMatching(/^statstop: 2 servers: none has a stats socket that can be read\. /),
      ]);
    }
  });

  it('STATSTOP_TARGET is preferred', async () => {
    const machine = await machineOf();
    const target = start(machine, 'shop', '--stats', 'shop.stats');
    start(machine, 'blog', '--stats', 'blog.stats');
    await listed(machine, 'shop', 'blog');
    const { stdout } = await machine.statstop(['--json', '-i', '0'], { STATSTOP_TARGET: target });
    expect(JSON.parse(stdout.toString()).target).toBe(target);
    const all = await machine.statstop(['--json', '-i', '0'], { STATSTOP_TARGET: '' });
    expect(linesOf(all)).toHaveLength(2);
  });

  it.skipIf(skipWithoutTmux())('a new user sees the three servers of a machine, and opens one', async () => {
    const machine = await machineOf();
    start(machine, 'shop', '--stats', 'shop.stats', '--processes', '2');
    start(machine, 'blog', '--stats', 'blog.stats', '--threads', '2');
    start(machine, 'quiet');
    await listed(machine, 'shop', 'blog', 'quiet');
    const tmux = new Tmux();
    tmux.enter(machine.enter(...command()).join(' '));
    await tmux.untilText(/^3 servers {2}2 up, 1 no stats/m);
    await tmux.untilText(/^blog +up +0\.0 /m);
    await tmux.untilText(/^quiet +no stats .*add to its configur/m);
    tmux.type('/shop');
    tmux.press('Enter', 'Home', 'Enter');
    await tmux.untilText(/shop\.stats {2}uWSGI/);
    await tmux.untilText('Esc Servers');
    tmux.press('Escape');
    await tmux.untilText(/^3 servers/m);
    tmux.type('q');
    await tmux.until((screen) => !screen.includes('q Quit'), 'the shell');
  });
});
