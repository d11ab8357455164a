import { rare } from './rare.ts';

/**
 * Characters that a terminal would interpret or hide instead of showing them. These are controls (C0, C1, DEL), format
 * characters (bidi overrides, zero-width characters), lone surrogates, line separators, and private, unassigned or
 * invisible characters. Characters that only some terminals merge with their neighbour (skin tones, letters of flags)
 * are included, because their width is unknown.
 */
export const unsafe = rare(
  String.raw`[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\p{Emoji_Modifier}\p{Regional_Indicator}]`,
  'gu',
);
