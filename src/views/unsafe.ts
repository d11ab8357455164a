/**
 * What a terminal would obey or hide instead of showing it: controls (C0, C1, DEL), format characters (bidi overrides,
 * zero-width ones), lone surrogates, line separators, characters that are private, unassigned or drawn as nothing.
 */
export const UNSAFE = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;
