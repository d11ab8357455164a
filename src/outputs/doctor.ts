import type { Locality } from '../host/explain.ts';
import type { Observed } from '../monitor/observation.ts';
import type { Sample } from '../rates/sample.ts';
import type { Snapshot } from '../stats/snapshot.ts';
import { boundedMask, CELL_CHARACTERS } from '../text/bounds.ts';
import type { Mask } from '../text/secrets.ts';
import type { Exporter } from './exporter.ts';
import { kernelFacts, NEEDS_RIGHTS } from './kernel-facts.ts';
import { type Fact, reportText, type Section } from './report.ts';

export interface DoctorOptions {
  mask: Mask;
  /** Whether the server is proved to run on this machine. `null` if that was not examined. */
  locality?: Locality | null;
}

/** The parts of `statstop doctor` that depend on a document. The values of requests are not part of it. */
export const DOCTOR: Exporter<DoctorOptions> = {
  name: 'doctor',
  of: 'server',
  write: (observed, options) => reportText(documentSections(observed, options)),
};

export function documentSections(observed: Observed, { mask, locality = null }: DoctorOptions): Section[] {
  const { sample } = observed;
  return [
    { title: 'document', facts: documentFacts(observed, boundedMask(mask, CELL_CHARACTERS)) },
    { title: 'server on this machine', facts: machineFacts(sample, locality) },
  ];
}

const KINDS = { app: 'app server', emperor: 'emperor', router: 'router' } as const;

function documentFacts({ sample, findings }: Observed, mask: Mask): Fact[] {
  const { snapshot } = sample;
  const { version, pid, uid, gid, cwd } = snapshot.server;
  return [
    ['kind', KINDS[snapshot.kind]],
    ['uWSGI', version && mask.text(version)],
    ['pid of the master', text(pid)],
    ['uid, gid', `${text(uid) ?? '-'}, ${text(gid) ?? '-'}`],
    ['directory', cwd && mask.text(cwd)],
    ['defects', snapshot.repaired ? 'it is not valid JSON or not UTF-8, and was repaired' : 'no'],
    ['contents', contents(snapshot)],
    ['findings', counted(findings.map(({ severity, rule }) => `${severity} ${rule}`)) || 'no'],
  ];
}

/** Lists words once, with the number of those that repeat: a rule can have a finding for each of many locks. */
function counted(words: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return [...counts].map(([word, count]) => (count === 1 ? word : `${word} (${count})`)).join(', ');
}

function text(number: number | null): string | null {
  return number === null ? null : String(number);
}

/** The lengths of the lists, without empty ones. */
function contents(snapshot: Snapshot): string {
  const cores = snapshot.kind === 'app' ? snapshot.workers.flatMap(({ cores }) => cores) : [];
  const lists = Object.entries({ ...snapshot, cores }).flatMap(([name, value]) =>
    Array.isArray(value) && value.length > 0 ? [`${name} ${value.length}`] : [],
  );
  return lists.join(', ') || 'no';
}

function machineFacts(sample: Sample, locality: Locality | null): Fact[] {
  if (sample.kind !== 'app') return [['proved', 'not examined: only app servers are']];
  if (locality === null) return [['proved', 'not examined: the document does not come from a server']];
  if (locality.proof === null) return [['proved', `no: ${locality.why}`]];
  return [['proved', `yes: ${PROOFS[locality.proof]}`], ...kernelFacts(sample)];
}

const PROOFS = {
  owner: 'the process of the document has opened the socket that was read',
  likeness: `all visible facts agree, but its open sockets cannot be inspected: ${NEEDS_RIGHTS}`,
} as const;
