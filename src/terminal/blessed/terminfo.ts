import type { Theme } from './theme.ts';

/**
 * What is asked of a terminal. blessed 0.1.81 compiles the machine's terminfo entries by itself: it prints its errors
 * to the screen on some (alacritty, xterm-kitty, iTerm2's `Setulc`) and misreads the 32-bit format that ncurses 6.1
 * writes. It brings entries of its own, of xterm and of the Linux console; every terminal that a person sits at
 * understands the first one's sequences, and only these are used.
 */
export interface TerminalType {
  /** Entry that blessed brings. */
  entry: 'xterm' | 'xterm-256color' | 'linux';
  colors: 0 | 8 | 256;
  /** For which background; dark unless it says so. */
  theme?: Theme;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** By the beginning of TERM, the first that fits; what fits none is taken for an xterm. */
const TYPES: readonly (readonly [pattern: RegExp, entry: TerminalType['entry'], colors: 0 | 8 | 256])[] = [
  [/^linux/, 'linux', 8],
  [/^vt|^ansi-m|-m(ono)?$/, 'xterm', 0],
  [
    /256color|direct|^(screen|tmux|alacritty|xterm-kitty|foot|wezterm|ghostty|contour|iterm|st-|konsole|rio)/,
    'xterm-256color',
    256,
  ],
  [/./, 'xterm', 8],
];

/** What TERM, COLORTERM and NO_COLOR (no-color.org) say. */
export function terminalType(env: Environment): TerminalType {
  const term = (env.TERM ?? 'xterm').toLowerCase();
  const [, entry, colors] = TYPES.find(([pattern]) => pattern.test(term)) ?? [null, 'xterm', 8];
  const many = colors !== 0 && /truecolor|24bit/.test(env.COLORTERM ?? '');
  return {
    entry: many ? 'xterm-256color' : entry,
    colors: env.NO_COLOR ? 0 : many ? 256 : colors,
  };
}

/** POSIX: the first of these that is set and not empty decides. */
export function isUtf8(env: Environment): boolean {
  return /utf-?8/i.test(env.LC_ALL || env.LC_CTYPE || env.LANG || '');
}

/** A terminal that cannot move its cursor. */
export function isDumb(env: Environment): boolean {
  return env.TERM === 'dumb' || env.TERM === '';
}
