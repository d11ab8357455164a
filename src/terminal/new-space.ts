import { setFlagsFromString } from 'node:v8';

/**
 * Keeps V8's space for new objects at its first size. Otherwise V8 enlarges it. With 100 servers that takes a third of the
 * memory, and statstop needs no less CPU time (`bench/many`). V8 reads this flag whenever the space would grow, so it can
 * be set after the start.
 */
export function keepNewSpaceSmall(): void {
  setFlagsFromString('--semi-space-growth-factor=1');
}
