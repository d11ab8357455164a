import { spawnSync } from 'node:child_process';
import { skipping } from './available.ts';

const found = new Map<number, string | null>();

/** The path of a Node.js of that major version, from the npm registry or its cache; `null` when it is not available. */
export function nodeOf(major: number): string | null {
  if (Number.parseInt(process.versions.node, 10) === major) return process.execPath;
  const known = found.get(major);
  if (known !== undefined) return known;
  const words = ['--yes', '--prefer-offline', '-p', `node@${major}`, '--', 'node', '-p', 'process.execPath'];
  const { status, stdout } = spawnSync('npx', words, {
    encoding: 'utf8',
    env: { ...process.env, npm_config_fetch_retries: '0' },
    timeout: 120_000,
  });
  const path = status === 0 ? stdout.trim() : null;
  found.set(major, path);
  return path;
}

/** For `describe.skipIf`: whether that Node.js is missing. If it is, records the reason. */
export function skipWithoutNode(major: number): boolean {
  const missing = nodeOf(major) === null;
  return missing && skipping(`tests with Node.js ${major}`, `npx -p node@${major} does not find it`);
}

/** @throws Error when it is not available */
export function requiredNode(major: number): string {
  const path = nodeOf(major);
  if (path === null) throw new Error(`Node.js ${major} is not available: npx -p node@${major} node`);
  return path;
}
