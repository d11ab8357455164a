import { PassThrough, Writable } from 'node:stream';
import { terminalType } from '../../../src/terminal/blessed/terminfo.ts';
import { ASCII, UNICODE } from '../../../src/views/glyphs.ts';
import { withoutSequences } from '../../terminal/sequences.ts';
import { oneOf } from '../choose.ts';
import { type Check, isHuge } from '../oracle.ts';
import { frameOf, UNPRINTABLE } from './views.ts';

const TERMS = ['xterm', 'xterm-256color', 'linux', 'vt100'] as const;
const FRAMES = 3;

/**
 * The output to a terminal consists of text and of statstop's own escape sequences. In ASCII mode all text is ASCII.
 */
export const paints: Check = (given) => {
  const { random, subject } = given;
  if (isHuge(given.trial)) return null;
  const ascii = random.chance(0.3);
  const glyphs = ascii ? ASCII : UNICODE;
  const first = frameOf(given, glyphs);
  if (first === null) return null;
  const type = terminalType({ TERM: oneOf(random, TERMS), LANG: 'C.UTF-8' });
  const paper = { written: '' };
  const output = Object.assign(
    new Writable({
      write(chunk: Buffer, _encoding, done) {
        paper.written += chunk.toString();
        done();
      },
    }),
    first.size,
  );
  const nothing = () => {};
  const handlers = {
    key: nothing,
    paste: nothing,
    click: nothing,
    wheel: nothing,
    resized: nothing,
    closed: nothing,
  };
  const terminal = subject.openTerminal({ input: new PassThrough(), output }, type, ascii, handlers);
  try {
    terminal.draw(first.frame);
    for (let turn = 1; turn < FRAMES; turn++) {
      const next = frameOf(given, glyphs);
      if (next === null) break;
      Object.assign(output, next.size);
      terminal.reset();
      terminal.draw(next.frame);
    }
  } finally {
    terminal.destroy();
  }
  const visible = withoutSequences(paper.written);
  const odd = UNPRINTABLE.exec(visible) ?? (ascii ? /[^\x20-\x7e]/.exec(visible) : null);
  return odd && `wrote ${JSON.stringify(visible.slice(Math.max(0, odd.index - 20), odd.index + 20))}`;
};
