import { sampleJson } from '../../src/outputs/json.ts';
import { sampleText } from '../../src/outputs/text.ts';
import { sampleOf } from '../../src/rates/rates.ts';
import { read } from '../../src/sources/read.ts';
import { decode } from '../../src/stats/decode.ts';
import { openTerminal } from '../../src/terminal/blessed/terminal.ts';
import { screen } from '../../src/views/screen.ts';

/** The parts of statstop under test. Tests replace a part to check that an oracle finds the fault. */
export interface Subject {
  decode: typeof decode;
  sampleOf: typeof sampleOf;
  screen: typeof screen;
  sampleJson: typeof sampleJson;
  sampleText: typeof sampleText;
  openTerminal: typeof openTerminal;
  read: typeof read;
}

export const STATSTOP: Subject = { decode, sampleOf, screen, sampleJson, sampleText, openTerminal, read };
