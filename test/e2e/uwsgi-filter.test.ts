import { describe, expect, it } from 'vitest';
import { skipWithout } from '../lab/available.ts';
import { HOLDS_REQUESTS, holdRequest } from '../lab/held.ts';
import { Seen } from '../lab/seen.ts';
import { serverOf } from '../lab/server.ts';
import { AT_REST, skipWithoutTmux } from '../terminal/tmux.ts';

/** JavaScript's own engine needs exponential time for it: it tries each way to divide the letters. */
const PATTERN = '(a+)+$';
const HOSTILE = `/${'a'.repeat(40)}!`;

describe.skipIf(skipWithoutTmux() || skipWithout())('a filter on text from clients of a real server', () => {
  it('with a pattern that takes exponential time in a backtracking engine does not block the view', async () => {
    const server = await serverOf({ processes: 2, args: [...HOLDS_REQUESTS] });
    holdRequest(server.http, Buffer.from(HOSTILE));
    holdRequest(server.http, Buffer.from(HOSTILE.replace('!', '')));
    const seen = await Seen.start(server.target);
    await seen.show('2', 'AGE');
    await seen.until((rows) => expect(rows).toHaveLength(2));
    await seen.filter(`uri~${PATTERN}`);
    await seen.until((rows) => expect(rows).toHaveLength(1));
    seen.tmux.type('q');
    await seen.tmux.until((screen) => !screen.includes('q Quit'), 'the shell');
    expect(seen.tmux.state()).toEqual(AT_REST);
  });
});
