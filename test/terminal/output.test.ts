import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type TerminalType, terminalType } from '../../src/terminal/blessed/terminfo.ts';
import { screen } from '../../src/views/screen.ts';
import { app, appBetween, between, core, NOW, worker } from '../rates/builders.ts';
import { EMPEROR, node, router, subscription } from '../rates/routers.ts';
import { anyText } from '../text/strings.ts';
import { vassal } from '../views/rows.ts';
import { LOOKED_AT, makeScene, secondSample, textOf } from '../views/samples.ts';
import { canvas } from './painting.ts';
import { withoutSequences } from './sequences.ts';

const size = { columns: 120, rows: 30 };
const text = fc.oneof(
  anyText,
  anyText,
  fc.constantFrom('\x1b[31m', '\x9b2J', '\x1b]0;x\x07', '{red-fg}{bold}x{/}'),
);

/** Screens of each kind of server with this text in every place that can hold text. */
function screensOf(said: string) {
  const vars = [`REQUEST_METHOD=${said}`, `REQUEST_URI=/${said}`, `HTTP_HOST=${said}`];
  const busy = worker({ status: said, cores: [core({ inRequest: true, requestStart: NOW - 3, vars })] });
  const server = { version: said, pid: 1, uid: 0, gid: 0, cwd: said };
  const samples = [
    appBetween(null, app([busy, busy], { server })),
    between(null, {
      ...EMPEROR,
      server,
      monitors: [said],
      vassals: [vassal({ id: said, attributes: [{ name: said, value: said }] })],
      blacklist: [{ id: said, throttle: 1, attempts: 2, firstAttempt: NOW, lastAttempt: NOW }],
    }),
    between(
      null,
      router({
        server,
        plugin: said,
        addresses: [said],
        subscriptions: [subscription(said, 1, [node(said)])],
        staticNodes: [{ name: said, hits: 1, failedAt: null }],
      }),
    ),
  ];
  const lost = { state: 'lost', since: null, why: said, advice: said, retryAt: LOOKED_AT } as const;
  return [
    ...samples.map((sample) =>
      screen(makeScene(sample, { view: { cores: 'tree' }, target: said, node: said }), size),
    ),
    screen(makeScene(null, { connection: lost }), size),
  ];
}

const TERMS = ['xterm', 'xterm-256color', 'linux', 'vt100'] as const;

describe.each(TERMS)('the output for a terminal of type %s', (TERM) => {
  const type = terminalType({ TERM, LANG: 'C.UTF-8' });

  it('consists of text and known sequences, for any document', async () => {
    const { emulator, terminal, close } = canvas(size, type);
    await fc.assert(
      fc.asyncProperty(text, async (said) => {
        for (const frame of screensOf(said)) {
          // The document must not be the source of a sequence, not even of a known one.
          expect(frame.lines.map(textOf).join('')).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}]/u);
          terminal.draw(frame);
        }
        await emulator.settled();
        const visible = withoutSequences(emulator.written);
        emulator.written = '';
        expect(visible).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
      }),
      { numRuns: 60 },
    );
    emulator.written = '';
    terminal.close();
    terminal.open();
    terminal.draw(screen(makeScene(secondSample('many')), size));
    close();
    await emulator.settled();
    expect(withoutSequences(emulator.written)).not.toMatch(/\p{Cc}/u);
  });
});

/** Parameters of the SGR sequences that set a colour: `32`, or `38;5;77` of 256 colours. */
function colors(written: string): string[] {
  return [...written.matchAll(/\x1b\[([\d;]*)m/g)].flatMap(
    ([, list = '']) =>
      list.match(
        /(?<![\d;])(?:[34]8;5;\d+|3[0-7]|4[0-7]|9\d|10\d)(?!\d)|(?<=;)(?:[34]8;5;\d+|3[0-7]|4[0-7]|9\d|10\d)(?!\d)/g,
      ) ?? [],
  );
}

async function written(type: TerminalType): Promise<string> {
  const { emulator, terminal, close } = canvas(size, type);
  const lost = { state: 'lost', since: null, why: 'x', advice: '', retryAt: LOOKED_AT } as const;
  for (const name of ['threads', 'hostile', 'emperor', 'cheaper']) {
    const sample = secondSample(name);
    terminal.draw(screen(makeScene(sample, { view: { selected: '1', cores: 'tree' } }), size));
    terminal.draw(screen(makeScene(sample, { connection: lost }), size));
  }
  await emulator.settled();
  close();
  return emulator.written;
}

describe('colours', () => {
  const env = { TERM: 'xterm-256color', LANG: 'C.UTF-8' };

  it('are sent if they are enabled', async () => {
    expect(new Set(colors(await written(terminalType(env)))).size).toBeGreaterThan(3);
  });

  it.each([
    ['NO_COLOR', terminalType({ ...env, NO_COLOR: '1' })],
    ['--no-color', { ...terminalType(env), colors: 0 as const }],
    ['a vt100', terminalType({ ...env, TERM: 'vt100' })],
    ['NO_COLOR and COLORTERM', terminalType({ ...env, NO_COLOR: '1', COLORTERM: 'truecolor' })],
  ])('are not sent with %s', async (_why, type) => {
    expect(colors(await written(type))).toEqual([]);
  });

  it('are the eight basic ones on a terminal with eight', async () => {
    const sent = colors(await written(terminalType({ ...env, TERM: 'linux' })));
    expect(sent.length).toBeGreaterThan(0);
    for (const color of sent) expect(color).toMatch(/^[34][0-7]$/);
  });
});
