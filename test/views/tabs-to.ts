import { BINDINGS } from '../../src/views/bindings.ts';
import { VIEWS } from '../../src/views/views.ts';

const NAMES: readonly string[] = VIEWS.app.map(({ name }) => name);

/** Number of Tab presses from one view of an app server to another. The digits end at the tenth view. */
export function tabsTo(name: string, from = 'workers'): number {
  const [start, end] = [NAMES.indexOf(from), NAMES.indexOf(name)];
  if (start < 0 || end < 0) throw new Error(`no view ${start < 0 ? from : name}`);
  return (end - start + NAMES.length) % NAMES.length;
}

/** The keys from Workers to another view of an app server: its digit if it has one, else Tab. */
export function keysTo(name: string): string {
  const digits = BINDINGS.find((binding) => binding.name === 'view')?.keys ?? [];
  return digits[NAMES.indexOf(name)] ?? '\t'.repeat(tabsTo(name));
}
