import { chmodSync, copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { captureFile, command, ROOT, run } from '../commands/run.ts';
import { inRoot } from '../lab/root.ts';
import { skipWithoutVersion, VERSIONS } from '../lab/versions.ts';
import { Pty, skipWithoutPty } from '../terminal/pty.ts';

/** The roots of `uwsgi-roots.sh`: an old and a new release of Debian, without Node.js. */
const ROOTS = VERSIONS.filter(({ root, missing }) => root !== null || missing !== null);

const folder = mkdtempSync(join(tmpdir(), 'statstop-root-'));
afterAll(() => rmSync(folder, { recursive: true }));
chmodSync(folder, 0o755);
const [made] = command();
const executable = join(folder, 'statstop');
copyFileSync(made, executable);
process.env.STATSTOP_TEST_COMMAND = executable;
const file = join(folder, 'threads.stats');
copyFileSync(join(ROOT, captureFile('threads')), file);

describe.each(ROOTS)('in a Debian with uWSGI $name, as a user without privileges', (version) => {
  describe.skipIf(skipWithoutVersion(version))('and without Node.js, the executable', () => {
    const before = inRoot(version.root ?? '', folder, ['chroot', '--userspec=65534:65534', '/']);
    const inside = (...words: string[]) => run([...before, ...words]);

    it('runs where there is no other Node.js', async () => {
      const { stdout } = await inside('sh', '-c', 'id -u; command -v node nodejs; true');
      expect(stdout.toString()).toBe('65534\n');
    });

    it.each([
      [['--version'], /^\d+\.\d+\.\d+ \(executable, commit \S+, Node\.js 24\.\S+\)\n$/],
      [['doctor', file], /^ {2}user +\S+ uid 65534$/m],
      [['--json', '-i', '0', file], /^\{\n {2}"schema": "statstop\.sample\/1"/],
      [['--once', file], /^ WID .*RSS/m],
      [['check', file], /^UWSGI OK - 2 workers running/],
    ])('runs statstop %j', async (args, output) => {
      const { status, stdout, stderr } = await inside(executable, ...args);
      expect([status, stderr]).toEqual([0, '']);
      expect(stdout.toString()).toMatch(output);
    });

    it.skipIf(skipWithoutPty()).each(['xterm-256color', 'screen', 'linux'])(
      'shows the live view with charts on a %s, and ends',
      async (TERM) => {
        const pty = await Pty.start(100, 24, ['demo'], { TERM, TMPDIR: '/tmp' }, before);
        const shows = (text: RegExp) =>
          pty.until(() => text.test(pty.screen.lines().join('\n')), String(text));
        await shows(/WID.*PID/);
        pty.tell({ keys: '0' });
        await shows(/requests per second: \d/);
        // Braille dots of a curve, or blocks on a terminal without them, below the head of the screen.
        const curve = () => /[\u2801-\u28ff#]{2}/.test(pty.screen.lines().slice(7).join('\n'));
        await pty.until(curve, 'a curve');
        pty.tell({ keys: 'q' });
        await pty.until(() => pty.status !== null, 'the end');
        expect(pty.status).toBe(0);
      },
    );
  });
});
