import { defineConfig } from 'vitest/config';

/** What replaces a module or becomes another user would do so for the files after it too; what counts connections wants no others near. */
const ALONE = [
  'test/settings/disk.test.ts',
  'test/client/poll.test.ts',
  'test/client/discipline.test.ts',
  'test/commands/read-sample.test.ts',
];

const MEASURED = [
  'test/e2e/uwsgi-rates.test.ts',
  'test/e2e/uwsgi-usage.test.ts',
  'test/e2e/uwsgi-host.test.ts',
  'test/e2e/terminal.test.ts',
  'test/e2e/terminal-end.test.ts',
];

export default defineConfig({
  test: {
    reporters: ['default'],
    // What somebody has set for himself is not tested.
    env: { XDG_CONFIG_HOME: '/nonexistent' },
    // Most tests wait most of the time: a worker a processor, less one, would take three times as long.
    maxWorkers: 3,
    projects: [
      {
        // Seconds enough for a machine that is busy with something else.
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: ['test/e2e/**', 'test/faults/**', 'test/fuzz/**', ...ALONE],
          testTimeout: 30_000,
          // To load everything again for each file takes as long as half of the tests.
          isolate: false,
          setupFiles: ['test/seed.ts'],
        },
      },
      { test: { name: 'alone', include: ALONE, testTimeout: 30_000, setupFiles: ['test/seed.ts'] } },
      {
        // What goes wrong, again and again: of no version of Node.js, and mostly waiting.
        test: {
          name: 'faults',
          include: [
            'test/faults/**/*.test.ts',
            'test/fuzz/**/*.test.ts',
            'test/e2e/terminal-slow*.test.ts',
            'test/e2e/cli*.test.ts',
          ],
          testTimeout: 90_000,
          setupFiles: ['test/seed.ts'],
        },
      },
      {
        // Real servers and terminals, which mostly wait.
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          exclude: ['test/e2e/terminal-slow*.test.ts', 'test/e2e/cli*.test.ts', ...MEASURED],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        // What is compared with a clock: one file at a time, each with the machine to itself.
        test: {
          name: 'measured',
          include: MEASURED,
          fileParallelism: false,
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
});
