/** The command line is invalid. The exit status is 2, or 3 for `check`. */
export class UsageError extends Error {
  override name = 'UsageError';
}
