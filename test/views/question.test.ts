import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { width } from '../../src/text/clean.ts';
import type { Action } from '../../src/views/actions.ts';
import { actionOfKey } from '../../src/views/keys.ts';
import { screen } from '../../src/views/screen.ts';
import { update } from '../../src/views/update.ts';
import { makeScene, secondSample, textOf } from './samples.ts';
import { SIZE } from './updating.ts';

const QUESTION = 'write settings to ~/.config/statstop/config.toml?';
const PLAIN = makeScene(secondSample('threads'));
const ASKED = makeScene(secondSample('threads'), { view: { question: QUESTION } });

describe('a question', () => {
  it('is in the last line, with its answers visible at any width', () => {
    const last = (columns: number) =>
      textOf(screen(ASKED, { columns, rows: 24 }).lines.at(-1) ?? { spans: [] });
    expect(last(80)).toContain(`${QUESTION} y/n`);
    for (const columns of [20, 30, 44, 45, 46]) {
      expect(last(columns)).toContain(' y/n');
      expect(width(last(columns))).toBeLessThanOrEqual(columns);
    }
  });

  it('takes y as yes and every other key as no, and Ctrl-C still quits', () => {
    expect(actionOfKey(ASKED, 'y')).toEqual({ kind: 'yes' });
    expect(actionOfKey(ASKED, 'C-c')).toEqual({ kind: 'quit' });
    const others = fc.oneof(
      fc.constantFrom('escape', 'enter', 'q', 'S', 'Y', 'space', 'tab', 'C-z'),
      fc.string(),
    );
    fc.assert(
      fc.property(others, (key) => {
        fc.pre(key !== 'y');
        expect(actionOfKey(ASKED, key)).toEqual({ kind: 'no' });
      }),
    );
  });

  it('is closed by any action, which has no other effect', () => {
    const actions: Action[] = [
      { kind: 'yes' },
      { kind: 'no' },
      { kind: 'help' },
      { kind: 'scroll', rows: 3 },
      { kind: 'select', id: '1' },
    ];
    for (const action of actions) expect(update(ASKED, action, SIZE)).toEqual(PLAIN);
  });
});
