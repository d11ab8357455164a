import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toWidth } from '../../src/text/clean.ts';
import { cutBefore, distinctFrom } from '../../src/views/distinct.ts';

/** The texts as shown in a column of this width. */
function shown(texts: readonly string[], columns: number): string[] {
  const places = distinctFrom(texts);
  return texts.map((text) =>
    toWidth(
      text.length > columns ? cutBefore(text, places.get(text) ?? 0, columns, '…') : text,
      columns,
      'left',
    ).trimEnd(),
  );
}

describe('commands with the same beginning', () => {
  const JOBS = ['mails', 'reports', 'cleanup', 'imports', 'exports', 'rates', 'index'];
  const RUNS = JOBS.map((job) => `./manage.py run_${job} --settings=shop.production`);

  it('are distinguishable in 16 cells', () => {
    expect(shown(RUNS, 16)).toEqual(JOBS.map((job) => expect.stringContaining(job)));
    expect(new Set(shown(RUNS, 16)).size).toBe(RUNS.length);
  });

  it('are shown completely if there is room, and keep a beginning that differs', () => {
    expect(shown(RUNS, 60)).toEqual(RUNS);
    expect(shown(['/usr/bin/true and more words', 'ls -l and more words than fit'], 16)).toEqual([
      '/usr/bin/true a…',
      'ls -l and more …',
    ]);
  });

  it('are distinguishable if one is the beginning of the other', () => {
    expect(shown(['./manage.py run_mails', './manage.py run_mails_late'], 16)).toEqual([
      '…ge.py run_mails',
      '… run_mails_late',
    ]);
  });

  it('never exceed their cells', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ maxLength: 40 }), { maxLength: 6 }),
        fc.integer({ min: 3, max: 30 }),
        (texts, columns) => {
          for (const text of shown(texts, columns)) expect(text.length).toBeLessThanOrEqual(columns);
        },
      ),
    );
  });
});
