import type { Theme } from './theme.ts';

/**
 * The properties of a terminal. blessed 0.1.81 compiles the machine's terminfo entries itself, with errors. For some
 * entries (alacritty, xterm-kitty, iTerm2's `Setulc`) it prints errors to the screen. It misreads the 32-bit format of
 * ncurses 6.1. blessed includes entries for xterm and the Linux console, and statstop uses only these. All common
 * interactive terminals understand the sequences of xterm.
 */
export interface TerminalType {
  /** An entry that blessed includes. */
  entry: 'xterm' | 'xterm-256color' | 'linux';
  colors: 0 | 8 | 256;
  /** The theme for the terminal's background; dark by default. */
  theme?: Theme;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Selects by TERM: the first matching pattern applies. An unknown terminal counts as an xterm. */
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

/** Determines the terminal type from TERM, COLORTERM and NO_COLOR (no-color.org). */
export function terminalType(env: Environment): TerminalType {
  const term = (env.TERM ?? 'xterm').toLowerCase();
  const [, entry, colors] = TYPES.find(([pattern]) => pattern.test(term)) ?? [null, 'xterm', 8];
  const many = colors !== 0 && /truecolor|24bit/.test(env.COLORTERM ?? '');
  return {
    entry: many ? 'xterm-256color' : entry,
    colors: env.NO_COLOR ? 0 : many ? 256 : colors,
  };
}

/** Whether the locale uses UTF-8. As in POSIX, the first of these variables that is set and not empty applies. */
export function isUtf8(env: Environment): boolean {
  return /utf-?8/i.test(env.LC_ALL || env.LC_CTYPE || env.LANG || '');
}

/** Whether the terminal cannot move its cursor. */
export function isDumb(env: Environment): boolean {
  return env.TERM === 'dumb' || env.TERM === '';
}
