import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT } from '../commands/run.ts';
import { requiredNode, skipWithoutNode } from '../lab/other-node.ts';

/** Runs a command with that Node.js first in `$PATH`. */
function run(node: string, words: readonly string[]) {
  const [program = '', ...args] = words;
  const { status, stdout, stderr } = spawnSync(program, args, {
    cwd: ROOT,
    encoding: 'utf8',
    env: { ...process.env, PATH: `${dirname(node)}:${process.env.PATH}` },
  });
  return { status, stdout, stderr };
}

function refusal(version: string) {
  return { status: 1, stdout: '', stderr: `statstop needs Node.js 20 or newer; this is ${version}\n` };
}

const versionOf = (node: string) => spawnSync(node, ['-p', 'process.versions.node'], { encoding: 'utf8' });

/** Versions, and the npm scripts to run. The npm of a newer Node.js does not run on Node.js older than 18. */
const OLD: readonly (readonly [major: number, scripts: readonly string[]])[] = [
  [12, []],
  [18, ['demo', 'setup', 'test']],
];

describe.each(OLD)('on Node.js %i', (major, scripts) => {
  describe.skipIf(skipWithoutNode(major))('one line names the required version', () => {
    it.each([[['--version']], [['demo']], [['check', '/nonexistent']]])('from statstop %j', (args) => {
      const node = requiredNode(major);
      expect(run(node, [node, 'bin/statstop.js', ...args])).toEqual(refusal(versionOf(node).stdout.trim()));
    });

    it.each(scripts)('from npm run %s', (script) => {
      const node = requiredNode(major);
      const ended = run(node, ['npm', 'run', '--silent', script]);
      expect(ended).toEqual(refusal(versionOf(node).stdout.trim()));
    });
  });
});

describe('the oldest supported Node.js', () => {
  it('is the same in package.json and in the check at startup', () => {
    const { engines } = JSON.parse(readFileSync(`${ROOT}package.json`, 'utf8'));
    const [, least] = /^>=(\d+)$/.exec(engines.node) ?? [];
    expect(least).toBeDefined();
    const text = readFileSync(`${ROOT}bin/node-version.js`, 'utf8');
    expect(text).toContain(`< ${least})`);
    expect(text).toContain(`Node.js ${least} or newer`);
  });
});
