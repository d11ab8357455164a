import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseTarget } from '../../src/targets/parse.ts';
import { type Address, type Protocol, TargetSyntaxError } from '../../src/targets/target.ts';
import { maskTarget } from '../../src/text/secrets/target.ts';

const unix = (path: string): Address => ({ family: 'unix', path });
const abstract = (name: string): Address => ({ family: 'abstract', name });
const tcp = (host: string, port: number): Address => ({ family: 'tcp', host, port });

describe('a socket address', () => {
  it.each<[string, Address, Protocol | null, string?]>([
    ['unix:/run/app.stats', unix('/run/app.stats'), null],
    ['unix:///run/app.stats', unix('/run/app.stats'), null],
    ['unix:app.stats', unix('app.stats'), null],
    ['unix:./a:1717', unix('./a:1717'), null],
    ['unix:@app', abstract('app'), null],
    ['@app', abstract('app'), null],
    ['@/run/app', abstract('/run/app'), null],
    ['@app:1717', abstract('app:1717'), null],
    ['@@', abstract('@'), null],
    [':1717', tcp('127.0.0.1', 1717), null],
    ['127.0.0.1:1717', tcp('127.0.0.1', 1717), null],
    ['web1.example.com:1', tcp('web1.example.com', 1), null],
    ['localhost:65535', tcp('localhost', 65535), null],
    ['[::1]:1717', tcp('::1', 1717), null],
    ['[fe80::1%eth0]:1717', tcp('fe80::1%eth0', 1717), null],
    ['tcp://web1:1717', tcp('web1', 1717), null],
    ['tcp://web1:1717/', tcp('web1', 1717), null],
    ['tcp://[::1]:1717', tcp('::1', 1717), null],
    ['tcp://:1717', tcp('127.0.0.1', 1717), null],
    ['http://web1:1717', tcp('web1', 1717), 'http', '/'],
    ['http://web1:1717/', tcp('web1', 1717), 'http', '/'],
    ['http://web1:1717/stats', tcp('web1', 1717), 'http', '/stats'],
    ['http://web1', tcp('web1', 80), 'http', '/'],
    ['http://web1/a:b', tcp('web1', 80), 'http', '/a:b'],
    ['http://[::1]:1717', tcp('::1', 1717), 'http', '/'],
    ['http://[::1]/stats', tcp('::1', 80), 'http', '/stats'],
    ['http+unix:/run/app.stats', unix('/run/app.stats'), 'http', '/'],
    ['http+unix:///run/app.stats', unix('/run/app.stats'), 'http', '/'],
    ['http+unix:@app', abstract('app'), 'http', '/'],
    ['http+unix://%2Frun%2Fapp.stats', unix('/run/app.stats'), 'http', '/'],
    ['http+unix://%2frun%2fmy%20app.stats/', unix('/run/my app.stats'), 'http', '/'],
  ])('%s', (text, address, protocol, path = '/') => {
    expect(parseTarget(text)).toEqual({ kind: 'socket', text, address, protocol, path });
  });
});

describe('a path, which may be a socket or a file', () => {
  it.each([
    '/run/app.stats',
    './app.stats',
    'app.stats',
    '/run/app:1717',
    './app:1717',
    'dir/app:1717',
    'a b "c"',
    '/run/é\udcff',
    '~/app',
    'C:\\app',
    'app:',
    'app:17x',
    './19422',
    '/run/127.0.0.1',
    '1.2',
    'localhost.stats',
    '--',
    ' -',
  ])('%j', (text) => {
    expect(parseTarget(text)).toEqual({ kind: 'path', text, path: text });
  });
});

const JWT = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl';

