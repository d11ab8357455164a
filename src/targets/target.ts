/** A target to read. `parseTarget` makes it from a command line argument. */
export type Target = SocketTarget | FileTarget | StdinTarget | ExecTarget | SshTarget;

/** The protocol of a stats server: only the document, or HTTP. */
export type Protocol = 'raw' | 'http';

export interface SocketTarget {
  kind: 'socket';
  /** The text that the user wrote, with secrets masked. It is the name of the target everywhere. */
  text: string;
  address: Address;
  /** Set by the scheme; `null` if it must be detected. */
  protocol: Protocol | null;
  /** Path of the HTTP request. */
  path: string;
  /** What gave the address, for messages, such as `stats` in `uwsgi.ini:7`. Absent if the user gave it. */
  from?: string;
}

export type Address =
  | { family: 'unix'; path: string }
  /** The name without its leading NUL (or `@`). */
  | { family: 'abstract'; name: string }
  | { family: 'tcp'; host: string; port: number };

/** A path without a scheme. It is a socket or a file with a document; each read checks which. */
export interface FileTarget {
  kind: 'path';
  /** The path with secrets masked. */
  text: string;
  path: string;
}

export interface StdinTarget {
  kind: 'stdin';
  text: string;
}

/** A command that prints a document each time that it runs. */
export interface ExecTarget {
  kind: 'exec';
  /** The text that the user wrote, with secrets masked. */
  text: string;
  program: string;
  args: readonly string[];
}

/** A stats server that is reached through `ssh`. */
export interface SshTarget {
  kind: 'ssh';
  text: string;
  login: Login;
  /** Its address on the machine of the login: a path or TCP. */
  address: Address;
}

/** What `ssh` needs to know to reach a machine. `null` leaves the choice to the configuration of `ssh`. */
export interface Login {
  user: string | null;
  /** A name or an address, without brackets. */
  host: string;
  port: number | null;
}

/**
 * Returns the address on this machine or in its network to which a read of a target may connect. `null` for a target
 * that is not a server, or is reached only through another program.
 */
export function addressOf(target: Target): Address | null {
  switch (target.kind) {
    case 'socket':
      return target.address;
    case 'path':
      return { family: 'unix', path: target.path };
    case 'stdin':
    case 'exec':
    case 'ssh':
      return null;
  }
}

/**
 * Identifies what a target reads. The text of a target does not: secrets are masked in it. The identity can contain
 * them, so it is never shown.
 */
export function identityOf(target: Target): string {
  const address = addressOf(target);
  const what =
    address === null ? { ...target, text: '' } : [address, target.kind === 'socket' ? target.path : '/'];
  return JSON.stringify(what);
}

/** The argument is not a valid target. The message contains the error and a valid form. */
export class TargetSyntaxError extends Error {
  override name = 'TargetSyntaxError';
}

/** The argument is a number, but not the pid of a uWSGI process. It may be meant as a port. */
export class NotPidError extends TargetSyntaxError {
  override name = 'NotPidError';
}
