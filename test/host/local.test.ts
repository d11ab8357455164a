import { networkInterfaces } from 'node:os';
import { describe, expect, it } from 'vitest';
import { isLocal } from '../../src/host/local.ts';
import { parseTarget } from '../../src/targets/parse.ts';

const OWN = Object.values(networkInterfaces())
  .flatMap((each) => each ?? [])
  .filter(({ family, internal }) => family === 'IPv4' && !internal)
  .map(({ address }) => `${address}:9191`);

describe('a target is on this host', () => {
  it.each(['/run/app.stats', '@app', '127.0.0.1:9191', '127.9.9.9:9191', '[::1]:9191', ':9191', ...OWN])(
    '%s',
    async (text) => {
      expect(await isLocal(parseTarget(text))).toBe(true);
    },
  );
});

describe('a target is not known to be on this host', () => {
  // RFC 5737, RFC 6761.
  it.each(['-', '192.0.2.1:9191', 'name.invalid:9191', 'ssh://localhost/run/app.stats', 'exec:cat x'])(
    '%s',
    async (text) => {
      expect(await isLocal(parseTarget(text))).toBe(false);
    },
  );
});
