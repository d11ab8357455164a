import { TargetError } from './errors.ts';

/**
 * Advice that explains the option. The option also enables the threads and the master that it needs
 * (UWSGI_OPT_THREADS).
 */
export const TRACEBACKER_OPTION =
  'The uWSGI option is `py-tracebacker = PREFIX`; worker N then listens at PREFIX with N behind it, in a folder that its user may write to.';

export class NoTracebackerError extends TargetError {
  override name = 'NoTracebackerError';
  constructor(path: string) {
    super(path, 'no tracebacker socket is there', TRACEBACKER_OPTION);
  }
}

export class TracebackerGoneError extends TargetError {
  override name = 'TracebackerGoneError';
  /** @param cause how the failure appeared */
  constructor(path: string, cause = 'nobody listens at this tracebacker socket any more') {
    super(path, cause, 'The worker has ended, or another one has taken its place: try again.');
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
      "The worker's Python does not come to it: C code keeps the interpreter lock (GIL), or the process is stopped.",
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
      'the tracebacker closed the connection without a byte',
      'A character beyond ASCII in a file name, a function or a source line breaks it (a defect of uWSGI) until the worker is reloaded.',
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
      'Run statstop with Node.js 22 or newer, or give `py-tracebacker` the beginning of a path.',
    );
  }
}
