/** What to read. Made from a command line argument by `parseTarget`. */
export type Target = SocketTarget | FileTarget | StdinTarget;

/** How the server speaks; `unknown` until the first answer shows it. */
export type Protocol = 'raw' | 'http';

export interface SocketTarget {
  kind: 'socket';
  /** As the user wrote it, without what a query string says: the name of the target everywhere. */
  text: string;
  address: Address;
  /** Given by the scheme; `null` when it is to be found out. */
  protocol: Protocol | null;
  /** Path of the HTTP request. */
  path: string;
}

export type Address =
  | { family: 'unix'; path: string }
  /** The name without its leading NUL (or `@`). */
  | { family: 'abstract'; name: string }
  | { family: 'tcp'; host: string; port: number };

/** A path without a scheme: what stands there when it is read, a socket or a file with a document, decides. */
export interface FileTarget {
  kind: 'path';
  text: string;
  path: string;
}

export interface StdinTarget {
  kind: 'stdin';
  text: string;
}

/** The argument is none of the known forms. The message says what is wrong and what would be right. */
export class TargetSyntaxError extends Error {
  override name = 'TargetSyntaxError';
}
