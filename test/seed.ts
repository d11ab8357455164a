import fc from 'fast-check';

/** CI sets the seed, so that its result for a change is reproducible. All other runs test new random values. */
const { STATSTOP_SEED } = process.env;
if (STATSTOP_SEED) fc.configureGlobal({ seed: Number(STATSTOP_SEED) });
