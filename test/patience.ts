/**
 * Seconds to wait for an event that must happen: longer than it takes on the busiest machine. Only an event that never
 * happens takes this long. A test of a duration compares it with another duration that it measures.
 */
export const PATIENCE_SECONDS = Number(process.env.STATSTOP_PATIENCE ?? 120);

export const PATIENCE_MS = 1000 * PATIENCE_SECONDS;
