import { writeFileSync } from 'node:fs';
import type { Failure } from './campaign.ts';

/**
 * Describes a failure and how to repeat it, and saves the bytes. Only this user can read them, because documents
 * contain secrets.
 */
export function report({ trial, oracle, complaint }: Failure): string {
  const { seed, number, capture, mutations, bytes } = trial;
  const file = `fuzz-failure-${seed}-${number}.stats`;
  writeFileSync(file, bytes, { mode: 0o600 });
  return [
    `FAILED: ${oracle}: ${complaint}`,
    `  seed ${seed}, case ${number}: ${capture}, ${mutations.join(' + ') || 'not changed'}`,
    `  its ${bytes.length} bytes are in ${file}`,
    `  again: npm run fuzz -- --seed ${seed} --case ${number}`,
  ].join('\n');
}
