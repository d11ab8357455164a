import { VIEWS } from '../../src/views/views.ts';

const NAMES: readonly string[] = VIEWS.app.map(({ name }) => name);

/** How often Tab leads from one view of an app server to another one. The digits end at the tenth view. */
export function tabsTo(name: string, from = 'workers'): number {
  const [start, end] = [NAMES.indexOf(from), NAMES.indexOf(name)];
  if (start < 0 || end < 0) throw new Error(`no view ${start < 0 ? from : name}`);
  return (end - start + NAMES.length) % NAMES.length;
}
