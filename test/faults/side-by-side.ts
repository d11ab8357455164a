/** `onTestFinished` of a test: what it has to put away. */
export type OnFinish = (task: () => void | Promise<void>) => unknown;

/** A test, by its name. `alone`: it would starve others, or is not safe beside them. */
export type Task = readonly [name: string, run: (onFinish: OnFinish) => Promise<void>, alone?: boolean];

/** What tells how a task ended: it throws what the task threw. */
type End = () => void;

/**
 * Runs tasks side by side, as soon as the first of them is asked for, and then those that want to be alone, one by one.
 * Most of these wait for most of their time, and the runner itself takes few at once.
 *
 * @returns the test of a task, for the runner
 */
export function sideBySide(tasks: readonly Task[], atOnce = 16): (task: Task) => Promise<void> {
  const ends = new Map<Task, Promise<End>>();
  const waiting: (() => Promise<void>)[] = [];
  const lane = async () => {
    for (let start = waiting.shift(); start; start = waiting.shift()) await start();
  };
  const startAll = () => {
    // Each server listens for the end of the process, and so does each live view.
    process.setMaxListeners(8 * atOnce);
    for (const task of tasks.filter(([, , alone]) => !alone)) {
      const end = new Promise<End>((resolve) => {
        waiting.push(async () => resolve(await ended(task)));
      });
      ends.set(task, end);
    }
    for (let lanes = 0; lanes < atOnce; lanes += 1) void lane();
  };
  return async (task) => {
    if (ends.size === 0) startAll();
    const [, , alone] = task;
    if (alone) await Promise.all(ends.values());
    const tell = await (alone ? ended(task) : ends.get(task));
    if (!tell) throw new Error('it is not one of the tasks');
    tell();
  };
}

/** Never rejects: the test that the failure belongs to may not have begun. */
async function ended([, run]: Task): Promise<End> {
  const cleanups: Parameters<OnFinish>[0][] = [];
  try {
    await run((task) => cleanups.unshift(task));
    return () => {};
  } catch (error) {
    return () => {
      throw error;
    };
  } finally {
    for (const task of cleanups) await task();
  }
}
