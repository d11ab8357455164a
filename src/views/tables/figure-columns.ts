import { responseTimeOf } from '../../monitor/figures.ts';
import type { Figures } from '../../monitor/observation.ts';
import { ratio } from '../../rates/delta.ts';
import { type Finding, SEVERITIES } from '../../rates/finding.ts';
import * as format from '../../text/format.ts';
import { type Column, counts, numbers, words } from '../column.ts';
import { levelRole } from '../thresholds.ts';

/** The columns of the main numbers of a server, for a table whose rows are servers. */
export function figureColumns<Row>(of: (row: Row) => Figures): readonly Column<Row>[] {
  return [
    numbers<Row>(format.rate, {
      name: 'rps',
      title: 'RPS',
      key: 'P',
      width: 7,
      importance: 2,
      description: 'requests per second',
      value: (row) => of(row).rps,
    }),
    numbers<Row>(format.responseTime, {
      name: 'responseTime',
      title: 'RESP',
      key: 'E',
      width: 6,
      importance: 3,
      description: 'mean duration of the requests that ended in the last interval, without static files',
      value: (row) => responseTimeOf(of(row)),
    }),
    {
      ...counts<Row>({
        name: 'busy',
        title: 'BUSY',
        key: 'B',
        width: 7,
        importance: 3.5,
        description: 'cores in a request, of those that can take one',
        value: (row) => of(row).busy,
        role: (row) => levelRole('cores', ratio(of(row).busy, of(row).cores)),
      }),
      text: (row) => format.outOf(of(row).busy, of(row).cores, 7),
    },
    {
      ...counts<Row>({
        name: 'queue',
        title: 'QUEUE',
        width: 7,
        importance: 2.5,
        description: 'connections that wait in the listen queue, of those that fit into it',
        value: (row) => of(row).queue,
        role: (row) => levelRole('queue', ratio(of(row).queue, of(row).maxQueue)),
      }),
      text: (row) => format.outOf(of(row).queue, of(row).maxQueue, 7),
    },
    numbers<Row>(format.perMinute, {
      name: 'exceptions',
      title: 'EXC',
      key: 'X',
      width: 7,
      importance: 6,
      description: 'exceptions in the last minute',
      value: (row) => of(row).exceptions,
      role: (row) => levelRole('exceptions', of(row).exceptions),
    }),
    numbers<Row>(format.perMinute, {
      name: 'harakiris',
      title: 'HARAKIRI',
      width: 9,
      importance: 9,
      description: 'harakiris in the last minute',
      value: (row) => of(row).harakiris,
      role: (row) => levelRole('harakiris', of(row).harakiris),
    }),
    numbers<Row>(format.wholePercent, {
      name: 'cpu',
      title: 'CPU',
      width: 5,
      importance: 7,
      description: 'CPU time of the workers; 100% is one processor',
      value: (row) => of(row).cpu,
    }),
    numbers<Row>(format.size, {
      name: 'rss',
      title: 'RSS',
      key: 'R',
      width: 6,
      importance: 8,
      description: 'resident memory of the workers',
      value: (row) => of(row).memory,
    }),
  ];
}

/**
 * The column of the worst finding of a server.
 *
 * @param isLost lost servers come first, because nothing is known about them
 */
export function worstColumn<Row>(
  importance: number,
  worstOf: (row: Row) => Finding | null,
  isLost: (row: Row) => boolean,
): Column<Row> {
  return {
    ...words<Row>({
      name: 'worst',
      title: 'WORST',
      width: 12,
      preferredWidth: 24,
      grows: true,
      phrase: true,
      importance,
      description: 'the worst finding of the server',
      value: (row) => worstOf(row)?.text ?? null,
      text: (row, { mask }) => mask.text(worstOf(row)?.text ?? ''),
      sortKey: (row) => {
        const worst = worstOf(row);
        if (isLost(row)) return SEVERITIES.length;
        return worst === null ? 0 : SEVERITIES.indexOf(worst.severity);
      },
      role: (row) => {
        const severity = worstOf(row)?.severity ?? 'hint';
        return severity === 'hint' ? null : severity;
      },
    }),
    descending: true,
  };
}
