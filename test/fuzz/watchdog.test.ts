import { spawn } from 'node:child_process';
import { readFileSync, rmSync, statSync } from 'node:fs';
import { describe, expect, it, onTestFinished } from 'vitest';
import { parseOptions } from './options.ts';
import { report } from './report.ts';
import { trial } from './trials.ts';
import { watchOver } from './watchdog.ts';

/** A program that reports two cases and then runs the given code. */
function run(then: string) {
  const program = `process.send({ number: 41 }); process.send({ number: 42 }); ${then}`;
  const stdio: ['ignore', 'ignore', 'ignore', 'ipc'] = ['ignore', 'ignore', 'ignore', 'ipc'];
  return spawn(process.execPath, ['-e', program], { stdio });
}

describe('the watchdog', () => {
  it('kills a process in an endless loop and reports the number of the case', async () => {
    expect(await watchOver(run('for (;;);'), 1)).toMatchObject({ hung: true, number: 42 });
  });

  it('returns the status or signal of a process that ends by itself', async () => {
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
  it('is reported with a command that repeats it, and only this user can read its bytes', () => {
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
  it('default to 30 s with a random seed, and to no time limit with a count', () => {
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
