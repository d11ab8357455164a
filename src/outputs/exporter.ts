import type { FleetSample, Observed, Subject } from '../monitor/observation.ts';
import type { Sample } from '../rates/sample.ts';
import type { Mask } from '../text/secrets.ts';

/**
 * Writes an observation in one format. Every output implements this interface, so that one test can apply the rules for
 * untrusted text and secrets to every output (`test/laws/exporters`).
 */
export interface Exporter<Options extends { mask: Mask }, Of extends Subject = Sample> {
  /** The option or command of the command line. */
  name: string;
  /** Whether it writes one server, or all servers of a fleet together. */
  of: Of extends FleetSample ? 'fleet' : 'server';
  write(observed: Observed<Of>, options: Options): string;
}
