import { createKeymap } from '../../src/views/keymap.ts';

/** The keys of a user who has changed none. */
export const KEYMAP = createKeymap();
