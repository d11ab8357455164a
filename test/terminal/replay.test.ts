import { expect, it, onTestFinished } from 'vitest';
import { startServer } from '../../src/demo/server.ts';
import { timeOfDay } from '../../src/text/format.ts';
import type { Mark } from '../../src/views/replay.ts';
import { type Recorded, recordAll, troubleEvents } from '../recordings/recorded.ts';
import { folder } from '../sources/servers.ts';
import type { Emulator } from './emulator.ts';
import { watch } from './session.ts';

const TARGET = '/run/app.stats';
const EVENTS = troubleEvents();
const LAST = EVENTS.length - 1;

const timeAt = (at: number): string => timeOfDay(EVENTS[at]?.time ?? null);

function recording(): Recorded {
  return recordAll(new Map([[TARGET, EVENTS]]), { block: { readings: 9, seconds: 600 } });
}

/** Shows a recording from one of its readings on. */
function replay(at: number, marks: readonly Mark[] = [], columns = 80): Emulator {
  const timeline = recording();
  const of = { timeline, name: '/var/lib/shop.statstop', marks: () => marks, at: EVENTS[at]?.time ?? 0 };
  return watch(TARGET, { recording: of, size: { columns, rows: 24 } });
}

const position = (at: number, state = 'x1 paused') =>
  new RegExp(`^replay shop\\.statstop [0-9-]+ ${timeAt(at)} ${state} `, 'm');

it('shows a recording at a time, with a timeline', async () => {
  const terminal = replay(12, [], 120);
  const lines = await terminal.untilText(position(12));
  expect(lines[1]).toMatch(new RegExp(` ${timeAt(0)} ─+●─+ ${timeAt(LAST)}$`));
  expect(lines[2]).toMatch(/^RPS +[0-9]/);
});

it('steps by readings, and stops at both ends', async () => {
  const terminal = replay(12);
  await terminal.untilText(position(12));
  terminal.type(']');
  await terminal.untilText(position(13));
  terminal.type('[[[');
  await terminal.untilText(position(10));
  terminal.type('{');
  await terminal.untilText(position(0));
  terminal.type('}');
  await terminal.untilText(position(LAST));
  terminal.type(']');
  await terminal.untilText('this is the end of the recording');
});

it('jumps to a typed time, and says what is wrong', async () => {
  const terminal = replay(3);
  await terminal.untilText(position(3));
  terminal.type('@');
  await terminal.untilText('@_  a time to jump to');
  terminal.type(`${timeAt(20)}\r`);
  await terminal.untilText(position(20));
  terminal.type('@noon\r');
  await terminal.untilText('not a time: noon');
  terminal.type('@2001-02-03 04:05\r');
  const limits = await terminal.untilText('the recording begins at ');
  expect(limits.join('\n')).toMatch(new RegExp(` ${timeAt(0)} and ends at \\S+ ${timeAt(LAST)}`));
  terminal.type('@1');
  await terminal.untilText('@1_');
  terminal.type('\x1b');
  await terminal.untilText(/^ Space Play\/Pause {2}\[ \] Step/m);
  await terminal.untilText(position(20));
});

it('jumps to events, which the timeline shows', async () => {
  const marks = [6, 30].map((at): Mark => ({ time: EVENTS[at]?.time ?? 0, kind: 'harakiri' }));
  const terminal = replay(12, marks);
  const lines = await terminal.untilText(position(12));
  expect(lines[1]).toMatch(/─H─+●─+H─/);
  terminal.type(')');
  await terminal.untilText(position(30));
  terminal.type(')');
  await terminal.untilText('there is no later event');
  terminal.type('((');
  await terminal.untilText(position(6));
});

it('plays at a speed, pauses, and ends at the end', async () => {
  const terminal = replay(0);
  await terminal.untilText(position(0));
  terminal.type('+++++ ');
  await terminal.untilText(/ x50 playing /);
  await terminal.untilText('this is the end of the recording');
  await terminal.untilText(position(LAST, 'x50 paused'));
});

it('a live view steps back, and End returns to now', async () => {
  const server = await startServer({ address: `${folder()}/shop`, workers: 2, warm: false, rate: 20 });
  onTestFinished(() => server.close());
  const terminal = watch(server.address);
  await terminal.untilText(/RPS +[0-9]/);
  // The first readings are not kept.
  await terminal.until((lines) => {
    const isPast = /^past .* x1 paused /m.test(lines.join('\n'));
    if (!isPast) terminal.type('[');
    return isPast;
  });
  terminal.type(' ');
  await terminal.untilText(/ x1 playing /);
  terminal.type('\x1b[F');
  await terminal.untilText(/\/shop {2}uWSGI/);
});
