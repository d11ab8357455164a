import { plural } from '../text/words.ts';

/**
 * Base class of the errors for a target that could not be read. Each cause has its own class. The message contains the
 * cause and then the advice.
 */
export class TargetError extends Error {
  override name = 'TargetError';
  /** What happened, without the target and the advice; for lines with little space. */
  override readonly cause: string;
  /** What the user can do. */
  readonly advice: string;

  constructor(target: string, cause: string, advice: string) {
    super(`${target}: ${cause}. ${advice}`);
    this.cause = cause;
    this.advice = advice;
  }
}

const NAME_IT = 'The stats socket is the one named by `stats = ...` in the uWSGI configuration.';
const LOOKS_LIKE_APP = `It looks like the application's socket. ${NAME_IT}`;

export class NotFoundError extends TargetError {
  override name = 'NotFoundError';
  constructor(target: string) {
    super(target, 'no such socket or file', `Is the server running? ${NAME_IT}`);
  }
}

export class RefusedError extends TargetError {
  override name = 'RefusedError';
  constructor(target: string) {
    super(
      target,
      'connection refused',
      `Nobody listens there: the server is down, or its socket has moved. ${NAME_IT}`,
    );
  }
}

export class PermissionError extends TargetError {
  override name = 'PermissionError';
  constructor(target: string) {
    super(target, 'permission denied', "Run statstop as the server's user or as root.");
  }
}

export class IsDirectoryError extends TargetError {
  override name = 'IsDirectoryError';
  constructor(target: string) {
    super(target, 'it is a directory', `Name the socket in it. ${NAME_IT}`);
  }
}

export class NotFileError extends TargetError {
  override name = 'NotFileError';
  constructor(target: string) {
    super(target, 'it is neither a socket nor a file', NAME_IT);
  }
}

export class HostNotFoundError extends TargetError {
  override name = 'HostNotFoundError';
  constructor(target: string) {
    super(target, 'the host name is not known', 'Check its spelling, or give the address.');
  }
}

export class UnreachableError extends TargetError {
  override name = 'UnreachableError';
  constructor(target: string, code: string) {
    super(target, `the host cannot be reached (${code})`, 'Check the address and the network.');
  }
}

export class ConnectTimeoutError extends TargetError {
  override name = 'ConnectTimeoutError';
  constructor(target: string, seconds: number) {
    super(
      target,
      `no connection within ${seconds}s`,
      "The server's master is busy or stopped, or a firewall drops the packets. --timeout waits longer.",
    );
  }
}

export class BusyError extends TargetError {
  override name = 'BusyError';
  constructor(target: string) {
    super(
      target,
      'it is busy: as many connections as its socket takes are waiting',
      "The server's master is stopped or stuck, or something else reads its stats without pause.",
    );
  }
}

export class SilentError extends TargetError {
  override name = 'SilentError';
  constructor(target: string, seconds: number) {
    super(
      target,
      `it accepted the connection but sent nothing within ${seconds}s`,
      `The server's master is stopped or stuck, or this is the application's socket. ${NAME_IT}`,
    );
  }
}

export class StalledError extends TargetError {
  override name = 'StalledError';
  constructor(target: string, seconds: number, bytes: number) {
    super(
      target,
      `the document was not complete after ${seconds}s (${plural(bytes, 'byte')} received)`,
      'The server is stuck or the network is slow. --timeout waits longer.',
    );
  }
}

export class StalledPipeError extends TargetError {
  override name = 'StalledPipeError';
  constructor(target: string, seconds: number, bytes: number) {
    super(
      target,
      `the pipe was not closed within ${seconds}s (${plural(bytes, 'byte')} received)`,
      'Does a program write a document to it, and end? --timeout waits longer.',
    );
  }
}

export class ResetError extends TargetError {
  override name = 'ResetError';
  constructor(target: string) {
    super(
      target,
      'the server closed the connection before the document was complete',
      'It may be restarting: try again.',
    );
  }
}

export class NoAnswerError extends TargetError {
  override name = 'NoAnswerError';
  /** @param asked whether a request was sent */
  constructor(target: string, asked: boolean) {
    const why = asked
      ? LOOKS_LIKE_APP
      : `The server is stopping, or this is not its stats socket. ${NAME_IT}`;
    super(target, 'it closed the connection without a byte', why);
  }
}

const EMPTY_FILE = 'A stats document is expected: statstop TARGET --raw prints one.';
/**
 * `uwsgi_connect` in core/uwsgi.c writes to standard error. The text has no `|`, which starts the performance data in
 * the output of `check`.
 */
const EMPTY_INPUT = `${EMPTY_FILE} uwsgi --connect-and-read ADDRESS prints it to standard error: add 2>&1 to that command.`;

export class EmptyError extends TargetError {
  override name = 'EmptyError';
  constructor(target: string) {
    super(target, 'it is empty', target === '-' ? EMPTY_INPUT : EMPTY_FILE);
  }
}

export class TooLargeError extends TargetError {
  override name = 'TooLargeError';
  /** @param does verb phrase of the message: how the target exceeds the limit */
  constructor(target: string, limit: number, does = 'sent more than') {
    super(target, `it ${does} ${limit / 2 ** 20} MiB`, `No stats document is. ${NAME_IT}`);
  }
}

/** Maximum number of characters of an HTTP status that a message repeats. */
const MAX_STATUS = 60;

export class HttpStatusError extends TargetError {
  override name = 'HttpStatusError';
  constructor(target: string, status: string) {
    super(
      target,
      `it answered HTTP ${status.slice(0, MAX_STATUS)}`,
      `This is not the stats server. ${NAME_IT}`,
    );
  }
}

export class NotStatsError extends TargetError {
  override name = 'NotStatsError';
  /** @param http whether the response was HTTP, as the response of an application is */
  constructor(target: string, why: string, http: boolean) {
    super(target, why, http ? LOOKS_LIKE_APP : NAME_IT);
  }
}

/** The target is a file of another kind that users often name by mistake. This is an error in the command line. */
export class MistakenError extends TargetError {
  override name = 'MistakenError';
  constructor(target: string, { what, advice }: { what: string; advice: string }) {
    super(target, what, advice);
  }
}

export class TruncatedError extends TargetError {
  override name = 'TruncatedError';
  constructor(target: string, why: string) {
    super(target, why, 'The server gave up sending it, as it does after its socket timeout. Try again.');
  }
}

export class PathTooLongError extends TargetError {
  override name = 'PathTooLongError';
  /** @param most maximum length of a socket path in bytes */
  constructor(target: string, most: number) {
    super(
      target,
      `a socket's path has at most ${most} bytes`,
      'Change to its folder first (cd) and give the rest of the path.',
    );
  }
}

export class AbstractSocketError extends TargetError {
  override name = 'AbstractSocketError';
  constructor(target: string) {
    super(
      target,
      `Node.js ${process.versions.node} cannot reach abstract sockets`,
      'Run statstop with Node.js 22 or newer, or give the server a second address (`stats` may be a path or host:port).',
    );
  }
}

export class ReadError extends TargetError {
  override name = 'ReadError';
  constructor(target: string, cause: string) {
    super(target, cause, NAME_IT);
  }
}
