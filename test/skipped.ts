import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Prints the skipped tests and the reasons at the end of the whole run. `skipping` writes the lines. */
export default function setup(): () => void {
  const folder = mkdtempSync(join(tmpdir(), 'statstop-skipped-'));
  // The test processes inherit this variable.
  process.env.STATSTOP_SKIPPED = join(folder, 'reasons');
  return () => {
    const reasons = new Set(linesOf(process.env.STATSTOP_SKIPPED ?? ''));
    rmSync(folder, { recursive: true });
    if (reasons.size > 0) console.log(`NOT TESTED:\n${[...reasons].map((line) => `  ${line}\n`).join('')}`);
  };
}

function linesOf(path: string): string[] {
  try {
    return readFileSync(path, 'utf8').split('\n').filter(Boolean).sort();
  } catch {
    // No test was skipped: the file does not exist.
    return [];
  }
}
