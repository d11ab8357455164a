import type { LiveRecorder } from '../../src/terminal/effects.ts';

/** For live views whose test does not record. */
export const NO_RECORDER: LiveRecorder = {
  start: async () => {
    throw new Error('this test does not record');
  },
  stop() {},
  record() {},
  setServers() {},
};
