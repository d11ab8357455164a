import { expect, it } from 'vitest';
import { parseIdentity } from '../../src/host/identity.ts';

const stat = (comm: string, image = '94198558302208 94198558719209 140729074895840') =>
  `24890 (${comm}) S 1 24880 21128 0 -1 4194560 1590 0 7 0 3 6 0 0 20 0 1 0 3572426 60993536 3892 18446744073709551615 ${image} 0 0`;

it('has parent, name, start and image of a process', () => {
  expect(parseIdentity(stat('uwsgi'))).toEqual({
    pid: 24890,
    parent: 1,
    comm: 'uwsgi',
    startedAfterBoot: 35724.26,
    image: '94198558302208 94198558719209 140729074895840',
  });
});

it('reads names with spaces, parentheses and newlines', () => {
  for (const comm of ['a) R 7 (b', '((', '))', ') S 3 3 3 3 3', 'u\nw'])
    expect(parseIdentity(stat(comm))).toMatchObject({ comm, parent: 1 });
});

it('has no image without permission: the kernel writes 1 1 0', () => {
  expect(parseIdentity(stat('uwsgi', '1 1 0'))?.image).toBeNull();
});

it('is null for a text that is cut off or no stat', () => {
  const whole = stat('uwsgi');
  for (const text of ['', ')', '1 (a) S', 'x (a) S 1 2', whole.slice(0, whole.indexOf(' 3572426'))])
    expect(parseIdentity(text)).toBeNull();
});
