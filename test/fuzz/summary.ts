import { MUTATION_NAMES, type MutationName } from './mutations.ts';
import type { Outcome } from './oracle.ts';
import type { Trial } from './trial.ts';

/** Results of `decode` for the documents with a given mutation. */
interface Counts {
  /** Accepted without a repair. */
  accepted: number;
  repaired: number;
  refused: number;
}

/** Counts the cases and their results. */
export class Summary {
  cases = 0;
  private readonly start = performance.now();
  private readonly counts = new Map<MutationName, Counts>();

  add({ mutations }: Trial, outcome: Outcome): void {
    this.cases += 1;
    const what = 'error' in outcome ? 'refused' : outcome.snapshot.repaired ? 'repaired' : 'accepted';
    for (const name of new Set(mutations)) {
      const counts = this.counts.get(name) ?? { accepted: 0, repaired: 0, refused: 0 };
      counts[what] += 1;
      this.counts.set(name, counts);
    }
  }

  /** A table and a line of totals. */
  text(): string {
    const width = Math.max(...MUTATION_NAMES.map(({ length }) => length));
    const row = (name: string, cells: readonly (string | number)[]) =>
      `  ${name.padEnd(width)}${cells.map((cell) => String(cell).padStart(10)).join('')}`;
    const rows = MUTATION_NAMES.flatMap((name) => {
      const counts = this.counts.get(name);
      return counts ? [row(name, [counts.accepted, counts.repaired, counts.refused])] : [];
    });
    const seconds = (performance.now() - this.start) / 1000;
    return [
      row('mutation', ['accepted', 'repaired', 'refused']),
      ...rows,
      `${this.cases} cases in ${seconds.toFixed(1)} s: nothing wrong`,
    ].join('\n');
  }
}
