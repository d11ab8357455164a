/** Work that can pause: a document of 64 MiB takes more than a second, and a live view takes keys between two steps. */
export type Steps<Result> = Generator<void, Result>;

/** Does all of it now. */
export function atOnce<Result>(steps: Steps<Result>): Result {
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
  }
}
