import { isTried } from '../rates/blacklisted.ts';
import { sum } from '../rates/delta.ts';
import type { EmperorSample, RouterSample } from '../rates/sample.ts';

/** Label, value and unit: `c` is a counter, which only grows while its process lives. */
type PerformanceNumber = readonly [label: string, value: number | null, unit?: 'c'];

/**
 * Performance data of an emperor or a router for monitors: `label=value[unit]`, separated by blanks. Numbers that are
 * not known are left out.
 */
export function performanceNumbers(sample: EmperorSample | RouterSample): string {
  const numbers = sample.kind === 'emperor' ? emperorNumbers(sample) : routerNumbers(sample);
  return numbers
    .flatMap(([label, value, unit = '']) => (value === null ? [] : [`${label}=${value}${unit}`]))
    .join(' ');
}

function emperorNumbers({ snapshot: { vassals, blacklist }, time }: EmperorSample): PerformanceNumber[] {
  return [
    ['vassals', vassals.length],
    ['accepting', count(vassals, ({ accepting }) => accepting)],
    ['failed', blacklist.filter((entry) => isTried(entry, time)).length],
  ];
}

function routerNumbers({ snapshot, nodes, staticNodes }: RouterSample): PerformanceNumber[] {
  const hits = [...snapshot.subscriptions, ...snapshot.staticNodes];
  return [
    ['sessions', snapshot.activeSessions],
    ['nodes', nodes.length + staticNodes.length],
    ['dead_nodes', count(nodes, ({ node: { deathMark } }) => deathMark)],
    ['hits', sum(hits, ({ hits }) => hits), 'c'],
    ['requests', nodes.length === 0 ? null : sum(nodes, ({ node: { requests } }) => requests), 'c'],
  ];
}

/** How many rows have a flag; `null` where a row does not know it. */
function count<Row>(rows: readonly Row[], flag: (row: Row) => boolean | null): number | null {
  return sum(rows, (row) => {
    const value = flag(row);
    return value === null ? null : Number(value);
  });
}
