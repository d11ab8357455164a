import { spawn } from 'node:child_process';
import { readFileSync, rmSync, statSync } from 'node:fs';
import { describe, expect, it, onTestFinished } from 'vitest';
import { parseOptions } from './options.ts';
import { report } from './report.ts';
import { trial } from './trials.ts';
import { watchOver } from './watchdog.ts';

/** A program that tells of two cases and then does this. */
function run(then: string) {
  const program = `process.send({ number: 41 }); process.send({ number: 42 }); ${then}`;
  const stdio: ['ignore', 'ignore', 'ignore', 'ipc'] = ['ignore', 'ignore', 'ignore', 'ipc'];
  return spawn(process.execPath, ['-e', program], { stdio });
}

describe('the watchdog', () => {
  it('ends a process in an endless loop, and says which case it was', async () => {
    expect(await watchOver(run('for (;;);'), 1)).toMatchObject({ hung: true, number: 42 });
  });

  it('passes on how a process ended by itself', async () => {
    expect(await watchOver(run('process.disconnect(); process.exitCode = 1'), 60)).toMatchObject({
      hung: false,
      status: 1,
    });
    expect(await watchOver(run('process.abort()'), 60)).toMatchObject({
      hung: false,
      status: null,
      number: 42,
    });
  });
});

describe('a failure', () => {
  it('is told with the command that repeats it, and its bytes are kept for this user only', () => {
    const file = 'fuzz-failure-1-1.stats';
    onTestFinished(() => rmSync(file, { force: true }));
    const text = report({ trial: trial('idle.1'), oracle: 'numbers', complaint: 'seven' });
    expect(text).toContain('numbers: seven');
    expect(text).toContain('npm run fuzz -- --seed 1 --case 1');
    expect(readFileSync(file).equals(trial('idle.1').bytes)).toBe(true);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });
});

describe('the options', () => {
  it('are 30 s of a random seed when there are none, and no time when there is a count', () => {
    expect(parseOptions([])).toMatchObject({ seconds: 30, count: null, only: null });
    expect(parseOptions(['--count', '5', '--seed', '7'])).toEqual({
      seed: 7,
      seconds: null,
      count: 5,
      only: null,
    });
    expect(parseOptions(['--seed', '7', '--case', '3'])).toMatchObject({ seed: 7, only: 3 });
  });

  it.each([
    ['--count', 'x'],
    ['--seed', '-1'],
    ['--what', '1'],
  ])('%s %s is refused', (name, value) => {
    expect(() => parseOptions([name, value])).toThrow();
  });
});
