import { describe, expect, it } from 'vitest';
import { connectWords, forwardWords } from '../../../src/sources/ssh/words.ts';
import type { Address, Login } from '../../../src/targets/target.ts';

const WEB1: Login = { user: null, host: 'web1', port: null };
const ANN: Login = { user: 'ann', host: '::1', port: 2222 };

describe('the words of ssh', () => {
  it('that connects ask no question, run nothing there, and keep nothing of the configuration open', () => {
    const words = connectWords(WEB1, '/run/x/control', 3.2);
    const options = words.flatMap((word, at) => (words[at - 1] === '-o' ? [word] : []));
    expect(options).toEqual(
      expect.arrayContaining([
        'BatchMode=yes',
        'ConnectTimeout=5',
        'ServerAliveInterval=5',
        'ControlMaster=yes',
        'ControlPath=/run/x/control',
        'ControlPersist=no',
        'ClearAllForwardings=yes',
        'RemoteCommand=none',
      ]),
    );
    expect(words).toContain('-N');
    expect(words.slice(-2)).toEqual(['--', 'web1']);
  });

  it('that name a user and a port end with the host, after --', () => {
    const end = ['-l', 'ann', '-p', '2222', '--', '::1'];
    expect(connectWords(ANN, '/x', 1).slice(-6)).toEqual(end);
    expect(forwardWords(ANN, '/x', '/y', { family: 'unix', path: '/z' }).slice(-6)).toEqual(end);
  });

  it.each<[Address, string]>([
    [{ family: 'unix', path: '/run/app.stats' }, '/run/app.stats'],
    [{ family: 'unix', path: '/run/app:1717' }, '/run/app\\:1717'],
    [{ family: 'tcp', host: '127.0.0.1', port: 1717 }, '127.0.0.1:1717'],
    [{ family: 'tcp', host: '::1', port: 1717 }, '[::1]:1717'],
  ])('that forward %j', (there, word) => {
    expect(forwardWords(WEB1, '/run/x/control', '/run/x/0', there)).toEqual([
      ...['-F', 'none', '-S', '/run/x/control', '-O', 'forward', '-L', `/run/x/0:${word}`, '--', 'web1'],
    ]);
  });
});
