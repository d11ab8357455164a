import { describe, expect, it } from 'vitest';
import { mistakenFor } from '../../src/stats/mistaken.ts';
import { capture, NAMES } from './captures.ts';

const adviceFor = (text: string) => mistakenFor(Buffer.from(text))?.advice;

describe('a configuration of uWSGI', () => {
  const named = 'Use the address in the line stats = /run/app.stats: statstop /run/app.stats';

  it.each([
    ['INI', '# of the shop\n[uwsgi]\nmaster = true\nstats = /run/app.stats\n'],
    ['INI without blanks and with Windows line ends', '[uwsgi]\r\nstats=/run/app.stats\r\n'],
    ['YAML', 'uwsgi:\n  master: true\n  stats: "/run/app.stats"\n'],
    ['JSON', '{"uwsgi": {\n  "stats": "/run/app.stats",\n  "master": true\n}}'],
    ['JSON on one line', '{"uwsgi":{"master":true,"stats":"/run/app.stats"}}'],
    [
      'XML with a comment',
      '<?xml version="1.0"?>\n<!-- the shop -->\n<uwsgi><stats>/run/app.stats</stats></uwsgi>',
    ],
    ['XML', '<?xml version="1.0"?>\n<uwsgi>\n  <stats>/run/app.stats</stats>\n</uwsgi>'],
  ])('in %s causes advice with the line that names the target', (_format, text) => {
    expect(mistakenFor(Buffer.from(text))).toEqual({ what: 'this is a uWSGI configuration', advice: named });
  });

  it('with a placeholder in that line causes advice without a command', () => {
    for (const value of ['/run/%n.stats', '/run/%(name).stats', '$(STATS)'])
      expect(adviceFor(`[uwsgi]\nstats = ${value}\n`)).toBe(
        `Use the address in the line stats = ${value}, with its placeholders expanded.`,
      );
  });

  it('of an emperor or a router causes advice with its own option', () => {
    for (const option of ['emperor-stats', 'emperor-stats-server', 'http-stats-server', 'fastrouter-stats'])
      expect(adviceFor(`[uwsgi]\n${option} = :9191\n`)).toBe(
        `Use the address in the line ${option} = :9191: statstop :9191`,
      );
    expect(adviceFor('[uwsgi]\nemperor-stats = /run/e\nstats = /run/%n\n')).toBe(
      'Use the address in one of the lines emperor-stats = /run/e and stats = /run/%n: statstop /run/e',
    );
    expect(adviceFor('[uwsgi]\nemperor = /etc/vassals\nemperor-tyrant = 1\n')).toMatch(
      /^It has no `emperor-stats = \.\.\.` line\. Add one, such as emperor-stats = /,
    );
  });

  it('causes advice with a quoted command: a comment after the value belongs to the value for uWSGI', () => {
    expect(adviceFor("[uwsgi]\nstats = /run/a.stats ; the shop's\n")).toMatch(
      /: statstop '\/run\/a\.stats ; the shop'\\''s'$/,
    );
  });

  it('without such a line causes advice to add one', () => {
    for (const text of [
      '[uwsgi]\nmaster = true\n',
      '[uwsgi]\nstats =\n',
      '[uwsgi]\n# stats = x\nstats-http = 1\n',
    ])
      expect(adviceFor(text)).toMatch(/^It has no `stats = \.\.\.` line\. Add one/);
  });
});

it('a pid file is recognized by its pid', () => {
  expect(mistakenFor(Buffer.from('4711\n'))?.what).toBe('this is a file with the process id 4711');
});

it('a log is recognized, and the advice contains its address', () => {
  const begin = '*** Starting uWSGI 2.0.21-debian (64bit) on [Sat Nov 28 15:56:49 2026] ***\n';
  expect(mistakenFor(Buffer.from(`${begin}*** Stats server enabled on /run/a.stats fd: 9 ***\n`))).toEqual({
    what: 'this is the log of a uWSGI server',
    advice:
      'Use the stats socket of that server. According to the log, its stats server was at /run/a.stats.',
  });
  expect(adviceFor('[pid: 9|app: 0|req: 1/1] 127.0.0.1 () {30 vars in 400 bytes}')).toMatch(
    /^Use the stats socket of that server\.$/,
  );
});

it("statstop's own JSON is recognized", () => {
  expect(adviceFor('{\n  "schema": "statstop.sample/1",\n')).toMatch(/^statstop TARGET --raw prints/);
});

it('other texts are not taken for one of these', () => {
  for (const name of NAMES) expect([name, mistakenFor(capture(name, 2))]).toEqual([name, null]);
  for (const text of ['', 'uwsgi.ini\n', '{"status":"ok"}', '<!DOCTYPE html>', '12 13', 'x'.repeat(100_000)])
    expect(mistakenFor(Buffer.from(text))).toBeNull();
});
