import { endianness } from 'node:os';
import { describe, expect, it } from 'vitest';
import { tcpTarget } from '../../src/host/addresses.ts';
import { tcpAddress } from '../../src/host/tcp.ts';
import { parseTarget } from '../../src/targets/parse.ts';
import { addressOf } from '../../src/targets/target.ts';

describe.skipIf(endianness() !== 'LE')('an address in /proc/net/tcp', () => {
  it.each([
    ['0100007F:06B5', '127.0.0.1', 1717],
    ['00000000:0050', '0.0.0.0', 80],
    ['00000000000000000000000001000000:06B5', '::1', 1717],
    ['00000000000000000000000000000000:FFFF', '::', 65535],
    ['B80D0120000000000000000001000000:0001', '2001:db8::1', 1],
  ])('%s', (text, host, port) => {
    expect(tcpAddress(text)).toEqual({ host, port });
  });

  it('is null for another text', () => {
    for (const text of ['', ':', '0100007F', '0100007F:6B5', 'x100007F:06B5', '00:06B5'])
      expect(tcpAddress(text)).toBeNull();
  });
});

describe('the target for a port', () => {
  it.each([
    ['0.0.0.0', ':1717', '127.0.0.1'],
    ['::', '[::1]:1717', '::1'],
    ['10.0.0.1', '10.0.0.1:1717', '10.0.0.1'],
    ['2001:db8::1', '[2001:db8::1]:1717', '2001:db8::1'],
  ])('%s', (host, target, connected) => {
    expect(tcpTarget(host, 1717)).toBe(target);
    expect(addressOf(parseTarget(target))).toEqual({ family: 'tcp', host: connected, port: 1717 });
  });
});
