import { describe, expect, it } from 'vitest';
import { lastLines } from '../../../src/sources/children/last-lines.ts';
import { reasonOf, unconnected } from '../../../src/sources/ssh/messages.ts';

const lines = (text: string) => lastLines(Buffer.from(text, 'latin1'));

describe('the lines of a message', () => {
  it('have no blanks around them, and blank lines are left out', () => {
    expect(lines('one\r\n\r\n  two  \n\n')).toEqual(['one', 'two']);
    expect(lines('')).toEqual([]);
    expect(lines('x\xff')).toEqual(['x\udcff']);
  });

  it('are cut, and only the end of a long output is searched', () => {
    expect(lines('x'.repeat(300))).toEqual(['x'.repeat(200)]);
    expect(lines(`first\n${'\n'.repeat(20_000)}last`)).toEqual(['last']);
  });
});

describe('the reason of ssh', () => {
  // Messages of OpenSSH 9.2.
  it.each([
    ['ann@web1: Permission denied (publickey).', 'ann@web1: Permission denied (publickey).'],
    ['@@@ WARNING @@@\nchanged\nHost key verification failed.', 'Host key verification failed.'],
    [
      'ssh: connect to host jump port 22: Connection refused\nkex_exchange_identification: Connection closed by remote host\nConnection closed by UNKNOWN port 65535',
      'ssh: connect to host jump port 22: Connection refused',
    ],
    ['proxy: no route\nbanner exchange: Connection to UNKNOWN port 65535: Broken pipe', 'proxy: no route'],
    [
      'Timeout, server web1 not responding.\nchannel 1: open failed: connect failed: open failed',
      'Timeout, server web1 not responding.',
    ],
    ['Connection closed by 192.0.2.1 port 22', 'Connection closed by 192.0.2.1 port 22'],
    ['', null],
  ])('%j', (text, reason) => {
    expect(reasonOf(lines(text))).toBe(reason);
  });
});

describe('a forwarded connection that failed', () => {
  const REFUSED = 'channel 2: open failed: connect failed: Connection refused';

  it.each([
    [REFUSED, { tried: true, reason: 'Connection refused' }],
    [`Warning: x\n${REFUSED}\n${REFUSED.replace('2', '3')}`, { tried: true, reason: 'Connection refused' }],
    ['channel 1: open failed: connect failed: open failed', { tried: true, reason: 'open failed' }],
    [
      'channel 1: open failed: administratively prohibited: open failed',
      { tried: false, reason: 'administratively prohibited' },
    ],
    ['Warning: x', null],
  ])('%j', (text, expected) => {
    expect(unconnected(lines(text))).toEqual(expected);
  });

  it('has no reason if two connections failed for different ones', () => {
    expect(unconnected(lines(`${REFUSED}\nchannel 3: open failed: connect failed: open failed`))).toBe(null);
  });
});
