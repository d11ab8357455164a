import { Worker } from 'node:worker_threads';

/** What a thread of the bench does. */
export type Job =
  | { kind: 'servers'; paths: string[] }
  | { kind: 'readers'; paths: string[] }
  | { kind: 'changing'; paths: string[] };

/** Runs this bench again in a thread, for one job; resolves when it has begun. */
export async function startThread(file: string, job: Job): Promise<Worker> {
  const thread = new Worker(file, { workerData: job });
  await new Promise((resolve, reject) => thread.once('message', resolve).once('error', reject));
  return thread;
}

/** Resolves with the next message of the thread; rejects if none comes in time. */
export async function answerOf<Answer>(
  thread: Worker,
  question: string,
  patienceMs = 10_000,
): Promise<Answer> {
  let timer: NodeJS.Timeout | undefined;
  const answer = new Promise<Answer>((resolve, reject) => {
    thread.once('message', resolve);
    timer = setTimeout(reject, patienceMs, new Error(`a thread did not answer "${question}"`));
  });
  thread.postMessage(question);
  return answer.finally(() => clearTimeout(timer));
}
