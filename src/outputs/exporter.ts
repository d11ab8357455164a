import type { Observed } from '../monitor/observation.ts';
import type { Mask } from '../text/secrets.ts';

/**
 * Writes what is known of a server in one form. Each output is one of these, so that one test can apply the rules for
 * untrusted text and secrets to all of them (`test/laws/exporters`).
 */
export interface Exporter<Options extends { mask: Mask }> {
  /** As the command line spells it. */
  name: string;
  write(observed: Observed, options: Options): string;
}
