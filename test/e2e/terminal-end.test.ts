import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { captureFile, command, ROOT } from '../commands/run.ts';
import { serve } from '../demo/wire.ts';
import { AT_REST, expectEnded, isAlive, skipWithoutTmux, Tmux } from '../terminal/tmux.ts';

const folder = mkdtempSync(join(tmpdir(), 'statstop-terminal-'));
afterAll(() => rmSync(folder, { recursive: true }));

const SERVER = { workers: 2, cores: 1, rate: 20 };

/** Starts a shell with text on its screen. Returns the settings of its terminal too. */
async function before() {
  const server = await serve(SERVER);
  const tmux = new Tmux();
  const settings = await tmux.output('stty -a');
  tmux.enter('clear; echo what was here before');
  await tmux.untilText(/^what was here before$/m);
  return { tmux, settings, address: server.address };
}

/** Checks that the screen and the settings of the terminal are the original ones. */
async function expectGivenBack(tmux: Tmux, settings: string): Promise<void> {
  await tmux.until(
    (screen) => !screen.includes('WID') && screen.includes('what was here before'),
    'the shell',
  );
  expect(tmux.state()).toEqual(AT_REST);
  expect(await tmux.output('stty -a')).toBe(settings);
}

const WATCHED = /^ *WID/m;

describe.skipIf(skipWithoutTmux())('the terminal is restored', () => {
  it.each([
    ['q', 'q'],
    ['Ctrl-C', 'C-c'],
  ])('after %s, with status 0', async (_name, key) => {
    const { tmux, settings, address } = await before();
    tmux.enter(`statstop ${address}; echo "ended with $?"`);
    await tmux.untilText(WATCHED);
    tmux.press(key);
    await tmux.untilText(/^ended with 0$/m);
    await expectGivenBack(tmux, settings);
  });

  it.each([
    ['SIGTERM', 143],
    ['SIGHUP', 129],
    ['SIGINT', 130],
    ['SIGQUIT', 131],
  ] as const)('after %s, with the status of the signal', async (signal, status) => {
    const { tmux, settings, address } = await before();
    tmux.enter(`ulimit -c 0; statstop ${address}`);
    await tmux.untilText(WATCHED);
    process.kill(tmux.pid(), signal);
    await tmux.until((screen) => !screen.includes('WID'), 'the shell');
    // A shell also aborts the rest of the command line after a SIGINT.
    tmux.enter('echo "ended with $?"');
    await tmux.untilText(new RegExp(`^ended with ${status}$`, 'm'));
    await expectGivenBack(tmux, settings);
  });

  it('while statstop is suspended, and taken over again by fg', async () => {
    const { tmux, settings, address } = await before();
    tmux.enter(`statstop ${address}`);
    await tmux.untilText(WATCHED);
    for (let turn = 0; turn < 2; turn += 1) {
      tmux.press('C-z');
      // The shell has noticed the stop and has changed the terminal to its own settings.
      await tmux.untilText(/Stopped/);
      await expectGivenBack(tmux, settings);
      tmux.enter('clear; echo what was here before');
      await tmux.untilText(/^what was here before$/m);
      tmux.enter('fg');
      await tmux.untilText(WATCHED);
      expect(tmux.state()).toMatchObject({ alternate_on: true, cursor_flag: false, mouse_any_flag: true });
      tmux.type('p');
      await tmux.untilText(/RPS[▲▼]/);
    }
    tmux.type('q');
    await expectGivenBack(tmux, settings);
  });

  it('while statstop is suspended together with the shell script that started it', async () => {
    const { tmux, settings, address } = await before();
    tmux.enter(`sh -c '${command().join(' ')} ${address}; echo "over" now'`);
    await tmux.untilText(WATCHED);
    tmux.press('C-z');
    await tmux.untilText(/Stopped/);
    await expectGivenBack(tmux, settings);
    tmux.enter('fg');
    await tmux.untilText(WATCHED);
    tmux.type('q');
    await tmux.untilText(/^over now$/m);
  });

  it('never without a shell that could resume statstop: Ctrl-Z is ignored', async () => {
    const { tmux, address } = await before();
    tmux.enter(`exec ${command().join(' ')} ${address}`);
    await tmux.untilText(WATCHED);
    tmux.press('C-z');
    tmux.type('h');
    await tmux.untilText('Esc Close');
    tmux.type('h');
    await tmux.untilText(WATCHED);
    expect(tmux.state()).toMatchObject({ alternate_on: true, cursor_flag: false, mouse_any_flag: true });
  });

  it('while statstop is suspended; fg uses the new size of the terminal', async () => {
    const { tmux, address } = await before();
    tmux.enter(`statstop ${address}`);
    await tmux.untilText(WATCHED);
    tmux.press('C-z');
    await tmux.untilText('what was here before');
    tmux.resize(100, 30);
    tmux.enter('fg');
    const lines = await tmux.until((screen) => /^ q Quit/.test(screen.split('\n')[29] ?? ''), '30 lines');
    expect(lines[0]).toHaveLength(100);
    expect(lines.filter((line) => line.includes('q Quit'))).toHaveLength(1);
  });

  // The executable ignores NODE_OPTIONS, so this error cannot be caused in it.
  const isExecutable = Boolean(process.env.STATSTOP_TEST_COMMAND);
  it.skipIf(isExecutable)('after an internal error, before its message is printed', async () => {
    const { tmux, settings, address } = await before();
    const bomb = join(folder, 'bomb.mjs');
    const fuse = join(folder, 'fuse');
    const explode = `if (existsSync('${fuse}')) throw new Error('boom');`;
    writeFileSync(bomb, `import { existsSync } from 'node:fs'; setInterval(() => { ${explode} }, 50);`);
    tmux.enter(`NODE_OPTIONS='--import ${bomb}' statstop ${address}; echo "ended with $?"`);
    await tmux.untilText(WATCHED);
    writeFileSync(fuse, '');
    await tmux.untilText(/^ended with 1$/m);
    expect(tmux.lines().join('\n')).toContain('statstop: internal error: boom');
    await expectGivenBack(tmux, settings);
  });

  it('after a quit before any data arrived', async () => {
    const { tmux, settings } = await before();
    tmux.enter('statstop /nothing/there');
    await tmux.untilText('no data yet');
    tmux.type('q');
    await expectGivenBack(tmux, settings);
  });
});

