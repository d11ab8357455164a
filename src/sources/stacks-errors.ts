import { TargetError } from './errors.ts';

/**
 * Advice that explains the option. The option also enables the threads and the master that it needs
 * (UWSGI_OPT_THREADS).
 */
const TRACEBACKER_OPTION =
  'Set `py-tracebacker = PREFIX` in the uWSGI configuration. Worker N then listens at the path PREFIXN. The user of the worker must be able to write to its directory.';

export class NoTracebackerError extends TargetError {
  override name = 'NoTracebackerError';
  constructor(path: string) {
    super(path, 'no tracebacker socket at this path', TRACEBACKER_OPTION);
  }
}

export class TracebackerGoneError extends TargetError {
  override name = 'TracebackerGoneError';
  /** @param cause how the failure appeared */
  constructor(path: string, cause = 'no process listens at this tracebacker socket') {
    super(path, cause, 'The worker has ended or was replaced. Try again.');
  }
}

/** uWSGI's tracebacker thread responds only when it gets Python's interpreter lock (GIL). */
export class TracebackerHeldError extends TargetError {
  override name = 'TracebackerHeldError';
  /** @param cause how the failure appeared */
  constructor(path: string, cause: string) {
    super(
      path,
      cause,
      "The worker's tracebacker thread cannot run: C code holds the interpreter lock (GIL), or the process is stopped.",
    );
  }
}

/**
 * The tracebacker does not clear Python's exception when it cannot encode a character (`goto next` in tracebacker.c).
 * After that, it closes each reading without a byte until the worker is replaced. Observed with 2.0.21.
 */
export class TracebackerBrokenError extends TargetError {
  override name = 'TracebackerBrokenError';
  constructor(path: string) {
    super(
      path,
      'the tracebacker closed the connection without sending data',
      'A non-ASCII character in a file name, function or source line breaks it (a bug of uWSGI) until the worker is reloaded.',
    );
  }
}

export class NotTracebackerError extends TargetError {
  override name = 'NotTracebackerError';
  constructor(path: string, cause: string) {
    super(path, cause, `This is not a tracebacker socket. ${TRACEBACKER_OPTION}`);
  }
}

export class NoAbstractTracebackerError extends TargetError {
  override name = 'NoAbstractTracebackerError';
  constructor(path: string) {
    super(
      path,
      `Node.js ${process.versions.node} cannot reach abstract sockets`,
      'Use Node.js 22 or newer, or set `py-tracebacker` to the prefix of a path.',
    );
  }
}