describe('the name of a target does not contain secrets', () => {
  it.each([
    ['http://web1:1717/stats?token=hunter2', 'http://web1:1717/stats?***', '/stats?token=hunter2'],
    ['http://web1:1717/stats?debug', 'http://web1:1717/stats?***', '/stats?debug'],
    ['http://web1/a#token=hunter2', 'http://web1/a#***', '/a#token=hunter2'],
    ['http://web1/token=hunter2', 'http://web1/token=***', '/token=hunter2'],
    ['http://web1/token/hunter2', 'http://web1/token/***', '/token/hunter2'],
    [`http://web1/${JWT}`, 'http://web1/***', `/${JWT}`],
    ['http://web1/ann:hunter2@x', 'http://web1/***@x', '/ann:hunter2@x'],
  ])('%s', (given, text, path) => {
    expect(parseTarget(given)).toMatchObject({ text, path });
  });

  it.each([
    [`/run/${JWT}`, '/run/***'],
    ['web1/stats?token=hunter2', 'web1/stats?***'],
    ['/token=hunter2', '/token=***'],
    ['ann:hunter2@web1:1717', '***@web1:1717'],
  ])('%s, which is a path', (given, text) => {
    expect(parseTarget(given)).toEqual({ kind: 'path', text, path: given });
  });

  it.each([
    '/run/c0ffee5a17e4b9d2c0ffee5a17e4b9d2/app.stats',
    '/run/user/1000/token/app.stats',
    '/run/reset/hunter2.stats',
    '/run/uwsgi@shop/a=b/app.stats',
    'unix:/run/c0ffee5a17e4b9d2c0ffee5a17e4b9d2/app.stats',
    '@c0ffee5a17e4b9d2c0ffee5a17e4b9d2',
    'c0ffee5a17e4b9d2:1717',
    'http://c0ffee5a17e4:1717/stats',
  ])('%s, which has none', (text) => {
    expect(parseTarget(text).text).toBe(text);
  });
});

describe('standard input', () => {
  it('is -', () => {
    expect(parseTarget('-')).toEqual({ kind: 'stdin', text: '-' });
  });
});

describe('a wrong target is rejected with a suggestion', () => {
  it.each([
    ['', 'the target is empty'],
    ['@', '@ has no socket path. Use a path, as in unix:/run/app.stats'],
    ['unix:', 'unix: has no socket path'],
    ['unix:@', 'unix:@ has no socket path'],
    ['http+unix:', 'http+unix: has no socket path'],
    [
      '19422',
      'no uWSGI server of this machine has the process id 19422. Use :19422 for a port of this machine, or ./19422 for a file',
    ],
    [
      '127.0.0.1',
      '127.0.0.1 is not a target. Use 127.0.0.1:1717 with the port of the stats server, or ./127.0.0.1',
    ],
    [
      '4194304',
      'no uWSGI server of this machine has the process id 4194304. Use a stats socket, or ./4194304 for a file',
    ],
    ['pid:xx', 'pid:xx is not a target: pid: needs a number, as in pid:4711. Use ./pid:xx for a file'],
    ['pid:', 'pid: needs a number'],
    ['127.1', 'Use 127.1:1717'],
    ['127.1:', '127.1: needs a port from 1 to 65535, as in 127.1:1717'],
    ['[::1]', 'Use [::1]:1717 with the port of the stats server'],
    ['localhost', 'Use localhost:1717'],
    ['localhost:', 'localhost: needs a port from 1 to 65535, as in localhost:1717'],
    ['127.0.0.1:', 'needs a port from 1 to 65535, as in 127.0.0.1:1717'],
    [':', ': needs a port from 1 to 65535, as in 127.0.0.1:1717'],
    ['[::1]:', 'as in [::1]:1717'],
    ['::1', '::1 is not a target. Use [::1]:1717'],
    ['fe80::1', 'Use [fe80::1]:1717'],
    [':0', ':0 needs a port from 1 to 65535, as in 127.0.0.1:1717'],
    ['web1:0', 'web1:0 needs a port from 1 to 65535, as in web1:1717'],
    ['web1:65536', 'web1:65536 needs a port from 1 to 65535'],
    ['web1:99999999999999999999', 'needs a port from 1 to 65535'],
    ['[::1]:0', 'as in [::1]:1717'],
    ['tcp://web1', 'tcp://web1 needs a port from 1 to 65535, as in web1:1717'],
    ['tcp://web1:', 'needs a port'],
    ['tcp://', 'tcp:// needs a port from 1 to 65535, as in 127.0.0.1:1717'],
    ['http://web1:0', 'needs a port from 1 to 65535'],
    [
      'https://web1:1717',
      'a stats server does not support TLS. Use unix:, tcp://, http://, http+unix:, ssh:// or exec:',
    ],
    ['HTTPS://web1', 'does not support TLS'],
    ['redis://web1:6379', 'unknown scheme redis://. Use unix:, tcp://, http://, http+unix:, ssh:// or exec:'],
    ['ftp://web1', 'unknown scheme ftp://'],
    ['http://ann:hunter2@web1:1717', 'no password. Use http://web1:1717'],
    ['https://ann@web1/?token=hunter2', 'no password. Use https://web1/?***'],
    ['http+unix://%2Frun%zz', '%2Frun%zz'],
    ['http+unix://%2Frun%ff', '%2Frun%ff'],
    ['http+unix://%2Frun%ff?token=hunter2', 'http+unix:'],
    ['https://web1/stats?token=hunter2', 'https://web1/stats?***: a stats server does not support TLS'],
    ['http://web1:99999/?token=hunter2', 'http://web1:99999/?*** needs a port'],
    ['http://web1:0/token/hunter2', 'http://web1:0/token/*** needs a port'],
    ['http://ann:hun/hunter2@web1:1717/', 'no password. Use http://web1:1717/'],
    ['tcp://ann:hun/hunter2@web1:1717', 'no password. Use tcp://web1:1717'],
    ['http://ann@web1/token=hunter2', 'no password. Use http://web1/token=***'],
    ['http://web1:17x/', 'http://web1:17x/ does not have the form http://HOST:PORT/PATH'],
    ['http://::1:1717', 'http://::1:1717 does not have the form http://HOST:PORT/PATH'],
    ['http://ann:17x/?token=hunter2', 'http://ann:17x/?*** does not have the form'],
    ['tcp://web1:1717/?token=hunter2', 'tcp://web1:1717/?*** does not have the form tcp://HOST:PORT'],
    ['tcp://web1:1717/stats', 'tcp://web1:1717/stats does not have the form tcp://HOST:PORT'],
    ['redis://web1/token=hunter2', 'redis://web1/token=***: unknown scheme redis://'],
    ['ssh://web1:0/token=hunter2', 'ssh://web1:0/token=*** needs a port of ssh'],
    ['ssh://ann:hunter2@web1/token=hunter2', 'Use ssh://ann@web1/token=***'],
    [`${JWT.replaceAll('c2ln', 'hunter2')}://web1`, '***: unknown scheme. Use unix:'],
    ['http://token=hunter2:0', 'http://*** needs a port from 1 to 65535'],
  ])('%j', (text, message) => {
    expect(() => parseTarget(text)).toThrow(TargetSyntaxError);
    expect(() => parseTarget(text)).toThrow(message);
    expect(() => parseTarget(text)).not.toThrow('hunter2');
  });
});

