import { execFileSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { gzipSync } from 'node:zlib';
import { COMPLETIONS } from './completions.ts';
import type { definition } from './definition.ts';
import { manual } from './manual.ts';

/** A file of a package. */
export interface PackageFile {
  /** Below the folder of the package. */
  path: string;
  /** The bytes, or the file that has them. */
  content: Buffer | string | { from: string };
  executable?: boolean;
}

/** What both packages contain. */
export interface Release {
  version: string;
  /** Of the release. */
  time: Date;
  commands: ReturnType<typeof definition>;
  /** The path of the executable. */
  executable: string;
  /** Licence texts: of statstop, of Node.js, and of the packages in the bundle. */
  licences: { statstop: string; node: string; packages: string };
}

export function manualOf({ commands, version, time }: Release): string {
  return manual(commands, version, time);
}

export function completionsOf({ commands }: Release): { file: string; installed: string; content: string }[] {
  return COMPLETIONS.map(({ file, installed, write }) => ({ file, installed, content: write(commands) }));
}

/** Files for Prometheus, Grafana and systemd, below the folder `contrib`. */
export function contribFiles(): { path: string; from: string }[] {
  return readdirSync('contrib', { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name))
    .sort()
    .map((from) => ({ path: relative('contrib', from), from }));
}

/** Compresses without a time and a name, so that the same input gives the same bytes. */
export function gzip(content: string): Buffer {
  return gzipSync(content, { level: 9 });
}

export function writeFiles(folder: string, files: readonly PackageFile[]): void {
  for (const { path, content, executable } of files) {
    const name = join(folder, path);
    mkdirSync(dirname(name), { recursive: true, mode: 0o755 });
    if (typeof content === 'object' && 'from' in content) copyFileSync(content.from, name);
    else writeFileSync(name, content);
    chmodSync(name, executable ? 0o755 : 0o644);
  }
}

/** The lines of `sha256sum` or `md5sum` for these files. */
export function checksums(program: 'sha256sum' | 'md5sum', folder: string, paths: readonly string[]): string {
  return execFileSync(program, [...paths].sort(), { cwd: folder, encoding: 'utf8' });
}

/** KiB of the files, as Debian counts `Installed-Size`. */
export function kibibytes(folder: string, files: readonly PackageFile[]): number {
  return files.reduce((sum, { path }) => sum + Math.ceil(readFileSync(join(folder, path)).length / 1024), 0);
}
