import { describe, expect, it } from 'vitest';
import { attributeOf, colorOf, THEMES } from '../../src/terminal/blessed/theme.ts';
import type { Role } from '../../src/views/frame.ts';

const ROLES: Readonly<Record<Role, true>> = {
  plain: true,
  dim: true,
  label: true,
  title: true,
  curve: true,
  tab: true,
  busy: true,
  idle: true,
  cheap: true,
  pause: true,
  signal: true,
  good: true,
  warning: true,
  critical: true,
  key: true,
  match: true,
  headingKey: true,
  headingSort: true,
  headingSortKey: true,
};
const ALL = Object.keys(ROLES) as Role[];
const EMPHASES = [undefined, 'heading', 'selected', 'bar'] as const;
const LINES = EMPHASES.flatMap((emphasis) => [false, true].map((stale) => ({ emphasis, stale })));
const DEPTHS = [0, 8, 16, 256];
const OWN_BACKGROUND = 0x1ff;

const flagsOf = (attribute: number) => attribute >> 18;

describe.each(THEMES)('the theme %s', (theme) => {
  it('uses only colours that the terminal has, and never a background colour', () => {
    for (const colors of DEPTHS)
      for (const role of ALL)
        for (const line of LINES) {
          const attribute = attributeOf(colors, theme)(role, line);
          expect(colorOf(attribute) ?? 0).toBeLessThan(Math.max(1, colors));
          expect(attribute & 0x1ff).toBe(OWN_BACKGROUND);
        }
  });

  it('inverts the heading and the selected line, which has no colour', () => {
    for (const role of ALL)
      for (const emphasis of ['heading', 'selected'] as const) {
        const attribute = attributeOf(256, theme)(role, { emphasis });
        if (emphasis === 'selected') expect(colorOf(attribute)).toBeNull();
        expect(flagsOf(attribute) & 8).toBe(8);
      }
  });

  it('distinguishes the heading, its sort column and its letters', () => {
    for (const colors of DEPTHS) {
      const of = (role: Role) => attributeOf(colors, theme)(role, { emphasis: 'heading' });
      const all = (['plain', 'headingKey', 'headingSort', 'headingSortKey'] as const).map(of);
      expect(new Set(all).size).toBeGreaterThanOrEqual(3);
      expect(of('plain')).not.toBe(of('headingSort'));
      expect(of('plain')).not.toBe(of('headingKey'));
      expect(of('headingSort')).not.toBe(of('headingSortKey'));
    }
  });

  it('distinguishes labels from values', () => {
    for (const colors of DEPTHS) {
      const attribute = attributeOf(colors, theme);
      expect(attribute('label', {})).not.toBe(attribute('title', {}));
    }
  });

  it('uses the same attributes as the other themes, so that they work without colours', () => {
    for (const role of ALL)
      for (const line of LINES)
        expect(flagsOf(attributeOf(256, theme)(role, line))).toBe(
          flagsOf(attributeOf(256, 'dark')(role, line)),
        );
  });

  it('draws stale data in one style, except for headings', () => {
    const attribute = attributeOf(256, theme);
    for (const role of ALL) {
      expect(attribute(role, { stale: true })).toBe(attribute('plain', { stale: true }));
      expect(attribute(role, { stale: true, emphasis: 'heading' })).toBe(
        attribute(role, { emphasis: 'heading' }),
      );
    }
  });
});

describe('colours', () => {
  const color = (theme: (typeof THEMES)[number], role: Role, colors = 256) =>
    colorOf(attributeOf(colors, theme)(role, {}));

  it('depend on the theme', () => {
    expect(ALL.some((role) => color('dark', role) !== color('light', role))).toBe(true);
    for (const role of ALL) for (const colors of DEPTHS) expect(color('mono', role, colors)).toBeNull();
    for (const role of ['busy', 'warning', 'critical'] as const)
      for (const theme of ['dark', 'light'] as const)
        for (const colors of [8, 16, 256]) expect(color(theme, role, colors)).not.toBeNull();
  });

  it('of curves are not those of a warning or of a fault', () => {
    for (const theme of ['dark', 'light'] as const)
      for (const colors of [8, 16, 256])
        for (const role of ['warning', 'critical'] as const)
          expect(color(theme, 'curve', colors)).not.toBe(color(theme, role, colors));
  });

  it('of the light theme are readable on a light background', () => {
    const bright = new Set([3, 7, 11, 15, 220, 226, 231]);
    for (const role of ALL)
      for (const colors of [8, 16, 256])
        expect(bright).not.toContain(colorOf(attributeOf(colors, 'light')(role, {})));
  });

  it('are not used on a terminal without colours, in every theme', () => {
    for (const theme of THEMES)
      for (const role of ALL)
        for (const line of LINES) expect(colorOf(attributeOf(0, theme)(role, line))).toBeNull();
  });

  it('are those of the dark theme by default', () => {
    for (const role of ALL) expect(attributeOf(256)(role, {})).toBe(attributeOf(256, 'dark')(role, {}));
  });
});
