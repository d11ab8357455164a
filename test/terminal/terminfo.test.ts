import { afterEach, describe, expect, it, vi } from 'vitest';
import { isDumb, isUtf8, terminalType } from '../../src/terminal/blessed/terminfo.ts';
import { attributeOf } from '../../src/terminal/blessed/theme.ts';
import { screen } from '../../src/views/screen.ts';
import { makeScene, plain, secondSample } from '../views/samples.ts';
import { canvas } from './painting.ts';

/** TERM → number of colours used. */
const TERMS = [
  ['xterm', 8],
  ['xterm-256color', 256],
  ['screen-256color', 256],
  ['tmux-256color', 256],
  ['alacritty', 256],
  ['xterm-kitty', 256],
  ['foot', 256],
  ['linux', 8],
  ['vt100', 0],
  ['no-such-terminal', 8],
  ['screen', 256],
  ['XTERM-256COLOR', 256],
] as const;

describe.each(TERMS)('a terminal of type %s', (TERM, colors) => {
  afterEach(() => {
    vi.restoreAllMocks();
    vi.unstubAllEnvs();
  });

  it('opens without any other output and shows the screen', async () => {
    vi.stubEnv('TERM', TERM);
    const words: unknown[] = [];
    const note = (word: unknown) => words.push(word) > 0;
    for (const stream of [process.stdout, process.stderr]) vi.spyOn(stream, 'write').mockImplementation(note);
    for (const method of ['log', 'error', 'warn', 'trace'] as const)
      vi.spyOn(console, method).mockImplementation(note);
    const type = terminalType({ TERM, LANG: 'C.UTF-8' });
    expect(type.colors).toBe(colors);
    const { emulator, terminal, close } = canvas({ columns: 80, rows: 24 }, type);
    const frame = screen(makeScene(secondSample('threads')), { columns: 80, rows: 24 });
    terminal.draw(frame);
    await emulator.settled();
    expect(
      `${emulator
        .lines()
        .map((line) => line.trimEnd())
        .join('\n')}\n`,
    ).toBe(plain(frame));
    close();
    expect(words).toEqual([]);
  });
});

describe('the environment', () => {
  it('determines the number of colours', () => {
    expect(terminalType({ TERM: 'xterm', COLORTERM: 'truecolor' }).colors).toBe(256);
    expect(terminalType({ TERM: 'vt100', COLORTERM: 'truecolor' }).colors).toBe(0);
    expect(terminalType({ TERM: 'xterm', NO_COLOR: '1' }).colors).toBe(0);
    // no-color.org: an empty value does not count.
    expect(terminalType({ TERM: 'xterm', NO_COLOR: '' }).colors).toBe(8);
    expect(terminalType({}).colors).toBe(8);
  });

  it('determines whether characters beyond ASCII are allowed', () => {
    expect(isUtf8({ LANG: 'de_DE.UTF-8' })).toBe(true);
    expect(isUtf8({ LANG: 'de_DE.utf8' })).toBe(true);
    expect(isUtf8({ LC_ALL: 'C', LANG: 'de_DE.UTF-8' })).toBe(false);
    expect(isUtf8({ LC_ALL: '', LC_CTYPE: 'C.UTF-8', LANG: 'C' })).toBe(true);
    expect(isUtf8({})).toBe(false);
  });

  it('determines whether the terminal cannot move its cursor', () => {
    expect(isDumb({ TERM: 'dumb' })).toBe(true);
    expect(isDumb({ TERM: '' })).toBe(true);
    expect(isDumb({ TERM: 'xterm' })).toBe(false);
    expect(isDumb({})).toBe(false);
  });
});

describe('the theme', () => {
  const ROLES = ['warning', 'critical', 'busy', 'title', 'key', 'headingKey', 'plain'] as const;
  const colorOf = (attribute: number) => (attribute >> 9) & 0x1ff;
  const DEFAULT = 0x1ff;

  it('uses only colours that the terminal has, and never a background colour', () => {
    for (const colors of [0, 8, 256]) {
      const attribute = attributeOf(colors);
      for (const role of ROLES) {
        for (const stale of [false, true]) {
          const packed = attribute(role, { stale });
          if (colorOf(packed) !== DEFAULT) expect(colorOf(packed)).toBeLessThan(colors);
          expect(packed & 0x1ff).toBe(DEFAULT);
        }
      }
    }
  });

  it('distinguishes a selected line, with colours and without', () => {
    for (const colors of [0, 8, 256]) {
      const attribute = attributeOf(colors);
      for (const role of ROLES) {
        expect(attribute(role, { emphasis: 'selected' })).not.toBe(attribute(role, {}));
        expect(colorOf(attribute(role, { emphasis: 'selected' }))).toBe(DEFAULT);
      }
    }
  });

  // Stale data that look current are the worst error of a monitor.
  it.each([8, 256])('distinguishes stale data with %d colours', (colors) => {
    const attribute = attributeOf(colors);
    for (const role of ROLES) expect(attribute(role, { stale: true })).not.toBe(attribute(role, {}));
  });
});
