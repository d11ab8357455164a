import fc from 'fast-check';

/** What decides on a change says the same of it each time; everywhere else, each run tries something new. */
const { STATSTOP_SEED } = process.env;
if (STATSTOP_SEED) fc.configureGlobal({ seed: Number(STATSTOP_SEED) });
