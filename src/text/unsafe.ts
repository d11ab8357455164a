/**
 * What a terminal would obey or hide instead of showing it: controls (C0, C1, DEL), format characters (bidi overrides,
 * zero-width ones), lone surrogates, line separators, characters that are private, unassigned or drawn as nothing; and
 * those that some terminals merge with their neighbour and others do not (skin tones, letters of flags), so that nobody
 * knows how wide they are.
 */
export const UNSAFE =
  /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\p{Emoji_Modifier}\p{Regional_Indicator}]/gu;
