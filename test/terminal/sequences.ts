/** Every form of sequence that statstop sends to a terminal, and no other one. */
const FORMS = [
  // Cursor: to a place, to the right, saved and restored; shown and hidden.
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
  // Erasing: to the end of the line, the screen. Scrolling region.
  '\\x1b\\[K',
  '\\x1b\\[2?J',
  '\\x1b\\[\\d+;\\d+r',
  // The clipboard: nothing but base64.
  '\\x1b\\]52;c;[A-Za-z0-9+/]*=*\\x07',
  // Modes: alternate screen, cursor keys, keypad, mouse, paste.
  '\\x1b\\[\\?(?:1049|1|1000|1006|2004)[hl]',
  '\\x1b[=>]',
];
const ALLOWED = new RegExp(FORMS.join('|'), 'g');

/** What is left of an output when everything is taken away that statstop may send. */
export function withoutSequences(written: string): string {
  return written.replace(ALLOWED, '').replace(/[\r\n]/g, '');
}
