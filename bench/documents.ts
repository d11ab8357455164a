import { appDocument } from '../src/demo/document.ts';
import { createTraffic } from '../src/demo/traffic.ts';

/** Size of a server to measure with. */
export interface Size {
  workers: number;
  /** Cores per worker. */
  cores: number;
}

/** About 10 KB, 200 KB and 1.6 MB per document. */
export const SIZES: readonly Size[] = [
  { workers: 8, cores: 2 },
  { workers: 64, cores: 8 },
  { workers: 512, cores: 8 },
];

/** Returns a name such as `64x8`. */
export function sizeName({ workers, cores }: Size): string {
  return `${workers}x${cores}`;
}

/** Seconds of traffic before the first document. */
const PAST_SECONDS = 30;

/** Returns `count` documents of one server under load, `seconds` apart. */
export function documents({ workers, cores }: Size, count: number, seconds: number): Buffer[] {
  // One request per second and core: most workers change in every document.
  const traffic = createTraffic({ workers, cores, rate: workers * cores });
  traffic.advance(PAST_SECONDS);
  const epoch = Date.now() / 1000 - PAST_SECONDS;
  return Array.from({ length: count }, () => {
    traffic.advance(seconds);
    return Buffer.from(appDocument(traffic.state, { epoch }));
  });
}
