import { expect, it } from 'vitest';
import { targetsOf } from '../../src/commands/targets.ts';

const selected = async (...texts: string[]) => (await targetsOf(texts)).map(({ server }) => server.target);

it('servers are the same if address and path of the request are', async () => {
  const http = 'http://127.0.0.1:1717';
  expect(await selected(http, `${http}/`, '127.0.0.1:1717', 'tcp://127.0.0.1:1717')).toEqual([http]);
  expect(await selected(`${http}/a`, `${http}/b`, `${http}/a`)).toEqual([`${http}/a`, `${http}/b`]);
});

it('servers that differ only in a secret are several', async () => {
  const http = 'http://127.0.0.1:1717/';
  expect(await selected(`${http}?k=one`, `${http}?k=two`, `${http}?k=one`)).toEqual([
    `${http}?***`,
    `${http}?*** (2)`,
  ]);
  const exec = await selected('exec:cat --token=one', 'exec:cat --token=two', 'exec:cat --token=one');
  expect(exec).toEqual(['exec:cat --token=***', 'exec:cat --token=*** (2)']);
});
