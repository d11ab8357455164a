import type { Mask } from '../text/secrets.ts';

/** Options of the formats of `--stream` and of `--line`. */
export interface StreamOptions {
  mask: Mask;
  /** Number of readings of this server that are not in the output, because its reader was too slow. Default: 0. */
  missed?: number | undefined;
}
