import { fstatSync } from 'node:fs';
import { isDumb, isUtf8, type TerminalType, terminalType } from './blessed/terminfo.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** What a standard stream is. `null` if it is closed. */
export type StreamKind = 'terminal' | 'file' | 'pipe' | 'device' | null;

/** The three standard streams of a process, or others of the same types. */
export interface Streams {
  input: { fd: number; isTTY?: boolean | undefined };
  output: OutputStream;
  error: OutputStream;
}

interface OutputStream {
  fd: number;
  isTTY?: boolean | undefined;
  columns?: number | undefined;
  rows?: number | undefined;
}

/** What statstop knows about the terminal. */
export interface TerminalFacts {
  input: StreamKind;
  output: StreamKind;
  error: StreamKind;
  /** `null` if neither output is a terminal. */
  size: { columns: number; rows: number } | null;
  /** How statstop draws on it. */
  type: TerminalType;
  /** Whether the live view cannot use the terminal. */
  isDumb: boolean;
  isUtf8: boolean;
  /** The program that the terminal runs in. */
  multiplexer: 'tmux' | 'screen' | null;
  /** Whether it is reached over SSH. */
  isRemote: boolean;
}

export function terminalFacts(env: Environment, { input, output, error }: Streams): TerminalFacts {
  const { columns, rows } = [output, error].find(({ isTTY }) => isTTY) ?? {};
  return {
    input: kindOf(input),
    output: kindOf(output),
    error: kindOf(error),
    size: columns && rows ? { columns, rows } : null,
    type: terminalType(env),
    isDumb: isDumb(env),
    isUtf8: isUtf8(env),
    multiplexer: env.TMUX ? 'tmux' : env.STY ? 'screen' : null,
    isRemote: Boolean(env.SSH_CONNECTION || env.SSH_TTY),
  };
}

function kindOf({ fd, isTTY }: { fd: number; isTTY?: boolean | undefined }): StreamKind {
  if (isTTY) return 'terminal';
  try {
    const found = fstatSync(fd);
    if (found.isFile()) return 'file';
    return found.isFIFO() || found.isSocket() ? 'pipe' : 'device';
  } catch {
    return null;
  }
}
