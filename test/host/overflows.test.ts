import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { listenOverflows } from '../../src/host/resources.ts';

/** Reads a process with this content of `net/netstat`. */
function overflowsIn(netstat: string | null): number | null {
  const folder = mkdtempSync(join(tmpdir(), 'proc-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  mkdirSync(join(folder, 'net'));
  if (netstat !== null) writeFileSync(join(folder, 'net', 'netstat'), netstat);
  return listenOverflows(folder);
}

it('the overflows are read from the column with their name', () => {
  expect(overflowsIn('TcpExt: SyncookiesSent ListenOverflows ListenDrops\nTcpExt: 1 42 43\n')).toBe(42);
  expect(overflowsIn('IpExt: ListenOverflows\nIpExt: 7\nTcpExt: ListenOverflows\nTcpExt: 0\n')).toBe(0);
});

it.each([
  null,
  '',
  'TcpExt: ListenDrops\nTcpExt: 43\n',
  'TcpExt: ListenOverflows\n',
  'TcpExt: ListenOverflows\nTcpExt: many\n',
])('the overflows are unknown for %j', (netstat) => {
  expect(overflowsIn(netstat)).toBeNull();
});

it.runIf(process.platform === 'linux')('the overflows of this process are known', () => {
  expect(listenOverflows('/proc/self')).toEqual(expect.any(Number));
});
