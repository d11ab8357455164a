import type { Line, Role } from '../views/frame.ts';

/** Attributes as blessed packs them: flags, foreground, background; 0x1ff is the terminal's own colour. */
export type Attribute = number;

const BOLD = 1;
const UNDERLINE = 2;
const INVERSE = 8;
const DEFAULT = 0x1ff;

interface Style {
  /** Colour of 8, 16 or 256. */
  color?: number;
  flags?: number;
}

/** What each role looks like with colours. Every difference that matters is in the text too. */
const STYLES: Readonly<Record<Role, Style>> = {
  plain: {},
  dim: { color: 8 },
  label: { color: 6 },
  title: { flags: BOLD },
  tab: { flags: BOLD | INVERSE },
  busy: { color: 2 },
  idle: {},
  cheap: { color: 5 },
  pause: { color: 4 },
  signal: { color: 3 },
  good: { color: 2 },
  warning: { color: 3, flags: BOLD },
  critical: { color: 1, flags: BOLD },
  key: { flags: BOLD },
  headingKey: { flags: UNDERLINE | BOLD },
};

/** Grey, where there is one. */
const STALE: Style = { color: 8 };
const STALE_OF_8: Style = { color: 6 };

/** Role of a span on its line → attribute, for a terminal of so many colours. */
export function attributeOf(
  colors: number,
): (role: Role, line: Pick<Line, 'emphasis' | 'stale'>) => Attribute {
  return (role, { emphasis, stale }) => {
    const style = stale && emphasis !== 'heading' ? (colors > 8 ? STALE : STALE_OF_8) : STYLES[role];
    const inverse =
      emphasis === 'heading' || emphasis === 'selected' || (emphasis === 'bar' && role !== 'key');
    // On an inverted line a colour would become a background: only attributes stay.
    const color = inverse || style.color === undefined || style.color >= colors ? DEFAULT : style.color;
    return (((style.flags ?? 0) | (inverse ? INVERSE : 0)) << 18) | (color << 9) | DEFAULT;
  };
}
