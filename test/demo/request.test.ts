import { describe, expect, it } from 'vitest';
import { appDocument } from '../../src/demo/document.ts';
import { varsOf } from '../../src/demo/request.ts';
import type { Request } from '../../src/demo/state.ts';
import { createTraffic } from '../../src/demo/traffic.ts';
import { escaped } from '../../src/demo/writer.ts';
import { decode } from '../../src/stats/decode.ts';

/** The requests of some minutes. */
function requests(): Request[] {
  const traffic = createTraffic({ workers: 64, cores: 4, rate: 2000 });
  const seen = new Set<Request>();
  for (let look = 0; look < 100; look++) {
    traffic.advance(1);
    for (const { cores } of traffic.state.workers)
      for (const { request } of cores) if (request) seen.add(request);
  }
  return [...seen];
}

const value = (vars: readonly string[], name: string) =>
  vars.find((each) => each.startsWith(`${name}=`))?.slice(name.length + 1);

describe('varsOf', () => {
  const all = requests().map(varsOf);
  const values = (name: string) => new Set(all.map((vars) => value(vars, name)));

  it('contains the variables of every request', () => {
    for (const vars of all) {
      for (const name of ['REQUEST_METHOD', 'REQUEST_URI', 'PATH_INFO', 'QUERY_STRING', 'REMOTE_ADDR'])
        expect(value(vars, name)).toBeDefined();
      expect(value(vars, 'SERVER_PROTOCOL')).toBe('HTTP/1.1');
      expect(value(vars, 'HTTP_HOST')).toBe('shop.example.com');
      expect(value(vars, 'HTTP_USER_AGENT')).not.toBe('');
      const cookie = value(vars, 'HTTP_COOKIE');
      const token = value(vars, 'HTTP_AUTHORIZATION');
      expect(cookie === undefined).not.toBe(token === undefined);
    }
    expect(values('REQUEST_METHOD')).toEqual(new Set(['GET', 'POST']));
    expect(values('HTTP_AUTHORIZATION').size).toBeGreaterThan(2);
  });

  it('returns the same for the same request', () => {
    const [request] = requests();
    if (!request) throw new Error('there is no request');
    expect(varsOf(request)).toEqual(varsOf(request));
  });

  it('puts the path before the URI if there is a query, and decodes only the path', () => {
    const order = (vars: string[]) => vars.slice(0, 4).map((each) => each.split('=')[0]);
    const search = all.find((vars) => value(vars, 'PATH_INFO') === '/search');
    const plain = all.find((vars) => value(vars, 'REQUEST_URI') === '/tags/caf%C3%A9');
    expect(search && order(search)).toEqual(['REQUEST_METHOD', 'PATH_INFO', 'REQUEST_URI', 'QUERY_STRING']);
    expect(plain && order(plain)).toEqual(['REQUEST_METHOD', 'REQUEST_URI', 'PATH_INFO', 'QUERY_STRING']);
    expect(plain && value(plain, 'PATH_INFO')).toBe('/tags/café');
  });

  it('contains wide characters raw and percent-encoded', () => {
    const queries = [...values('QUERY_STRING')].join('\n');
    expect(queries).toContain('q=日本語');
    expect(queries).toContain('q=%E6%97%A5%E6%9C%AC%E8%AA%9E');
  });

  it('survives a document unchanged, including quotes and backslashes', () => {
    const traffic = createTraffic({ workers: 64, cores: 4, rate: 2000 });
    traffic.advance(traffic.rush + 5);
    const snapshot = decode(Buffer.from(appDocument(traffic.state)));
    if (snapshot.kind !== 'app') throw new Error(snapshot.kind);
    const read = snapshot.workers.flatMap(({ cores }) => cores.filter(({ inRequest }) => inRequest));
    const running = traffic.state.workers.flatMap(({ cores }) =>
      cores.flatMap(({ request }) => request ?? []),
    );
    expect(read.map(({ vars }) => vars)).toEqual(running.map(varsOf));
    expect(
      read.some(({ vars }) => vars.some((each) => each.includes('"quoted"') && each.includes('\\'))),
    ).toBe(true);
  });
});

describe('escaped', () => {
  it('escapes the characters that uWSGI escapes and no others', () => {
    expect(escaped('a\tb\nc\rd"e\\f')).toBe('a\\tb\\nc\\rd\\"e\\\\f');
    expect(escaped('\x1b\x07\x00\x7f\u202e/日')).toBe('\x1b\x07\x00\x7f\u202e/日');
  });
});
