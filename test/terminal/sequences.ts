/** Every form of sequence that statstop may send to a terminal. */
const FORMS = [
  // Cursor: move to a place, move right, save and restore, show and hide.
  '\\x1b\\[(?:\\d+;\\d+)?H',
  '\\x1b\\[\\d*C',
  '\\x1b[78]',
  '\\x1b\\[\\?(?:12;)?25[hl]',
  '\\x1b\\[\\?12l',
  '\\x1b\\[\\?(?:1|25|0)c',
  // Colours and attributes.
  '\\x1b\\[[\\d;]*m',
  '\\x1b\\(B',
  '\\x0f',
  // Erase to the end of the line or the screen; scrolling region.
  '\\x1b\\[K',
  '\\x1b\\[2?J',
  '\\x1b\\[\\d+;\\d+r',
  // The clipboard: base64 only.
  '\\x1b\\]52;c;[A-Za-z0-9+/]*=*\\x07',
  // Modes: alternate screen, cursor keys, keypad, mouse, paste.
  '\\x1b\\[\\?(?:1049|1|1000|1006|2004)[hl]',
  '\\x1b[=>]',
];
const ALLOWED = new RegExp(FORMS.join('|'), 'g');

/** Removes the sequences that statstop may send; returns the rest. */
export function withoutSequences(written: string): string {
  return written.replace(ALLOWED, '').replace(/[\r\n]/g, '');
}
