import { memoize } from './memoize.ts';
import type { AppSample } from './sample.ts';

/** Processors that the workers use (2.5 stands for two and a half), if the kernel reports it. */
export const processorsOf = memoize(({ host }: AppSample): number | null => {
  const known = [...(host?.processes.values() ?? [])].flatMap(({ cpu }) => cpu ?? []);
  return known.length === 0 ? null : known.reduce((sum, cpu) => sum + cpu, 0);
});
