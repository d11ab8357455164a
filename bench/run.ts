import { availableParallelism } from 'node:os';
import { measureHold } from './hold.ts';
import { measureKeys } from './keys.ts';
import { measureLive } from './live.ts';
import { measureRefresh } from './refresh.ts';
import { measureStartup } from './startup.ts';
import { report, type Section } from './table.ts';

/**
 * What statstop costs, as ratios: both sides of each were measured by turns in this run, on this machine.
 * Takes about five minutes.
 */
const PARTS: readonly (readonly [name: string, measure: () => Section | Promise<Section>])[] = [
  ['one refresh', measureRefresh],
  ['the start', measureStartup],
  ['the live view', measureLive],
  ['keys', measureKeys],
  ['how long a poll holds uWSGI', measureHold],
];

// What somebody has set for himself is not measured.
process.env.XDG_CONFIG_HOME = '/nonexistent';

const sections: Section[] = [];
for (const [name, measure] of PARTS) {
  process.stderr.write(`measuring ${name}...\n`);
  sections.push(await measure());
}
console.log(
  `Node.js ${process.version}, ${availableParallelism()} processors. Times are medians, the least in parentheses.\n`,
);
console.log(report(sections));
