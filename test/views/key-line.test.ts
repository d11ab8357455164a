import { expect, it } from 'vitest';
import { keyLine } from '../../src/views/key-line.ts';
import { makeScene, secondSample, textOf } from './samples.ts';

const PAST = { start: 0, end: 60, time: 30, isPlaying: false, speed: 1, marks: [] };

const lineOf = (replay: string | null | undefined, given: Parameters<typeof makeScene>[1] = {}) => {
  const past = replay === undefined ? null : { ...PAST, name: replay };
  const scene = makeScene(secondSample('threads'), { replay: past, ...given });
  return textOf(keyLine(scene, 1, 80).line);
};

it('the key line begins with the keys of the past while it is shown', () => {
  expect(lineOf(undefined)).toMatch(/^ q Quit {2}h Help /);
  expect(lineOf('/var/lib/statstop')).toMatch(
    /^ Space Play\/Pause {2}\[ \] Step {2}\( \) Event {2}@ Time {2}q Quit /,
  );
  expect(lineOf(null)).toMatch(/ @ Time {2}End Now {2}q Quit /);
});

it('the way back comes before the keys of the past, and an overlay has its own keys', () => {
  expect(lineOf(null, { backTo: 'Servers' })).toMatch(/^ Esc Servers {2}Space Play/);
  const help = { page: 0, search: null, at: null };
  expect(lineOf(null, { view: { help } })).toMatch(/^ Esc Close /);
});