describe.skipIf(skipWithoutTmux())('statstop', () => {
  it('ends when its terminal is closed', async () => {
    const { tmux, address } = await before();
    tmux.enter(`statstop ${address}`);
    await tmux.untilText(WATCHED);
    const pid = tmux.pid();
    expect(isAlive(pid)).toBe(true);
    tmux.close();
    await expectEnded([pid]);
  });

  it('escapes control characters of --raw on a terminal', async () => {
    const document = readFileSync(join(ROOT, captureFile('threads')), 'latin1');
    const hostile = join(folder, 'hostile.stats');
    writeFileSync(hostile, document.replaceAll('HTTP_REFERER=', '\x1b[2J\x1b]0;x\x07\xff'), 'latin1');
    const { tmux } = await before();
    expect(await tmux.output(`statstop --raw ${hostile} | grep -c $'\\e'`)).toMatch(/^[1-9]/);
    tmux.resize(200, 50);
    expect(await tmux.output(`statstop --raw ${hostile}; echo`)).toContain('\\x1b[2J\\x1b]0;x\\x07\\xff');
  });

  it.each([
    [
      'without a terminal on standard input',
      'statstop TARGET < /dev/null',
      /^statstop: .*terminal on standard input/m,
    ],
    ['with an interval of 0', 'statstop -i 0 TARGET', /^statstop: .*interval/m],
    ['on a terminal that cannot move its cursor', 'TERM=dumb statstop TARGET', /^statstop: .*'dumb'/m],
    ['with standard input as its target', 'statstop -', /^statstop: .*standard input/m],
  ])('refuses to start the live view %s', async (_what, line, says) => {
    const { tmux, address } = await before();
    const output = await tmux.output(line.replace('TARGET', address));
    expect(output).toMatch(says);
    expect(output).toContain('status 2');
  });

  const TERMS = [
    'xterm',
    'xterm-256color',
    'screen-256color',
    'tmux-256color',
    'alacritty',
    'xterm-kitty',
    'foot',
  ];

  it.each([...TERMS, 'linux', 'vt100', 'no-such-terminal'])(
    'writes nothing to standard error with TERM=%s',
    async (term) => {
      const { tmux, address } = await before();
      const errors = join(folder, term);
      tmux.enter(`TERM=${term} statstop ${address} 2> ${errors}`);
      const [verdict] = await tmux.untilText(WATCHED);
      expect(verdict).toMatch(/^[✓+] ok /);
      tmux.type('q');
      await tmux.until((screen) => !screen.includes('WID'), 'the shell');
      expect(await tmux.output(`wc -c < ${errors}`)).toMatch(/^0\n/);
    },
  );

  it.each([
    ['NO_COLOR=1 statstop TARGET', false],
    ['statstop --no-color TARGET', false],
    ['statstop TARGET', true],
  ])('%s: colours %s', async (line, colours) => {
    const { tmux, address } = await before();
    tmux.enter(`clear; ${line.replace('TARGET', address)}`);
    await tmux.untilText(WATCHED);
    expect(/\x1b\[(?:\d+;)*(?:3[0-8]|9[0-7])[;m]/.test(tmux.lines('-e').join('\n'))).toBe(colours);
  });
});
