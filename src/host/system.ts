import { readFileSync } from 'node:fs';
import { release, type } from 'node:os';

/** The operating system. `null` is unknown. */
export interface System {
  /** Such as `Debian GNU/Linux 12 (bookworm)`. */
  name: string | null;
  /** Such as `Linux 6.1.0-18-amd64`. */
  kernel: string;
  /** The C library that runs: `glibc 2.36`. `null` for another one, such as musl. */
  libc: string | null;
  architecture: string;
}

/** @param file of os-release(5) */
export function readSystem(file = '/etc/os-release'): System {
  return {
    name: prettyName(file),
    kernel: `${type()} ${release()}`,
    libc: libc(),
    architecture: process.arch,
  };
}

function prettyName(path: string): string | null {
  try {
    const value = /^PRETTY_NAME=(.*)$/m.exec(readFileSync(path, 'utf8'))?.[1];
    return value?.replace(/^(["'])(.*)\1$/, '$2') || null;
  } catch {
    return null;
  }
}

/** Node.js asks the library itself for its version. It is only in the diagnostic report. */
function libc(): string | null {
  const report = process.report?.getReport() as { header?: { glibcVersionRuntime?: string } } | undefined;
  const version = report?.header?.glibcVersionRuntime;
  return version === undefined ? null : `glibc ${version}`;
}
