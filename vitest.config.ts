import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';
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
  'test/outputs/prometheus/exposition.test.ts',
  'test/serve/http.test.ts',
  'test/serve/pool.test.ts',
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

/** These files take more than a minute, so they start before the others. */
const LONGEST = /\/(uwsgi-growth|uwsgi-live|terminal-slow-end)\.test\.ts$/;

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const isLong = ({ moduleId }: TestSpecification) => LONGEST.test(moduleId);
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))];
  }
}

// Only a test that hangs takes this long. The speed of the machine must not matter.
const LIMITS = { testTimeout: 5 * TIMEOUT_MS, hookTimeout: 5 * TIMEOUT_MS };

/** Tests that mostly wait. They run first, because `.ci/run` uses the processors for other work at this time. */
const WAITING = { ...LIMITS, setupFiles: ['test/seed.ts'], maxWorkers: 5, sequence: { groupOrder: 1 } };

/** Tests that mostly compute. */
const COMPUTING = { ...LIMITS, setupFiles: ['test/seed.ts'], maxWorkers: 3, sequence: { groupOrder: 2 } };

/** Loading the modules again for each file takes as long as half of the tests. */
const SHARED = { ...COMPUTING, isolate: false };

export default defineConfig({
  test: {
    reporters: ['default'],
    globalSetup: './test/skipped.ts',
    sequence: { sequencer: LongestFirst },
    // The tests must not read the settings of the user who runs them.
    env: { XDG_CONFIG_HOME: '/nonexistent' },
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
        test: { ...COMPUTING, name: 'alone', include: ALONE },
      },
      {
        extends: true,
        test: { ...COMPUTING, name: 'slow-alone', include: SLOW_ALONE },
      },
      {
        // Many repeated faults. These tests mostly wait and have the same results on every version of Node.js.
        extends: true,
        test: {
          ...WAITING,
          name: 'faults',
          include: [
            'test/faults/**/*.test.ts',
            'test/fuzz/**/*.test.ts',
            'test/e2e/terminal-slow*.test.ts',
            'test/e2e/cli*.test.ts',
          ],
        },
      },
      {
        // Tests with real servers and terminals, which mostly wait.
        extends: true,
        test: {
          ...WAITING,
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
        test: {
          ...LIMITS,
          name: 'measured',
          include: MEASURED,
          fileParallelism: false,
          sequence: { groupOrder: 3 },
        },
      },
    ],
  },
});
