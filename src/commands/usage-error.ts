/** The command line is invalid. The exit status is 2, or 3 for `check`. */
export class UsageError extends Error {
  override name = 'UsageError';
}

/** An error in the value of an environment variable. */
export class VariableError extends Error {
  override name = 'VariableError';
  readonly variable: string;

  constructor(variable: string, cause: unknown) {
    super(variable, { cause });
    this.variable = variable;
  }
}
