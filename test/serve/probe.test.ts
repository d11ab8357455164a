import { describe, expect, it } from 'vitest';
import { ProbeError, probedTarget, socketOf } from '../../src/serve/probe.ts';
import { parseTarget } from '../../src/targets/parse.ts';

const allowed = (target: string, ...patterns: string[]) => {
  try {
    probedTarget(target, patterns);
    return true;
  } catch (error) {
    if (error instanceof ProbeError) return false;
    throw error;
  }
};

describe('a target', () => {
  it.each([
    ['/run/app/shop.stats', '/run/app/*.stats'],
    ['/run/app/shop.stats', '/run/app/shop.stats'],
    ['127.0.0.1:1717', '127.0.0.1:*'],
    ['@app', '@*'],
    ['unix:/run/a.stats', 'unix:/run/*'],
    ['http://127.0.0.1:1717/', 'http://127.0.0.1:*'],
    ['ssh://web1/run/a.stats', 'ssh://web1/run/*'],
    ['exec:cat a.json', 'exec:cat a.json'],
    ['/run/a.stats', '*'],
  ])('%s is allowed by %s', (target, pattern) => {
    expect(allowed(target, pattern)).toBe(true);
    expect(allowed(target, 'other', pattern)).toBe(true);
    expect(allowed(target, 'other')).toBe(false);
    expect(allowed(target)).toBe(false);
  });

  it.each([
    ['exec:rm -rf /', '*'],
    ['EXEC:rm -rf /', '*'],
    ['exec:rm -rf /', 'e*'],
    ['ssh://web1/run/a.stats', '*'],
    ['SSH://web1/run/a.stats', '*'],
    ['http://169.254.169.254/latest', '*'],
    ['tcp://10.0.0.1:1717', '*'],
    ['http+unix:/run/a.stats', '*'],
    ['ssh://web2/web1/a', 'ssh://web1/*'],
    ['http://evil/.example.com:1717', '*.example.com:1717'],
    ['/run/app/../../etc/a.stats', '/run/app/*.stats'],
    ['/run/app/./a.stats', '/run/app/*.stats'],
    ['/run/app//a.stats', '/run/app/*.stats'],
    ['unix:/run/app/../a.stats', 'unix:/run/app/*'],
    ['ssh://web1/run/../etc/a.stats', 'ssh://web1/run/*'],
    ['-', '*'],
    ['', '*'],
    ['1717', '*'],
    [`/${'a'.repeat(2000)}`, '*'],
  ])('%s is not allowed by %s', (target, pattern) => {
    expect(allowed(target, pattern)).toBe(false);
  });

  it('that is missing has a message, and the messages repeat no text of the request', () => {
    expect(() => probedTarget(null, ['*'])).toThrow('the parameter target is missing');
    for (const target of ['/secret/../x', 'exec:secret', 'secret://x'])
      expect(() => probedTarget(target, ['*', 'secret://*'])).toThrow(expect.not.stringContaining('secret'));
  });
});

it('a path is connected to and never opened', () => {
  expect(probedTarget('/etc/passwd', ['/etc/*'])).toMatchObject({
    kind: 'socket',
    address: { family: 'unix', path: '/etc/passwd' },
  });
  expect(socketOf(parseTarget('a.stats'))).toMatchObject({ kind: 'socket', text: 'a.stats' });
  expect(socketOf(parseTarget(':1717'))).toEqual(parseTarget(':1717'));
});
