import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { known, watched } from '../host/real.ts';
import { serverOf } from '../lab/server.ts';
import { startUwsgi } from '../lab/uwsgi.ts';
import { skipWithoutVersion, VERSIONS } from '../lab/versions.ts';
import { TIMEOUT_MS } from '../timeouts.ts';

const SCRIPT = fileURLToPath(new URL('../lab/uwsgi-roots.sh', import.meta.url));

/** Runs the script with a new cache folder of that mode. */
function find(mode: number) {
  const home = mkdtempSync(join(tmpdir(), 'statstop-roots-'));
  onTestFinished(() => rmSync(home, { recursive: true }));
  const cache = join(home, 'statstop-test');
  // Broken roots: empty folders.
  mkdirSync(join(cache, 'bullseye'), { recursive: true });
  chmodSync(cache, mode);
  return spawnSync(SCRIPT, ['find'], { encoding: 'utf8', env: { ...process.env, XDG_CACHE_HOME: home } });
}

describe('the roots of other versions of uWSGI', () => {
  it('are not used if they are broken or missing', () => {
    const { stdout, status } = find(0o700);
    expect([status, stdout]).toEqual([0, '2.0.19.1 -\n2.0.28 -\n']);
  });

  it('are refused if other users can change them', () => {
    const { stderr, stdout, status } = find(0o777);
    expect([status, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/statstop-test must belong to this user and have mode 700\n$/);
  });
});

for (const version of VERSIONS.filter(({ root }) => root !== null)) {
  const root = version.root ?? '';
  describe.skipIf(skipWithoutVersion(version))(`a server of uWSGI ${version.name}`, () => {
    it('runs in the root of that version, and leaves no mount and no folder in it', async () => {
      const before = readdirSync(join(root, 'tmp'));
      const server = await startUwsgi({ version });
      onTestFinished(() => server.stop());
      expect(statSync(`/proc/${server.pid()}/root`).ino).toBe(statSync(root).ino);
      expect(readFileSync(`/proc/${server.pid()}/mountinfo`, 'utf8')).toContain(server.folder);
      expect((await known(watched(server.target))).reading.master.pid).toBe(server.pid());
      expect(readFileSync('/proc/self/mountinfo', 'utf8')).not.toContain(root);
      await server.stop();
      await vi.waitFor(() => expect(existsSync(`/proc/${server.pid()}`)).toBe(false), TIMEOUT_MS);
      expect(readFileSync('/proc/self/mountinfo', 'utf8')).not.toContain(root);
      expect(readdirSync(join(root, 'tmp'))).toEqual(before);
      expect(existsSync(server.folder)).toBe(false);
    });

    it('is proved to run on this machine if its stats socket has another path outside its root', async () => {
      const inside = `/lab-${process.pid}.stats`;
      const outside = join(root, inside);
      // The last `--stats` counts. The start of a server does not wait for an abstract one.
      await serverOf({ version, stats: 'abstract', args: ['--stats', inside] });
      onTestFinished(() => rmSync(outside));
      expect(existsSync(inside)).toBe(false);
      const { snapshot, reading } = await known(watched(outside));
      expect(reading.master.pid).toBe(snapshot.server.pid);
      expect(reading.processes.size).toBe(2);
    });
  });
}
