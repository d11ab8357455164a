/** `onTestFinished` of a test: registers a function that cleans up. */
export type OnFinish = (task: () => void | Promise<void>) => unknown;

/** The name and the function of a test. `alone`: it would slow down others, or is not safe beside them. */
export type Task = readonly [name: string, run: (onFinish: OnFinish) => Promise<void>, alone?: boolean];

/** Returns the result of a task: throws the error of the task, if any. */
type End = () => void;

/**
 * Runs tasks concurrently, from the first request for a result on. Then runs the tasks with `alone` one by one. Most
 * tasks mainly wait, and the runner itself starts only a few at once.
 *
 * @returns the test function of a task, for the runner
 */
export function sideBySide(tasks: readonly Task[], atOnce = 16): (task: Task) => Promise<void> {
  const ends = new Map<Task, Promise<End>>();
  const waiting: (() => Promise<void>)[] = [];
  const lane = async () => {
    for (let start = waiting.shift(); start; start = waiting.shift()) await start();
  };
  const startAll = () => {
    // Each server and each live view adds a listener for the end of the process.
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
    if (!tell) throw new Error('the task is not in the list');
    tell();
  };
}

/** Never rejects, because the test of the failed task may not have begun. */
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
