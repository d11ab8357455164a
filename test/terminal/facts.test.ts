import { closeSync, openSync } from 'node:fs';
import { expect, it, onTestFinished } from 'vitest';
import { terminalFacts } from '../../src/terminal/facts.ts';

const open = (path: string) => {
  const fd = openSync(path, 'r');
  onTestFinished(() => closeSync(fd));
  return { fd };
};

const terminal = { fd: 1, isTTY: true, columns: 120, rows: 40 };
const streams = () => ({ input: open('/dev/null'), output: terminal, error: { fd: -1 } });

it('distinguishes terminals, files, devices and closed streams', () => {
  const facts = terminalFacts({}, { ...streams(), output: open('/etc/hostname') });
  expect(facts).toMatchObject({ input: 'device', output: 'file', error: null, size: null });
});

it('has the size of the output, or else of the errors', () => {
  expect(terminalFacts({}, streams()).size).toEqual({ columns: 120, rows: 40 });
  const piped = { ...streams(), output: open('/dev/null'), error: terminal };
  expect(terminalFacts({}, piped).size).toEqual({ columns: 120, rows: 40 });
});

it.each([
  [{ TMUX: '/tmp/x,1,0' }, { multiplexer: 'tmux', isRemote: false }],
  [{ STY: '1.pts' }, { multiplexer: 'screen' }],
  [{ SSH_CONNECTION: '10.0.0.1 1 10.0.0.2 22' }, { multiplexer: null, isRemote: true }],
  [{ LANG: 'C.UTF-8' }, { isUtf8: true }],
  [{ LC_ALL: 'C', LANG: 'C.UTF-8' }, { isUtf8: false }],
  [{ TERM: 'dumb' }, { isDumb: true }],
  [
    { TERM: 'linux', NO_COLOR: '1' },
    { isDumb: false, type: { entry: 'linux', colors: 0 } },
  ],
])('%j', (env, expected) => {
  expect(terminalFacts(env, streams())).toMatchObject(expected);
});
