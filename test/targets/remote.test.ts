import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseTarget } from '../../src/targets/parse.ts';
import { addressOf, TargetSyntaxError } from '../../src/targets/target.ts';

describe('exec:', () => {
  it.each<[string, string[]]>([
    [
      'exec:docker exec app uwsgi --connect-and-read /run/app.stats',
      ['docker', 'exec', 'app', 'uwsgi', '--connect-and-read', '/run/app.stats'],
    ],
    ['EXEC:cat x', ['cat', 'x']],
    ['exec: cat\tx\n', ['cat', 'x']],
    [`exec:sh -c 'echo "a b"; cat $HOME/x'`, ['sh', '-c', 'echo "a b"; cat $HOME/x']],
    ['exec:"my program" a\\ b \'\' ""', ['my program', 'a b', '', '']],
    [
      'exec:cat * ~/x | grep y > z; true && 2>&1',
      ['cat', '*', '~/x', '|', 'grep', 'y', '>', 'z;', 'true', '&&', '2>&1'],
    ],
    ['exec:-x', ['-x']],
    ['exec:é "\u202e"', ['é', '\u202e']],
  ])('%s is split like a line of a shell, and nothing is expanded', (text, words) => {
    const [program, ...args] = words;
    expect(parseTarget(text)).toMatchObject({ kind: 'exec', program, args });
    expect(addressOf(parseTarget(text))).toBe(null);
  });

  it.each([
    ['exec:curl -u ann:hunter2 http://web1:1717', 'exec:curl -u *** http://web1:1717'],
    ['exec:env TOKEN=hunter2 cat /run/x', 'exec:env TOKEN=*** cat /run/x'],
    ['exec:sshpass -phunter2 ssh web1 cat x', 'exec:sshpass -p*** ssh web1 cat x'],
    ['exec:curl -H "Authorization: Bearer hunter2" http://web1', 'exec:curl -H *** http://web1'],
    ['exec:ssh web1 sudo socat - UNIX:/run/app.stats', 'exec:ssh web1 sudo socat - UNIX:/run/app.stats'],
  ])('%s has a name without secrets', (text, name) => {
    expect(parseTarget(text).text).toBe(name);
  });

  it.each([
    ['exec:', 'exec: has no command. Use a command that prints the document'],
    ['exec:  ', 'has no command'],
    ["exec:''", 'has no command'],
    ['exec:cat "x', 'exec:cat "x: a quotation mark is not closed, or a backslash ends the command'],
    ["exec:cat 'x", 'a quotation mark is not closed'],
    ['exec:cat x\\', 'a backslash ends the command'],
    ["exec:cat $'\\0'", 'a word of a command cannot contain a NUL'],
    ['exec:env TOKEN=hunter2 "', 'exec:env TOKEN=***'],
  ])('%s is rejected', (text, message) => {
    expect(() => parseTarget(text)).toThrow(TargetSyntaxError);
    expect(() => parseTarget(text)).toThrow(message);
    expect(() => parseTarget(text)).not.toThrow('hunter2');
  });

  it('of words that a shell would quote has the same words', () => {
    const word = fc.string({ unit: 'grapheme', minLength: 1 }).filter((text) => !text.includes('\0'));
    fc.assert(
      fc.property(fc.array(word, { minLength: 1 }), (words) => {
        const quoted = words.map((each) => `'${each.replaceAll("'", `'"'"'`)}'`).join(' ');
        const [program, ...args] = words;
        expect(parseTarget(`exec:${quoted}`)).toMatchObject({ program, args });
      }),
    );
  });
});

describe('ssh://', () => {
  const unix = (path: string) => ({ family: 'unix', path });
  const tcp = (host: string, port: number) => ({ family: 'tcp', host, port });

  it.each<[string, [string | null, string, number | null], object]>([
    ['ssh://web1/run/app.stats', [null, 'web1', null], unix('/run/app.stats')],
    ['SSH://web1.example.com/run/app.stats', [null, 'web1.example.com', null], unix('/run/app.stats')],
    ['ssh://ann@web1:2222/run/app.stats', ['ann', 'web1', 2222], unix('/run/app.stats')],
    ['ssh://ann@corp.example@web1/x', ['ann@corp.example', 'web1', null], unix('/x')],
    ['ssh://my_host-2/x', [null, 'my_host-2', null], unix('/x')],
    ['ssh://[::1]:22/x', [null, '::1', 22], unix('/x')],
    ['ssh://192.0.2.1/x', [null, '192.0.2.1', null], unix('/x')],
    ['ssh://web1/a b/c:d', [null, 'web1', null], unix('/a b/c:d')],
    ['ssh://web1//run/app.stats', [null, 'web1', null], unix('//run/app.stats')],
    ['ssh://web1/127.0.0.1:1717', [null, 'web1', null], tcp('127.0.0.1', 1717)],
    ['ssh://web1/:1717', [null, 'web1', null], tcp('127.0.0.1', 1717)],
    ['ssh://web1/[::1]:1717', [null, 'web1', null], tcp('::1', 1717)],
    ['ssh://web1/db1:1717', [null, 'web1', null], tcp('db1', 1717)],
    ['ssh://web1/run/app:1717', [null, 'web1', null], unix('/run/app:1717')],
  ])('%s', (text, [user, host, port], address) => {
    expect(parseTarget(text)).toEqual({ kind: 'ssh', text, login: { user, host, port }, address });
    expect(addressOf(parseTarget(text))).toBe(null);
  });

  it.each([
    ['ssh://', 'needs a host name of letters'],
    ['ssh:///run/app.stats', 'needs a host name of letters'],
    ['ssh://-oProxyCommand=touch/x', 'needs a host name of letters'],
    ['ssh://$(touch x)/x', 'needs a host name of letters'],
    ['ssh://`id`/x', 'needs a host name of letters'],
    ['ssh://web1;id/x', 'needs a host name of letters'],
    ['ssh://web 1/x', 'needs a host name of letters'],
    ['ssh://[web1]/x', 'needs a host name of letters'],
    ['ssh://web1%h/x', 'needs a host name of letters'],
    ['ssh://-l@web1/x', 'a user name has letters'],
    ['ssh://@web1/x', 'a user name has letters'],
    ['ssh://$(id)@web1/x', 'a user name has letters'],
    ['ssh://a b@web1/x', 'a user name has letters'],
    ['ssh://ann:hunter2@web1/x', 'ssh:// takes no password, because ssh uses keys. Use ssh://ann@web1/x'],
    ['ssh://ann:hun@ter2@web1/x', 'Use ssh://ann@web1/x'],
    ['ssh://ann:hun/hunter2@web1/x', 'has a host and an address there'],
    ['ssh://web1:0/x', 'needs a port of ssh from 1 to 65535'],
    ['ssh://web1:65536/x', 'needs a port of ssh from 1 to 65535'],
    ['ssh://web1:/x', 'needs a port of ssh from 1 to 65535'],
    ['ssh://web1:x/x', 'has a host and an address there'],
    ['ssh://web1', 'needs the address of the stats server there'],
    ['ssh://web1/', 'needs the address of the stats server there'],
    ['ssh://web1/:0', 'needs a port from 1 to 65535'],
    ['ssh://web1/127.0.0.1:', 'needs a port from 1 to 65535'],
    [
      'ssh://web1/@app',
      "ssh cannot reach abstract sockets. Use 'exec:ssh HOST socat - ABSTRACT-CONNECT:NAME'",
    ],
    ['ssh://web1/run/%h', 'ssh cannot forward a path with'],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: ssh would replace this
    ['ssh://web1/run/${HOME}', 'ssh cannot forward a path with'],
    ['ssh://web1/run\\x', 'ssh cannot forward a path with'],
    ['ssh://web1/a\nb', 'ssh cannot forward a path with'],
  ])('%j is rejected', (text, message) => {
    expect(() => parseTarget(text)).toThrow(TargetSyntaxError);
    expect(() => parseTarget(text)).toThrow(message);
    expect(() => parseTarget(text)).not.toThrow('hunter2');
  });
});
