import { defineConfig } from 'vitest/config';
import { TIMEOUT_MS } from './test/timeouts.ts';

/** Each of these tests replaces modules, becomes another user, or counts connections. It needs a process of its own. */
const ALONE = [
  'test/settings/disk.test.ts',
  'test/sources/open.test.ts',
  'test/commands/observe-target.test.ts',
];

/** Slow tests that need a process of their own. */
const SLOW_ALONE = ['test/sources/discipline.test.ts'];

/** Unit tests that take a second or more on an idle machine. `npm run test:unit` excludes them, `npm test` does not. */
const SLOW = [
  'test/laws/nothing-false.test.ts',
  'test/stats/fields.test.ts',
  'test/text/secrets.test.ts',
  'test/insights/rules-hostile.test.ts',
  'test/insights/rules-table.test.ts',
  'test/laws/secrets.test.ts',
  'test/views/detail.test.ts',
  'test/laws/sizes.test.ts',
  'test/insights/healthy.test.ts',
  'test/demo/faults.test.ts',
  'test/demo/server.test.ts',
  'test/demo/traffic.test.ts',
  'test/rates/history.test.ts',
  'test/settings/save.test.ts',
  'test/stats/cut.test.ts',
  'test/stats/repair.property.test.ts',
  'test/terminal/charts.test.ts',
  'test/terminal/loop*.test.ts',
  'test/terminal/output.test.ts',
  'test/terminal/paint.test.ts',
  'test/views/charts-curve.test.ts',
  'test/views/charts-first.test.ts',
  'test/views/charts-sizes.test.ts',
  'test/views/chooser.test.ts',
  'test/views/detail-cursor.test.ts',
  'test/views/screen.test.ts',
  'test/views/walks.test.ts',
];

const MEASURED = [
  'test/e2e/uwsgi-rates.test.ts',
  'test/e2e/uwsgi-usage.test.ts',
  'test/e2e/uwsgi-host.test.ts',
  'test/e2e/terminal.test.ts',
  'test/e2e/terminal-end.test.ts',
];

// Only a test that hangs takes this long. The speed of the machine must not matter.
const LIMITS = { testTimeout: 5 * TIMEOUT_MS, hookTimeout: 5 * TIMEOUT_MS };

// Loading the modules again for each file takes as long as half of the tests.
const SHARED = { ...LIMITS, isolate: false, setupFiles: ['test/seed.ts'] };

export default defineConfig({
  test: {
    reporters: ['default'],
    globalSetup: './test/skipped.ts',
    // The tests must not read the settings of the user who runs them.
    env: { XDG_CONFIG_HOME: '/nonexistent' },
    // Most tests mostly wait. With the default, one worker per processor less one, they would take three times as long.
    maxWorkers: 3,
    expect: { poll: { timeout: TIMEOUT_MS, interval: 20 } },
    projects: [
      {
        extends: true,
        test: {
          ...SHARED,
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: [
            'test/e2e/**',
            'test/release/**',
            'test/faults/**',
            'test/fuzz/**',
            ...ALONE,
            ...SLOW_ALONE,
            ...SLOW,
          ],
        },
      },
      {
        extends: true,
        test: { ...SHARED, name: 'slow', include: SLOW },
      },
      {
        extends: true,
        test: { ...LIMITS, name: 'alone', include: ALONE, setupFiles: ['test/seed.ts'] },
      },
      {
        extends: true,
        test: { ...LIMITS, name: 'slow-alone', include: SLOW_ALONE, setupFiles: ['test/seed.ts'] },
      },
      {
        // Many repeated faults. These tests mostly wait and have the same results on every version of Node.js.
        extends: true,
        test: {
          ...LIMITS,
          name: 'faults',
          include: [
            'test/faults/**/*.test.ts',
            'test/fuzz/**/*.test.ts',
            'test/e2e/terminal-slow*.test.ts',
            'test/e2e/cli*.test.ts',
          ],
          setupFiles: ['test/seed.ts'],
        },
      },
      {
        // Tests with real servers and terminals, which mostly wait.
        extends: true,
        test: {
          ...LIMITS,
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          exclude: ['test/e2e/terminal-slow*.test.ts', 'test/e2e/cli*.test.ts', ...MEASURED],
        },
      },
      // Tests of what `npm run package` made. The end-to-end tests run on its executable, too.
      ...(process.env.STATSTOP_TEST_COMMAND
        ? [
            {
              extends: true as const,
              test: { ...LIMITS, name: 'release', include: ['test/release/**/*.test.ts'] },
            },
          ]
        : []),
      {
        // Tests that compare with a clock: one file at a time, so that no other test uses the machine.
        extends: true,
        test: { ...LIMITS, name: 'measured', include: MEASURED, fileParallelism: false },
      },
    ],
  },
});
