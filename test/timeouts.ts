/**
 * Seconds that a test waits for an event that must happen. Only an event that never happens takes this long, even on a
 * busy machine. A test of a duration compares it with another duration that it measures.
 */
export const TIMEOUT_SECONDS = Number(process.env.STATSTOP_TEST_TIMEOUT ?? 120);

export const TIMEOUT_MS = 1000 * TIMEOUT_SECONDS;