it.each([
  'tcp://i-0a1b2c3d4e5f67890:1717',
  'ssh://i-0a1b2c3d4e5f67890/run/app.stats',
  'ssh://root@vm-9f8e7d6c5b4a3210.example.com/run/app.stats',
  'ssh://deploy_x7k2@web1/run/app.stats',
  'http://internal-a1b2c3d4e5f6a7b8.eu-west-1.elb.amazonaws.com:1717/',
])('the host of %s is not masked, although it looks like a token', (text) => {
  expect(parseTarget(text).text).toBe(text);
});

describe('any text', () => {
  const pieces = [
    'unix:',
    'http',
    '+unix',
    '://',
    'tcp',
    '@',
    ':',
    '[',
    ']',
    '::1',
    '/',
    '1717',
    '%2F',
    'a',
    ' ',
    '\n',
    '-',
  ];

  it('is a target with its masked text as its name, or a TargetSyntaxError that quotes it', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...pieces), { maxLength: 6 }), (parts) => {
        const given = parts.join('');
        const text = maskTarget(given);
        if (!/@|:.*:\/\//s.test(given)) expect(text).toBe(given);
        try {
          expect(parseTarget(given).text).toBe(text);
        } catch (error) {
          expect(error).toBeInstanceOf(TargetSyntaxError);
          const { message } = error as Error;
          const isTold = [text, maskTarget(given.replace(/\/\/[^/]*@/, '//'))].some((each) =>
            message.includes(each),
          );
          expect(isTold).toBe(true);
        }
      }),
      { numRuns: 2000 },
    );
  });
});
