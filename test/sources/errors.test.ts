import { expect, it } from 'vitest';
import { SshFailedError } from '../../src/sources/remote-errors.ts';

it('a message of another program that ends with a full stop gets no second one', () => {
  const login = { user: 'ann', host: 'web1', port: null };
  for (const message of [
    'ann@web1: Permission denied (publickey).',
    'ann@web1: Permission denied (publickey)',
  ]) {
    const error = new SshFailedError('ssh://web1/x', login, message);
    expect(error.cause).toBe('ssh failed: ann@web1: Permission denied (publickey)');
    expect(error.message).toMatch(
      /^ssh:\/\/web1\/x: ssh failed: ann@web1: Permission denied \(publickey\)\. This command must work/,
    );
  }
});
