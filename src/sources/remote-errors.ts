import type { Login } from '../targets/target.ts';
import { plural } from '../text/words.ts';
import { TargetError } from './errors.ts';

// Errors of targets that another program reads.

/** Appends the message of a program. It is neither clean nor masked. */
function withMessage(cause: string, message: string | null | undefined): string {
  return message ? `${cause}: ${message}` : cause;
}

export class CommandNotFoundError extends TargetError {
  override name = 'CommandNotFoundError';
  constructor(target: string, program: string) {
    super(
      target,
      `command not found: ${program}`,
      "Check its spelling and PATH. No shell runs it: aliases and built-in commands need exec:sh -c 'COMMAND'.",
    );
  }
}

export class CommandNotRunError extends TargetError {
  override name = 'CommandNotRunError';
  /** @param code code of the operating system */
  constructor(target: string, program: string, code: string) {
    super(
      target,
      code === 'EACCES'
        ? `${program} is not executable for this user`
        : `${program} could not be started (${code})`,
      'The first word of the command is the program to run, with its path if it is not in PATH.',
    );
  }
}

const NO_INPUT = 'It has no terminal and no input here, so it must need no password.';

export class CommandFailedError extends TargetError {
  override name = 'CommandFailedError';
  /** @param how how it ended: `status 3` or `SIGKILL` */
  constructor(target: string, how: string, message: string | null) {
    super(
      target,
      withMessage(`the command ended with ${how}`, message),
      `Run it in a terminal to see all its messages. ${NO_INPUT}`,
    );
  }
}

export class CommandTimeoutError extends TargetError {
  override name = 'CommandTimeoutError';
  constructor(target: string, seconds: number, bytes: number, message: string | null) {
    super(
      target,
      withMessage(`the command did not end within ${seconds}s (${plural(bytes, 'byte')} received)`, message),
      `It must print one document and end. To wait longer, set --timeout. ${NO_INPUT}`,
    );
  }
}

export class CommandStuckError extends TargetError {
  override name = 'CommandStuckError';
  constructor(target: string) {
    super(
      target,
      'the command of the read before still runs',
      "It belongs to another user, so it could not be ended. Let it end of its own, as in 'exec:sudo timeout 3 COMMAND'.",
    );
  }
}

export class NothingPrintedError extends TargetError {
  override name = 'NothingPrintedError';
  constructor(target: string, message: string | null) {
    super(
      target,
      withMessage('the command printed no document', message),
      'It must print what a stats server sends, such as uwsgi --connect-and-read ADDRESS.',
    );
  }
}

export class SshMissingError extends TargetError {
  override name = 'SshMissingError';
  constructor(target: string) {
    super(target, 'the program ssh was not found', 'Install the client of OpenSSH, and check PATH.');
  }
}

export class SshFailedError extends TargetError {
  override name = 'SshFailedError';
  /** @param message what `ssh` wrote */
  constructor(target: string, { user, host, port }: Login, message: string) {
    const place = `${port === null ? '' : `-p ${port} `}${user === null ? '' : `${user}@`}${host}`;
    super(
      target,
      withMessage('ssh failed', message),
      `This command must work in a terminal without a question: ssh -o BatchMode=yes ${place}`,
    );
  }
}

export class SshTimeoutError extends TargetError {
  override name = 'SshTimeoutError';
  constructor(target: string, seconds: number, message: string) {
    super(
      target,
      withMessage(`ssh did not connect within ${seconds}s`, message),
      'Check the name and the network. To wait longer, set --timeout.',
    );
  }
}

export class SshFolderError extends TargetError {
  override name = 'SshFolderError';
  constructor(target: string) {
    super(
      target,
      'there is no safe directory for the sockets of ssh',
      'Set XDG_RUNTIME_DIR to a directory with a short path that only this user can write to.',
    );
  }
}

export class SshRefusedError extends TargetError {
  override name = 'SshRefusedError';
  /** @param reason what the other machine answered */
  constructor(target: string, address: string, reason: string) {
    super(
      target,
      `ssh could not connect to ${address} there (${reason})`,
      'The server is down or uses another address, the user of ssh has no permission, or sshd there forbids it. For a socket of another user, use exec: with sudo.',
    );
  }
}

export class SshForbiddenError extends TargetError {
  override name = 'SshForbiddenError';
  constructor(target: string, reason: string) {
    super(
      target,
      `the other machine does not allow the forwarding (${reason})`,
      "Its sshd needs AllowTcpForwarding. Without it, use 'exec:ssh HOST socat - TCP:ADDRESS'.",
    );
  }
}

export class SshSilentError extends TargetError {
  override name = 'SshSilentError';
  constructor(target: string, seconds: number) {
    super(
      target,
      `nothing arrived through ssh within ${seconds}s`,
      "The server's master is stopped or stuck, or the network is slow. To wait longer, set --timeout.",
    );
  }
}
