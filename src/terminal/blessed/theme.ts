import type { Line, Role } from '../../views/frame.ts';

/** Attributes as blessed packs them: flags, foreground, background. 0x1ff is the terminal's default colour. */
export type Attribute = number;

const BOLD = 1;
const UNDERLINE = 2;
const INVERSE = 8;
const DEFAULT = 0x1ff;

/** `mono` uses attributes without colours, like NO_COLOR. */
export const THEMES = ['dark', 'light', 'mono'] as const;
export type Theme = (typeof THEMES)[number];

interface Style {
  /** Colour for 8 or 16 colours, and for 256 colours. */
  color?: readonly [of16: number, of256: number];
  flags?: number;
}

type Styles = Readonly<Record<Role | 'stale' | 'heading', Style>>;

/** Styles for a dark background. The text also shows every difference that matters. */
const DARK: Styles = {
  plain: {},
  dim: { color: [8, 245] },
  // With 16 colours, the grey of some palettes is invisible. Values are bold, so labels need no colour.
  label: { color: [DEFAULT, 245] },
  title: { flags: BOLD },
  curve: { color: [6, 67] },
  tab: { flags: BOLD | INVERSE },
  busy: { color: [2, 77] },
  idle: {},
  cheap: { color: [5, 139] },
  pause: { color: [4, 75] },
  signal: { color: [3, 179] },
  good: { color: [2, 77] },
  warning: { color: [3, 220], flags: BOLD },
  critical: { color: [1, 203], flags: BOLD },
  key: { flags: BOLD },
  match: { flags: INVERSE },
  // On the inverted heading, the colour becomes the background.
  heading: { color: [6, 67] },
  headingKey: { color: [6, 67], flags: UNDERLINE | BOLD },
  headingSort: { flags: BOLD },
  headingSortKey: { flags: UNDERLINE | BOLD },
  stale: { color: [8, 243] },
};

/** Styles for a light background: no bright colours and no yellow. */
const LIGHT: Styles = {
  ...DARK,
  dim: { color: [8, 242] },
  label: { color: [DEFAULT, 242] },
  curve: { color: [4, 31] },
  heading: { color: [4, 25] },
  headingKey: { color: [4, 25], flags: UNDERLINE | BOLD },
  busy: { color: [2, 28] },
  cheap: { color: [5, 96] },
  pause: { color: [4, 25] },
  signal: { color: [5, 94] },
  good: { color: [2, 28] },
  warning: { color: [5, 130], flags: BOLD },
  critical: { color: [1, 124], flags: BOLD },
  stale: { color: [8, 246] },
};

const STYLES: Readonly<Record<Theme, Styles>> = { dark: DARK, light: LIGHT, mono: DARK };

/** Replaces the grey that 8 colours do not include. */
const GREY_OF_8 = 6;

/**
 * Returns a function that maps the role of a span and its line to an attribute.
 *
 * @param colors number of colours of the terminal
 */
export function attributeOf(
  colors: number,
  theme: Theme = 'dark',
): (role: Role, line: Pick<Line, 'emphasis' | 'stale'>) => Attribute {
  const styles = STYLES[theme];
  const colorOf = (style: Style): number => {
    const color = style.color?.[colors > 16 ? 1 : 0] ?? DEFAULT;
    if (theme === 'mono' || color === DEFAULT || colors === 0) return DEFAULT;
    return color < colors ? color : style === styles.stale ? GREY_OF_8 : DEFAULT;
  };
  return (role, { emphasis, stale }) => {
    const isHeading = emphasis === 'heading';
    const style = isHeading
      ? styles[role === 'plain' ? 'heading' : role]
      : stale
        ? styles.stale
        : styles[role];
    const inverse = isHeading || emphasis === 'selected' || (emphasis === 'bar' && role !== 'key');
    // On other inverted lines, a foreground colour would become the background. Only attributes are used there.
    const color = inverse && !isHeading ? DEFAULT : colorOf(style);
    return (((style.flags ?? 0) | (inverse ? INVERSE : 0)) << 18) | (color << 9) | DEFAULT;
  };
}

/** The foreground colour of an attribute. `null` is the terminal's default colour. */
export function colorOf(attribute: Attribute): number | null {
  const color = (attribute >> 9) & DEFAULT;
  return color === DEFAULT ? null : color;
}
