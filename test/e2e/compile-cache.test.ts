import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { ROOT } from '../commands/run.ts';
import { requiredNode, skipWithoutNode } from '../lab/other-node.ts';

const folder = mkdtempSync(join(tmpdir(), 'statstop-cache-'));
afterAll(() => rmSync(folder, { recursive: true }));

const NOBODY = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {};

/** Offsets of the size and the CRC of the source in an entry of Node's compile cache (src/compile_cache.cc). */
const OF_THE_SOURCE = [
  { start: 4, end: 8 },
  { start: 12, end: 16 },
];

/** Versions of Node.js with a compile cache. */
describe.each([22, 24])('on Node.js %i', (major) => {
  describe.skipIf(skipWithoutNode(major))('code in a compile cache', () => {
    const place = join(folder, String(major));
    const installed = join(place, 'installed');
    const main = join(installed, 'dist/cli.cjs');

    function version(env: NodeJS.ProcessEnv): string {
      const args = [join(installed, 'bin/statstop.js'), '--version'];
      const { stdout, stderr } = spawnSync(requiredNode(major), args, {
        encoding: 'utf8',
        env: { PATH: process.env.PATH, HOME: process.env.HOME, ...env },
      });
      return stdout + stderr;
    }

    /** The entries that a run creates in a separate cache, as paths relative to the cache. */
    function cached(name: string): { cache: string; entries: string[] } {
      const cache = join(place, name);
      version({ NODE_COMPILE_CACHE: cache });
      const [tag = ''] = readdirSync(cache);
      return { cache, entries: readdirSync(join(cache, tag)).map((name) => join(tag, name)) };
    }

    /** Creates a cache with other code for `dist/cli.cjs`, under the checksum of the real file. */
    function poison(): string {
      const source = readFileSync(main, 'utf8');
      // V8 compares the length in characters, Node.js in bytes.
      const others = source.replace(/[\0-\x7f]/g, '');
      const planted = `console.log("PLANTED"); process.exit();//${others}`.padEnd(source.length);
      writeFileSync(main, planted);
      const theirs = cached('theirs');
      writeFileSync(main, source);
      const real = cached('real');
      for (const entry of theirs.entries) {
        const bytes = readFileSync(join(theirs.cache, entry));
        const honest = readFileSync(join(real.cache, entry));
        for (const { start, end } of OF_THE_SOURCE) honest.copy(bytes, start, start, end);
        writeFileSync(join(theirs.cache, entry), bytes);
      }
      return theirs.cache;
    }

    it('does not run if another user planted it in the temporary directory', () => {
      mkdirSync(installed, { recursive: true });
      chmodSync(folder, 0o755);
      for (const part of ['bin', 'dist', 'package.json'])
        cpSync(join(ROOT, part), join(installed, part), { recursive: true });
      symlinkSync(join(ROOT, 'node_modules'), join(installed, 'node_modules'));
      const cache = poison();
      // Verify that this Node.js accepts the planted code.
      expect(version({ NODE_COMPILE_CACHE: cache })).toContain('PLANTED');

      const shared = join(place, 'tmp');
      mkdirSync(shared);
      chmodSync(shared, 0o1777);
      // Node.js makes the entries readable for their owner only.
      spawnSync('chmod', ['-R', 'a+rX', cache]);
      const copied = spawnSync('cp', ['-r', cache, join(shared, 'node-compile-cache')], NOBODY);
      expect(copied.status).toBe(0);
      expect(version({ TMPDIR: shared })).toMatch(/^\d+\.\d+\.\d+ \(npm package, .*\)\n$/);
    });
  });
});
