import type { SummaryFormat } from '../outputs/summary/format-names.ts';
import { SUMMARY_FORMATS } from '../outputs/summary/formats.ts';
import type { Moment } from '../recordings/moment.ts';
import type { Problem, RecordedBlock, Recording } from '../recordings/open.ts';
import { areOfMinutes, MOST_PERIODS, type Periods, periodsOf } from '../summaries/periods.ts';
import { summarize } from '../summaries/summarize.ts';
import { duration, two } from '../text/format.ts';
import { type Chosen, maskOf } from './options.ts';
import { composed, write } from './output.ts';
import { withProgress } from './progress.ts';
import { periodIn, recordingAt } from './recorded.ts';
import { warn } from './report.ts';
import { UsageError } from './usage-error.ts';

/** Options of `statstop report`. */
export interface SummaryCommandOptions extends Chosen {
  from?: Moment;
  until?: Moment;
  /** Seconds of a period. */
  period?: number;
  format: SummaryFormat;
}

/**
 * `statstop report`: prints a summary of a recording. Parts that are damaged are reported on standard error, and the
 * summary is that of the others.
 *
 * @throws RecordingError, or UsageError for a time that the recording does not contain
 */
export async function summary(path: string, options: SummaryCommandOptions): Promise<void> {
  const recording = recordingAt(path);
  try {
    const periods = periodsIn(recording, options);
    const problems = [...recording.problems];
    const items = recording.shortItems(periods.since, shortBlocks(recording, periods), (problem) =>
      problems.push(problem),
    );
    const found = summarize({ recording: path, items: withProgress(items, periods) }, periods);
    const settings = { mask: maskOf(options), zone: zoneAt(periods.since) };
    await write(composed(() => SUMMARY_FORMATS[options.format](found, settings)));
    if (problems.length > 0) warn(damages(problems));
  } finally {
    recording.close();
  }
}

/** The blocks that need not be replayed: those after the first one that are within the time of the summary. */
function shortBlocks(recording: Recording, periods: Periods): (block: RecordedBlock) => boolean {
  if (!areOfMinutes(periods)) return () => false;
  const first = recording.blocks.findLast(({ time }) => time <= periods.since) ?? recording.blocks[0];
  return (block) => block !== first && block.time > periods.since && block.until <= periods.until;
}

function periodsIn(
  recording: Recording,
  { from, until, period }: Pick<SummaryCommandOptions, 'from' | 'until' | 'period'>,
): Periods {
  const asked = periodIn(recording, { from, until });
  const time = {
    since: Math.max(recording.start, asked.from),
    until: Math.min(recording.end, asked.until),
  };
  const offset = -new Date(time.since * 1000).getTimezoneOffset() * 60;
  const periods = periodsOf(time, offset, period, intervalAt(recording, time.since));
  if (periods.count > MOST_PERIODS)
    throw new UsageError(
      `--period ${duration(periods.length)} would give ${periods.count} periods. At most ${MOST_PERIODS} are possible: give a longer one`,
    );
  return periods;
}

/** Seconds between two readings at a time, as chosen for the recording. */
function intervalAt(recording: Recording, time: number): number {
  for (const item of recording.items(time)) if (item.kind === 'block') return item.header.interval;
  return 0;
}

/** The name of the local time zone, and its distance from UTC at a time. Node.js has no name for some values of TZ. */
function zoneAt(time: number): string {
  const { timeZone: name } = Intl.DateTimeFormat().resolvedOptions() as { timeZone?: string };
  const minutes = -new Date(time * 1000).getTimezoneOffset();
  const [hours, rest] = [Math.floor(Math.abs(minutes) / 60), Math.abs(minutes) % 60];
  const offset = `UTC${minutes < 0 ? '-' : '+'}${two(hours)}:${two(rest)}`;
  return name === undefined ? offset : `${name} (${offset})`;
}

/** One line for each file and reason. */
function damages(problems: readonly Problem[]): string[] {
  return [...new Set(problems.map(({ file, why }) => `${file}: ${why}. The report does not contain it`))];
}
