/**
 * Seconds to wait for something that must happen: longer than it takes on the busiest machine. Only what never happens takes
 * so long. A test that measures how long something takes compares it with something else that it measures.
 */
export const PATIENCE_SECONDS = Number(process.env.STATSTOP_PATIENCE ?? 120);

export const PATIENCE_MS = 1000 * PATIENCE_SECONDS;
