import { createKeymap } from '../../src/views/keymap.ts';

/** The default keymap. */
export const KEYMAP = createKeymap();
