import { expect, it } from 'vitest';
import { reasonOf } from '../../src/text/reason.ts';

it('the reason of an error of the system is in plain words, and that of others is their message', () => {
  const denied = Object.assign(new Error("EACCES: permission denied, open '/x'"), { code: 'EACCES' });
  const socket = Object.assign(new Error('ENXIO: no such device or address'), { code: 'ENXIO' });
  const other = Object.assign(new Error('EFOO: a new error'), { code: 'EFOO' });
  expect([denied, socket, other, new Error('no TOML'), 'text'].map(reasonOf)).toEqual([
    'no permission',
    'it is a socket, not a file',
    'EFOO: a new error',
    'no TOML',
    'text',
  ]);
});
