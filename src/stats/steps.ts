/**
 * Work that can pause. A document of 64 MiB takes more than a second, and the live view handles keys between two steps.
 */
export type Steps<Result> = Generator<void, Result>;

/** Runs all steps without a pause. */
export function atOnce<Result>(steps: Steps<Result>): Result {
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
  }
}
