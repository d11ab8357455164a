import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { openRecording } from '../../src/recordings/open.ts';
import { command, NO_SETTINGS, ROOT, statstop } from '../commands/run.ts';
import { skipping } from '../lab/available.ts';
import { eventsOf } from '../recordings/files.ts';
import { TIMEOUT_MS } from '../timeouts.ts';

const UNTIL = { timeout: TIMEOUT_MS, interval: 20 };
const FOLDER_PREFIX = join(tmpdir(), 'statstop-record-');

const started: { child: ChildProcess; ended: Promise<unknown> }[] = [];
const folders: string[] = [];
afterAll(async () => {
  for (const { child } of started) child.kill('SIGKILL');
  await Promise.all(started.map(({ ended }) => ended));
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

function folderOf(): string {
  const folder = mkdtempSync(FOLDER_PREFIX);
  folders.push(folder);
  return folder;
}

/** Starts a program, which ends with the tests. */
function start([program = '', ...args]: readonly string[]) {
  const env = { PATH: process.env.PATH, LANG: 'C.UTF-8', TERM: 'xterm', ...NO_SETTINGS };
  const child = spawn(program, args, { cwd: ROOT, env });
  let text = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (part: Buffer) => {
      text += part.toString();
    });
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  started.push({ child, ended });
  return { child, ended, said: () => text };
}

/** The address of a demo server. */
async function demo(folder: string): Promise<string> {
  const address = join(folder, 'demo.sock');
  start([...command(), 'demo', '--serve', '--workers', '2', '--address', address]);
  await vi.waitUntil(() => existsSync(address), UNTIL);
  return address;
}

const recordingTo = (address: string, to: string, ...others: string[]) =>
  start([...command(), 'record', address, '--to', to, '--interval', '0.1', ...others]);

function readingsIn(folder: string): number {
  try {
    const recording = openRecording(folder, 'test');
    const { events, problems } = eventsOf(recording);
    recording.close();
    expect(problems).toEqual([]);
    return events.length;
  } catch {
    return 0;
  }
}

describe.concurrent('statstop record', () => {
  it('says how much disk is needed, ends on a signal, and can be cut', async () => {
    const folder = folderOf();
    const to = join(folder, 'out');
    const { child, ended, said } = recordingTo(await demo(folder), to, '--keep', '7d');
    await vi.waitUntil(() => /disk needed: about .* per reading, .* a day, .* to keep\n/.test(said()), UNTIL);
    expect((await statstop(['record', '/nowhere', '--to', to])).stderr).toContain(
      `${to}: process ${child.pid} records to it. Give another folder`,
    );
    child.kill('SIGTERM');
    expect(await ended).toBe(0);
    expect(readingsIn(to)).toBeGreaterThan(10);
    const file = join(folder, 'part.statstop');
    const cut = await statstop([
      'cut',
      to,
      '--from',
      '2020-01-01 00:00',
      '--until',
      '2100-01-01 00:00',
      '--to',
      file,
    ]);
    expect([cut.status, cut.stderr]).toEqual([0, '']);
    expect(readingsIn(file)).toBe(readingsIn(to));
    const outside = await statstop([
      'cut',
      to,
      '--from',
      '2020-01-01 00:00',
      '--until',
      '2020-01-02 00:00',
      '--to',
      file,
    ]);
    expect([outside.status, outside.stderr]).toEqual([
      2,
      expect.stringMatching(
        /^statstop: nothing was recorded in the period from 20\S+ \S+ to 20\S+ \S+: \S+ begins at 20\S+ \S+ and ends at 20\S+ \S+\n$/,
      ),
    ]);
    const wrong = await statstop(['cut', ROOT, '--from', '8:00', '--until', '9:00', '--to', `${file}2`]);
    expect([wrong.status, wrong.stderr]).toEqual([1, `statstop: ${ROOT}: there is no recording in it\n`]);
  });

  it('loses nothing when it is killed', async () => {
    const folder = folderOf();
    const address = await demo(folder);
    const to = join(folder, 'out');
    for (let round = 1; round <= 3; round += 1) {
      const before = readingsIn(to);
      const { child, ended } = recordingTo(address, to);
      await vi.waitUntil(() => readingsIn(to) > before + round, UNTIL);
      child.kill('SIGKILL');
      await ended;
      expect(readingsIn(to)).toBeGreaterThan(before + round);
      expect(readdirSync(to).filter((name) => name.endsWith('.statstop')).length).toBe(round);
    }
  });

  it('says once that a server cannot be read, and when it can be read again', async () => {
    const folder = folderOf();
    const { child, ended, said } = recordingTo(join(folder, 'demo.sock'), join(folder, 'out'));
    await vi.waitUntil(() => said().includes('no such socket or file'), UNTIL);
    await demo(folder);
    await vi.waitUntil(() => said().includes('it can be read again\n'), UNTIL);
    child.kill('SIGTERM');
    expect(await ended).toBe(0);
    expect(said().match(/no such socket or file/g)).toHaveLength(1);
  });

  it('is refused for root in a folder of another user', async () => {
    if (process.geteuid?.() !== 0) return;
    const folder = folderOf();
    spawnSync('chown', ['65534', folder]);
    const { status, stderr } = await statstop(['record', '/nowhere', '--to', join(folder, 'out')]);
    expect([status, stderr]).toEqual([
      1,
      expect.stringContaining(`${folder} belongs to user 65534. Root writes only`),
    ]);
  });

  const cannotMount =
    spawnSync('unshare', ['-rm', 'true']).status !== 0 && skipping('a full disk', 'unshare is not permitted');

  it.skipIf(cannotMount)('says that the disk is full, keeps what is there, and goes on', async () => {
    const folder = folderOf();
    const address = await demo(folder);
    const disk = join(folder, 'disk');
    // The file system is visible only in the namespace of the shell.
    const script = `mkdir "$1" && mount -t tmpfs -o size=256k,mode=700 tmpfs "$1" || exit 9
      "\${@:2}" & pid=$!
      until ls "$1"/*.statstop > /dev/null 2>&1; do sleep 0.05; done
      head -c 300k /dev/zero > "$1/filler" 2> /dev/null; echo filled
      read -r _; rm "$1/filler"; echo freed
      read -r _; kill "$pid"; wait "$pid"; echo "status $?"; cp "$1"/*.statstop "$1/.."`;
    const record = [...command(), 'record', address, '--to', disk, '--interval', '0.1'];
    const { child, ended, said } = start(['unshare', '-rm', 'bash', '-c', script, 'bash', disk, ...record]);
    await vi.waitUntil(
      () => said().includes('recording is interrupted: no space is left on the disk'),
      UNTIL,
    );
    child.stdin.write('\n');
    await vi.waitUntil(() => said().includes('recording continues'), UNTIL);
    child.stdin.write('\n');
    expect(await ended).toBe(0);
    expect(said()).toContain('status 0');
    expect(readdirSync(folder).filter((name) => name.endsWith('.statstop')).length).toBeGreaterThan(1);
    expect(readingsIn(folder)).toBeGreaterThan(1);
    for (const name of readdirSync(folder))
      expect(statSync(join(folder, name)).size, name).toBeLessThan(2 ** 18);
  });
});
