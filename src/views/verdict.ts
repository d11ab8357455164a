import type { Subject } from '../monitor/observation.ts';
import { wrongs } from '../rates/finding.ts';
import { oldestRequest } from '../rates/in-flight.ts';
import { withoutWorkers } from '../rates/workerless.ts';
import { boundedMask, CELL_CHARACTERS } from '../text/bounds.ts';
import { clean, toWidth, width } from '../text/clean.ts';
import * as format from '../text/format.ts';
import { plural } from '../text/words.ts';
import { blank } from './blank.ts';
import type { Line, Role, Span } from './frame.ts';
import { keyOf } from './help.ts';
import { savedAt } from './saved.ts';
import type { Scene } from './scene.ts';

/** The state of the server in one sentence. */
interface Verdict {
  /** Mark and text have this role. */
  role: Role;
  mark: string;
  /** Neither masked nor clean. Cut if the line is too short. */
  text: string;
  /** Follows the text and is never cut. */
  tail?: string;
  /** Number of other findings. */
  others?: number;
  /** Number of cells of the text that are more important than the time on the right; 24 if absent. */
  least?: number;
}

/** Cells of a cut text that say enough. */
const LEAST_TEXT = 24;

/** Blanks between the parts of the line. */
const GAP = 2;

/**
 * The first line of the screen: the worst condition of the server or of the connection, the number of other findings,
 * and the time of the numbers.
 *
 * @param hasTitle whether a line follows that shows that the screen is frozen; otherwise this line does
 */
export function verdictLine(scene: Scene, columns: number, hasTitle: boolean): Line {
  const { view } = scene;
  const { role, mark, text, tail = '', others = 0, least = LEAST_TEXT } = verdictOf(scene);
  const start = mark === '' ? '' : `${mark} `;
  const shown = clean(boundedMask(view.mask, CELL_CHARACTERS).text(text));
  const wanted = width(shown);
  const after = clean(tail);
  const room = (right: readonly Span[]) =>
    columns - width(start) - width(after) - right.reduce((sum, span) => sum + GAP + width(span.text), 0);
  const rights = rightSides(scene, others, hasTitle);
  const right = rights.find((each) => room(each) >= Math.min(wanted, least)) ?? rights.at(-1) ?? [];
  const cells = Math.max(0, Math.min(wanted, room(right)));
  const whole = `${start}${toWidth(shown, cells, 'left', view.glyphs.ellipsis)}${after}`;
  // On a narrow screen, the tail alone can be too long.
  const left = toWidth(whole, Math.min(width(whole), columns), 'left', view.glyphs.ellipsis);
  const blanks = columns - width(left) - right.reduce((sum, span) => sum + width(span.text), 0);
  return {
    spans: [
      { text: left, role },
      ...right.flatMap((span, at): Span[] => [
        blank(at === 0 ? blanks - GAP * (right.length - 1) : GAP),
        span,
      ]),
    ],
  };
}

/** What can stand on the right, the longest first: the number of other findings, and the time. */
function rightSides(scene: Scene, others: number, hasTitle: boolean): Span[][] {
  const more = (text: string): Span[] => (others > 0 ? [{ text, role: 'title' }] : []);
  const long = more(`${others} more (${keyOf(scene.view.keys, 'findings')})`);
  const short = more(`+${others}`);
  const times = timeSpans(scene, hasTitle);
  return [
    ...times.map((time) => [...long, time]),
    ...times.slice(-1).map((time) => [...short, time]),
    long,
    short,
  ];
}

/** The time at which the document was read or written, the longest form first. */
function timeSpans({ sample, view }: Scene, hasTitle: boolean): Span[] {
  if (!sample) return [];
  const forms = sample.saved ? [`saved ${savedAt(sample)}`, 'saved'] : [format.timeOfDay(sample.time)];
  if (view.frozenAt !== null && !hasTitle)
    return [{ text: `frozen ${format.timeOfDay(view.frozenAt)}`, role: 'warning' }];
  return forms.map((text) => ({ text, role: sample.saved ? 'warning' : 'plain' }));
}

/** The first condition that holds. A condition before another one makes that one untrue or unknown. */
function verdictOf(scene: Scene): Verdict {
  const { sample, target, view } = scene;
  return (
    lost(scene) ??
    (sample === null || isWaiting(sample)
      ? { role: 'title', mark: '', text: `connecting to ${target}${view.glyphs.ellipsis}` }
      : (workerless(sample) ?? worst(scene) ?? noneRuns(sample) ?? fine(sample, scene)))
  );
}

/** Whether no server of a fleet has sent a document yet. */
function isWaiting(sample: Subject): boolean {
  return (
    sample.kind === 'fleet' &&
    sample.members.every(({ observation: { connection } }) => connection.state === 'connecting')
  );
}

function lost({ connection, now, view }: Scene): Verdict | null {
  if (connection.state !== 'lost') return null;
  const { since, why, retryAt } = connection;
  const gone = since === null ? 'no data yet' : `no data for ${format.age(now - since)}`;
  const next = format.age(Math.max(0, retryAt - now));
  // The text says how old the numbers are, so the time of day can be omitted.
  const least = Number.POSITIVE_INFINITY;
  return {
    role: 'critical',
    mark: view.glyphs.cross,
    text: `${gone}: ${why}`,
    tail: `, next try in ${next}`,
    least,
  };
}

const WARNING = '!';

function workerless(sample: Subject): Verdict | null {
  if (sample.kind === 'fleet') return null;
  const text = withoutWorkers(sample);
  return text === null ? null : { role: 'warning', mark: WARNING, text, least: Number.POSITIVE_INFINITY };
}

function worst({ findings, view }: Scene): Verdict | null {
  const all = wrongs(findings);
  const [finding] = all;
  if (!finding) return null;
  const isCritical = finding.severity === 'critical';
  return {
    role: isCritical ? 'critical' : 'warning',
    mark: isCritical ? view.glyphs.cross : WARNING,
    text: finding.server === undefined ? finding.text : `${finding.server.name}: ${finding.text}`,
    others: all.length - 1,
  };
}

/** Between two starts of the workers, there is not yet a finding. */
function noneRuns(sample: Subject): Verdict | null {
  if (sample.kind !== 'app') return null;
  const { workers, cheap, down } = sample.totals;
  if (down === 0 || down + cheap < workers) return null;
  return { role: 'warning', mark: WARNING, text: `no worker is running: ${plural(down, 'worker')} down` };
}

/** Without a finding. A single reading has no rates, so most conditions are unknown. */
function fine(sample: Subject, { view }: Scene): Verdict {
  const oldest = sample.kind === 'app' ? oldestRequest(sample) : null;
  const isLong = oldest?.age != null && oldest.age >= view.thresholds.longRequest;
  const text = [
    sample.interval === null && !sample.reset ? 'ok in this one reading' : 'ok',
    ...(isLong ? [`oldest request ${format.age(oldest.age)} on ${oldest.worker}:${oldest.core}`] : []),
  ].join(', ');
  return { role: 'good', mark: view.glyphs.check, text };
}
