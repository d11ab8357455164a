import { describe, expect, it } from 'vitest';
import { settingsOf } from '../../src/host/arguments.ts';
import { type Evidence, isNamed, type Listening, statsSockets } from '../../src/host/stats-socket.ts';

const unix = (path: string): Listening => ({ inode: path, address: { family: 'unix', path } });
const abstract = (path: string): Listening => ({ inode: path, address: { family: 'abstract', path } });
const tcp = (host: string, port: number): Listening => ({
  inode: String(port),
  address: { family: 'tcp', host, port },
});

/** What is decided about a process that waits for these sockets. */
function decide(paths: readonly string[], line: string, changes: Partial<Evidence> = {}) {
  const stats = statsSockets({
    bound: paths.map(unix),
    settings: settingsOf(line.split(' ')),
    isComplete: false,
    hasForks: false,
    hasVassals: false,
    isRouter: false,
    ...changes,
  });
  return stats === 'unclear' ? stats : stats.map(({ listening, role }) => [listening.inode, role]);
}

describe('the stats socket', () => {
  it('of a master is its only one', () => {
    expect(decide(['/s'], '', { hasForks: true })).toEqual([['/s', 'app']]);
  });

  it('of a master is not the one of its zerg server', () => {
    const line = '--zerg-server /z --stats /s';
    expect(decide(['/z', '/s'], line, { hasForks: true })).toEqual([['/s', 'app']]);
    expect(decide(['/z'], '--zerg-server /z', { hasForks: true })).toEqual([]);
  });

  it('of a master with another unknown socket is unclear', () => {
    expect(decide(['/z', '/s'], '', { hasForks: true })).toBe('unclear');
  });

  it('of an emperor is the one that an option names, because the others can be those of sleeping vassals', () => {
    const line = '--emperor v --emperor-stats /e';
    expect(decide(['/e', '/shop.sock', '/blog.sock'], line)).toEqual([['/e', 'emperor']]);
    expect(decide(['/shop.sock'], '--emperor v')).toBe('unclear');
    expect(decide(['/shop.sock'], '--emperor v', { hasForks: true })).toBe('unclear');
    expect(decide(['/shop.sock'], '', { hasForks: true, hasVassals: true })).toBe('unclear');
    expect(decide(['/shop.sock', '/blog.sock'], '--emperor v', { isComplete: true })).toEqual([]);
  });

  it('of a process without forks needs an option', () => {
    expect(decide(['/s'], '')).toBe('unclear');
    expect(decide(['/s'], '--stats /s')).toEqual([['/s', 'app']]);
    expect(decide([], '--stats /s')).toEqual([]);
  });

  it('of a router is named by an option, or is the only one of a process that uWSGI has named so', () => {
    expect(decide(['/r'], '--http-stats-server /r')).toEqual([['/r', 'router']]);
    expect(decide(['/r'], '', { isRouter: true })).toEqual([['/r', 'router']]);
  });
});

describe('the value of an option names a socket', () => {
  it.each([
    [unix('/run/a.stats'), '/run/a.stats', true],
    [unix('/run/a.stats'), '/run/%n.stats', true],
    [unix('/run/a.stats'), '/run/$(APP).stats', true],
    [unix('/run/a.stats'), '%d%n.stats', true],
    [unix('/run/a.sock'), '/run/%n.stats', false],
    [unix('a'), '', false],
    [unix('/aa'), '/aa%naa', false],
    [abstract('@shop@'), '@shop', true],
    [abstract('@shop'), '@shop', true],
    [abstract('@shop@'), '@blog', false],
    [tcp('127.0.0.1', 1717), '127.0.0.1:1717', true],
    [tcp('0.0.0.0', 1717), ':1717', true],
    [tcp('0.0.0.0', 1717), ':$(PORT)', true],
    [tcp('::1', 1717), '[::1]:1717', true],
    [tcp('0.0.0.0', 1717), ':171', false],
    [tcp('0.0.0.0', 1717), '1717', false],
  ])('%j %s: %s', (listening, value, expected) => {
    expect(isNamed(listening, value)).toBe(expected);
  });
});
