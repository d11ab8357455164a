import { describe, expect, it } from 'vitest';
import { statstop } from '../commands/run.ts';
import { skipWithout } from '../lab/available.ts';
import { HOLDS_REQUESTS, holdRequest } from '../lab/held.ts';
import { serverOf } from '../lab/server.ts';
import { liveScreen } from '../terminal/live-screen.ts';
import { skipWithoutTmux, Tmux } from '../terminal/tmux.ts';
import { type Witness, witness } from '../terminal/witness.ts';

const SERVER = { processes: 2, threads: 2, args: HOLDS_REQUESTS };

/** At most this many requests per second. */
const MOST_RPS = 10;

/** Opens the tree of the cores, returns its rows, and closes it. */
async function coresOf({ tmux }: Witness): Promise<string[]> {
  tmux.type('aa');
  const lines = await tmux.untilText(/^ +:\d/m);
  tmux.type('a');
  await tmux.until((screen) => !/^ +:\d/m.test(screen), 'the workers alone');
  return lines;
}

/** The outputs of the commands that read once and end. */
async function outputs(target: string, ...more: string[]) {
  const [once, tree, json] = await Promise.all(
    [['--once'], ['--once', '--cores', 'tree'], ['--json']].map((mode) =>
      statstop([target, '--interval', '0.2', ...mode, ...more]),
    ),
  );
  for (const ended of [once, tree, json]) expect([ended?.status, ended?.stderr]).toEqual([0, '']);
  return [once, tree, json].map((ended) => ended?.stdout ?? Buffer.alloc(0)) as [Buffer, Buffer, Buffer];
}

/**
 * Control characters except the line feed, bidirectional controls, zero-width characters, and the replacement
 * character.
 */
const OBEYED = /[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufffd]/;

describe.skipIf(skipWithoutTmux() || skipWithout())('a request in flight of a real server', () => {
  it('cannot send escape sequences to the terminal', async () => {
    const server = await serverOf(SERVER);
    // The mask would hide the variable otherwise.
    const view = await witness(`${server.target} --show-secrets`, MOST_RPS);
    const { tmux } = view;
    const hostile = [
      Buffer.from('/?\x1b]0;owned\x07\x1b]2;owned\x1b\\\x1b[2J\x1b[H\x1b[?1049l\x0e'),
      // CSI as one byte, which is not UTF-8, and as UTF-8.
      Buffer.from([0x9b, 0x33, 0x31, 0x6d, 0xc2, 0x9b, 0x32, 0x4a]),
      Buffer.from('\u202e\u2066\u200b'),
      Buffer.from([0xff, 0xfe, 0xc0, 0xaf]),
    ];
    holdRequest(server.http, Buffer.concat(hostile), ['X-Title: \x1b]0;owned\x07']);

    tmux.press('2');
    await tmux.untilText(/ POST +\/\?\\x1b]0;owned\\x07\\x1b]2;owne/);
    tmux.press('1');
    await tmux.untilText('WID');
    const cores = await coresOf(view);
    expect(liveScreen(cores).rows).toHaveLength(3);
    expect(cores.join('\n')).toMatch(/^ +:\d .*busy +(<1|\d+)s +POST \/\?\\x1b]0/m);
    const wide = new Tmux(200, 24);
    wide.enter(`statstop ${server.target} --show-secrets`);
    await wide.untilText(
      '\\x1b[2J\\x1b[H\\x1b[?1049l\\x0e\\x9b31m\\x9b2J\\u{202e}\\u{2066}\\u{200b}\\xff\\xfe\\xc0\\xaf',
    );

    const [once, tree, json] = await outputs(server.target, '--show-secrets');
    for (const output of [once, tree, json]) {
      expect(output.toString()).not.toMatch(OBEYED);
      expect(Buffer.from(output.toString())).toEqual(output);
    }
    // A line for the finding about the long request can follow.
    const lines = once.toString().trimEnd().split('\n');
    expect(lines.filter((line) => !/request running for/.test(line))).toHaveLength(4);
    expect(tree.toString()).toMatch(/^ +:\d .*busy/m);
    const [request] = JSON.parse(json.toString()).inFlight;
    expect(request.uri).toBe(
      '/?\x1b]0;owned\x07\x1b]2;owned\x1b\\\x1b[2J\x1b[H\x1b[?1049l\x0e\udc9b31m\x9b2J\u202e\u2066\u200b\udcff\udcfe\udcc0\udcaf',
    );

    expect(tmux.state()).toMatchObject({ alternate_on: true, cursor_flag: false });
    await view.leave();
    const title = "tmux display-message -p '#{pane_title}'";
    expect(await tmux.output(title)).not.toContain('owned');
    // Verify that the check would notice the sequence.
    expect(await tmux.output(`printf '\\033]0;owned\\007'; ${title}`)).toContain('owned');
  });

  it('keeps its secrets unless --show-secrets is given', async () => {
    const server = await serverOf(SERVER);
    const view = await witness(server.target, MOST_RPS);
    const secrets = ['c00kie-value', 'b3arer-value', 't0ken-value', 'c2lnbmF0dXJl'];
    const [cookie, bearer, token, signature] = secrets;
    const target = `/account/eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.${signature}?page=2&token=${token}&order=7`;
    holdRequest(server.http, Buffer.from(target), [
      `Cookie: theme=dark; sid=${cookie}`,
      `Authorization: Bearer ${bearer}`,
      'X-Plain: seen',
    ]);
    view.tmux.press('2');
    await view.tmux.untilText(/ POST +\/account\/\*\*\*\?page=2&token=\*\*\*/);
    view.tmux.press('1');
    await view.tmux.untilText('WID');
    await coresOf(view);
    for (const [key, text] of [
      ['2', 'METHOD'],
      ['Enter', /^Requests \d+:\d+$/m],
      ['End', 'HTTP_COOKIE'],
      ['3', 'W:C'],
      ['0', 'requests per second'],
      ['1', 'WID'],
    ] as const) {
      view.tmux.press(key);
      await view.tmux.untilText(text);
    }
    const [once, tree, json] = await outputs(server.target);
    const shown = [...view.screens, once.toString(), tree.toString(), json.toString()];
    for (const secret of secrets) expect(shown.filter((text) => text.includes(secret))).toEqual([]);
    expect(json.toString()).toContain('"uri": "/account/***?page=2&token=***&order=7"');
    expect(json.toString()).not.toContain('"value": "seen"');
    const [, , plain] = await outputs(server.target, '--show', 'x-plain');
    expect(plain.toString()).toContain('"value": "seen"');

    const [, , all] = await outputs(server.target, '--show-secrets');
    for (const secret of secrets) expect(all.toString()).toContain(secret);
    await view.leave();
  });
});
