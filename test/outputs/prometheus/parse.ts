/**
 * A strict parser of both formats, written from their specifications: "Exposition formats" of Prometheus, and OpenMetrics
 * 1.0. It knows only the types that are used.
 */

export interface Family {
  type: string;
  help: string | null;
  unit: string | null;
  samples: Sample[];
}

export interface Sample {
  name: string;
  labels: Readonly<Record<string, string>>;
  value: number;
}

const NAME = '[a-zA-Z_:][a-zA-Z0-9_:]*';
const SAMPLE = new RegExp(`^(${NAME})(?:\\{(.*)\\})? (\\S+)$`);
const LABEL = /^([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\[\\"n])*)"(?:,|$)/;

/** Endings of the samples of a family, by its type. */
const ENDINGS: Readonly<Record<'text' | 'openmetrics', Readonly<Record<string, readonly string[]>>>> = {
  text: { gauge: [''], counter: [''], summary: ['_sum', '_count'] },
  openmetrics: { gauge: [''], counter: ['_total'], summary: ['_sum', '_count'], unknown: [''] },
};

/** @throws Error for the first line that breaks the format */
export function parsed(text: string, format: 'text' | 'openmetrics'): ReadonlyMap<string, Family> {
  const families = new Map<string, Family>();
  const seen = new Set<string>();
  const lines = text.split('\n');
  if (lines.pop() !== '') throw new Error('the last line does not end');
  if (format === 'openmetrics' && lines.pop() !== '# EOF') throw new Error('no EOF');
  let current: [name: string, family: Family] | null = null;
  for (const line of lines) {
    const wrong = (why: string) => new Error(`${why}: ${JSON.stringify(line)}`);
    const [, kind, of = '', rest = ''] = new RegExp(`^# (HELP|TYPE|UNIT) (${NAME}) (.*)$`).exec(line) ?? [];
    if (kind !== undefined) {
      if (current?.[0] !== of) {
        if (families.has(of)) throw wrong('a second family of this name');
        current = [
          of,
          { type: format === 'text' ? 'untyped' : 'unknown', help: null, unit: null, samples: [] },
        ];
        families.set(...current);
      }
      const [, family] = current;
      if (family.samples.length > 0) throw wrong('after the samples');
      const field = kind.toLowerCase() as 'help' | 'type' | 'unit';
      if (field !== 'type' && family[field] !== null) throw wrong('twice');
      family[field] = rest;
      continue;
    }
    if (line.startsWith('#')) {
      if (format === 'openmetrics') throw wrong('a comment');
      continue;
    }
    const [, name = '', inside = '', number = ''] = SAMPLE.exec(line) ?? [];
    const value = Number(number);
    if (name === '' || !Number.isFinite(value)) throw wrong('no sample');
    if (current === null) throw wrong('no family');
    const [family, { type, samples, unit, help }] = current;
    const endings = ENDINGS[format][type] ?? [];
    if (help === null || !endings.some((ending) => name === family + ending))
      throw wrong('of another family');
    if (unit !== null && !family.endsWith(`_${unit}`)) throw wrong('another unit');
    const labels = labelsOf(inside);
    if (labels === null) throw wrong('wrong labels');
    const key = JSON.stringify([name, Object.entries(labels).sort()]);
    if (seen.has(key)) throw wrong('twice');
    seen.add(key);
    samples.push({ name, labels, value });
  }
  return families;
}

function labelsOf(inside: string): Record<string, string> | null {
  const labels: Record<string, string> = {};
  for (let rest = inside; rest !== ''; ) {
    const [whole = '', name = '', value = ''] = LABEL.exec(rest) ?? [];
    if (whole === '' || Object.hasOwn(labels, name)) return null;
    labels[name] = value.replace(/\\(.)/g, (_, char: string) => (char === 'n' ? '\n' : char));
    rest = rest.slice(whole.length);
  }
  return labels;
}
