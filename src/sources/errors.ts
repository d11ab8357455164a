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
  advice: string;

  /** @param cause may end with the full stop of another program's message */
  constructor(target: string, cause: string, advice: string) {
    const what = cause.replace(/\.$/, '');
    super(`${target}: ${what}. ${advice}`);
    this.cause = what;
    this.advice = advice;
  }

  /** Adds a sentence to the advice. */
  withAdvice(sentence: string): this {
    this.advice += ` ${sentence}`;
    this.message += ` ${sentence}`;
    return this;
  }
}

/** Several targets could not be read. */
export class TargetErrors extends AggregateError {
  override name = 'TargetErrors';
  declare errors: TargetError[];
}

const NAME_IT = 'Use the stats socket: the address of `stats = ...` in the uWSGI configuration.';
const LOOKS_LIKE_APP = `This looks like the application's socket. ${NAME_IT}`;

export class NotFoundError extends TargetError {
  override name = 'NotFoundError';
  constructor(target: string) {
    super(target, 'no such socket or file', `Check that the server is running. ${NAME_IT}`);
  }
}

export class RefusedError extends TargetError {
  override name = 'RefusedError';
  constructor(target: string) {
    super(
      target,
      'connection refused',
      `No process listens there: the server is down or uses another address. ${NAME_IT}`,
    );
  }
}

/** The target names a process that is not part of a uWSGI server. */
export class NotRunningError extends TargetError {
  override name = 'NotRunningError';
  constructor(target: string, pid: number) {
    super(
      target,
      `no uWSGI server has the process id ${pid}`,
      'Check that the server is running, or give the address of its stats socket.',
    );
  }
}

/** The target names a running server, but no stats socket of it can be read from here. */
export class NoStatsError extends TargetError {
  override name = 'NoStatsError';
}

/**
 * One of several arguments that leads to no server, such as a configuration without stats. Alone, it would be an error
 * in the command line.
 */
export class NoServerError extends TargetError {
  override name = 'NoServerError';
  constructor(target: string, { message }: Error) {
    const own = message.startsWith(`${target}: `) ? message.slice(target.length + 2) : message;
    const [, cause = own, advice = 'Give the address of the stats socket.'] =
      /^(.*?)\. ([A-Z].*)$/s.exec(own) ?? [];
    super(target, cause, advice);
    this.message = message;
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
    super(target, 'the target is a directory', 'Give the path of the stats socket in it.');
  }
}

export class NotFileError extends TargetError {
  override name = 'NotFileError';
  constructor(target: string) {
    super(target, 'the target is neither a socket nor a file', NAME_IT);
  }
}

export class HostNotFoundError extends TargetError {
  override name = 'HostNotFoundError';
  constructor(target: string) {
    super(target, 'unknown host name', 'Check the spelling or use the IP address.');
  }
}

export class UnreachableError extends TargetError {
  override name = 'UnreachableError';
  constructor(target: string, code: string) {
    super(target, `the host is unreachable (${code})`, 'Check the address and the network.');
  }
}

export class ConnectTimeoutError extends TargetError {
  override name = 'ConnectTimeoutError';
  constructor(target: string, seconds: number) {
    super(
      target,
      `no connection within ${seconds}s`,
      "The server's master is busy or stopped, or a firewall drops the packets. To wait longer, set --timeout.",
    );
  }
}

export class BusyError extends TargetError {
  override name = 'BusyError';
  constructor(target: string) {
    super(
      target,
      'the queue of the stats socket is full',
      "The server's master is stopped or stuck, or another program reads its stats without a pause.",
    );
  }
}

export class SilentError extends TargetError {
  override name = 'SilentError';
  constructor(target: string, seconds: number) {
    super(
      target,
      `the server accepted the connection but sent nothing within ${seconds}s`,
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
      'The server is stuck or the network is slow. To wait longer, set --timeout.',
    );
  }
}

export class StalledPipeError extends TargetError {
  override name = 'StalledPipeError';
  constructor(target: string, seconds: number, bytes: number) {
    super(
      target,
      `the pipe was not closed within ${seconds}s (${plural(bytes, 'byte')} received)`,
      'The program that writes to the pipe must end. To wait longer, set --timeout.',
    );
  }
}

export class ResetError extends TargetError {
  override name = 'ResetError';
  constructor(target: string) {
    super(
      target,
      'the server closed the connection before the document was complete',
      'It may be restarting. Try again.',
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
    super(target, 'the server closed the connection without sending data', why);
  }
}

const EMPTY_FILE = 'Expected a stats document, as printed by statstop TARGET --raw.';
/**
 * `uwsgi_connect` in core/uwsgi.c writes to standard error. The text has no `|`, which starts the performance data in
 * the output of `check`.
 */
const EMPTY_INPUT = `${EMPTY_FILE} uwsgi --connect-and-read ADDRESS prints to standard error: add 2>&1 to that command.`;

export class EmptyError extends TargetError {
  override name = 'EmptyError';
  constructor(target: string) {
    super(target, 'the document is empty', target === '-' ? EMPTY_INPUT : EMPTY_FILE);
  }
}

export class TooLargeError extends TargetError {
  override name = 'TooLargeError';
  /** @param what beginning of the message: what exceeds the limit */
  constructor(target: string, limit: number, what = 'the server sent') {
    super(target, `${what} more than ${limit / 2 ** 20} MiB`, `A stats document is smaller. ${NAME_IT}`);
  }
}

/** Maximum number of characters of an HTTP status that a message repeats. */
const MAX_STATUS = 60;

export class HttpStatusError extends TargetError {
  override name = 'HttpStatusError';
  constructor(target: string, status: string) {
    super(
      target,
      `the server returned HTTP ${status.slice(0, MAX_STATUS)}`,
      `This is not the stats server. ${NAME_IT}`,
    );
  }
}

export class NotStatsError extends TargetError {
  override name = 'NotStatsError';
  /** Whether the response was HTTP, as the response of an application is. */
  readonly http: boolean;
  constructor(target: string, why: string, http: boolean) {
    super(target, why, http ? LOOKS_LIKE_APP : NAME_IT);
    this.http = http;
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
    super(target, why, 'The server stopped sending, probably after its socket timeout. Try again.');
  }
}

export class PathTooLongError extends TargetError {
  override name = 'PathTooLongError';
  /** @param most maximum length of a socket path in bytes */
  constructor(target: string, most: number) {
    super(
      target,
      `the path of a socket can have at most ${most} bytes`,
      'Change to its directory (cd) and give a relative path.',
    );
  }
}

export class AbstractSocketError extends TargetError {
  override name = 'AbstractSocketError';
  constructor(target: string) {
    super(
      target,
      `Node.js ${process.versions.node} cannot reach abstract sockets`,
      'Use Node.js 22 or newer, or set `stats` of the server to a path or host:port.',
    );
  }
}

/** statstop itself has too many files open. */
export class NoDescriptorError extends TargetError {
  override name = 'NoDescriptorError';
  constructor(target: string, code: string) {
    super(
      target,
      `no free file descriptor (${code})`,
      'Raise the limit of open files: ulimit -n, or LimitNOFILE of systemd.',
    );
  }
}

export class ReadError extends TargetError {
  override name = 'ReadError';
  constructor(target: string, cause: string) {
    super(target, cause, NAME_IT);
  }
}
