import { type BigIntStats, closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs';
import { link, lstat, open, realpath, rm } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { replaceText } from '../settings/disk.ts';
import { SYSTEM_CLOCK } from '../sources/source.ts';
import { isSafe } from '../sources/ssh/private-folder.ts';
import { type State, stateOf, stateText } from './state-document.ts';

/** What a state file had before it was replaced. */
export interface Exchanged {
  before: State;
  /** Where the file was moved, if it was damaged or not a state file; `null` otherwise. */
  movedTo: string | null;
}

const WRITABLE_BY_OTHERS = 0o022n;

/** Maximum size in bytes. 100,000 workers take 8 MiB. */
const MAX_BYTES = 16 * 2 ** 20;

/**
 * Replaces the counters of some servers in a state file, and returns the state before. Those of other servers stay. Runs at
 * the same time wait for each other. A crash leaves the old file or the new one.
 *
 * @param merge returns the new state
 * @throws Error if the file must not be used, or cannot be written
 */
export async function exchangeState(path: string, merge: (before: State) => State): Promise<Exchanged> {
  const place = await placeOf(path);
  const unlock = await lock(`${place}.lock`);
  try {
    const found = readState(place);
    const movedTo = found && found.state === null ? await moveAside(place) : null;
    const before = found?.state ?? new Map();
    await replaceText(
      place,
      movedTo === null ? (found?.stats ?? null) : null,
      stateText(merge(before)),
      true,
    );
    return { before, movedTo };
  } finally {
    await unlock();
  }
}

/**
 * The path without symbolic links in its folder.
 *
 * @throws Error if another user could replace the file, or create the lock before this user does
 */
async function placeOf(path: string): Promise<string> {
  const given = resolve(path);
  const folder = await realpath(dirname(given));
  const { mode } = await lstat(folder, { bigint: true });
  if (!(await isSafe(folder)) || (mode & WRITABLE_BY_OTHERS) !== 0n)
    throw new Error(
      `other users can write to ${folder} or replace it. Use a folder that only you can write to, such as /var/lib/statstop, or run chmod go-w on it`,
    );
  return join(folder, basename(given));
}

/** @returns `null` if there is no file; a `state` of `null` if it is damaged or not a state file */
function readState(place: string): { state: State | null; stats: BigIntStats } | null {
  const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK, O_NOCTTY } = constants;
  let file: number;
  try {
    file = openSync(place, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return null;
    throw code === 'ELOOP' ? new Error('it is a symbolic link. Use the file itself') : error;
  }
  try {
    const stats = fstatSync(file, { bigint: true });
    refuseForeign(stats);
    return { state: stats.size > MAX_BYTES ? null : stateOf(readFileSync(file, 'utf8')), stats };
  } finally {
    closeSync(file);
  }
}

function refuseForeign({ uid, mode, nlink, ...stats }: BigIntStats): void {
  if ((mode & BigInt(constants.S_IFMT)) !== BigInt(constants.S_IFREG))
    throw new Error('it is not a regular file');
  if (Number(uid) !== process.geteuid?.())
    throw new Error(`it belongs to user ${uid}. Use a file of your own for each user`);
  if ((mode & WRITABLE_BY_OTHERS) !== 0n) throw new Error('other users can write to it. Use chmod 600');
  if (nlink > 1n) throw new Error(`it has several hard links (inode ${stats.ino})`);
}

/** Most names to try for a damaged file. */
const MOST_NAMES = 100;

/** Renames a file without replacing another one. */
async function moveAside(place: string): Promise<string> {
  for (let number = 1; number <= MOST_NAMES; number += 1) {
    const aside = `${place}.damaged-${number}`;
    try {
      await link(place, aside);
      await rm(place);
      return aside;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
  throw new Error(`it is not a state file, and there are already ${MOST_NAMES} damaged ones. Remove them`);
}

/** Seconds after which a lock counts as left behind by a run that was killed. A run holds it for milliseconds. */
const STALE_SECONDS = 5;

/** Maximum number of seconds to wait. */
const LONGEST_SECONDS = 20;

const POLL_MS = 20;

/**
 * Creates a lock file, and waits for another run that holds it.
 *
 * @returns a function that removes it
 */
async function lock(path: string): Promise<() => Promise<void>> {
  const { O_WRONLY, O_CREAT, O_EXCL, O_NOFOLLOW } = constants;
  let seen = { ino: -1n, since: 0 };
  const begin = SYSTEM_CLOCK.monotonic();
  for (;;) {
    try {
      const file = await open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600);
      const { ino } = await file.stat({ bigint: true });
      await file.close();
      return () => removeLock(path, ino);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const now = SYSTEM_CLOCK.monotonic();
    if (now - begin > LONGEST_SECONDS) throw new Error(`other runs hold ${path}. Remove it if none runs`);
    const ino = await inodeOf(path);
    if (ino !== seen.ino) seen = { ino, since: now };
    else if (now - seen.since > STALE_SECONDS) await removeLock(path, ino);
    await sleep(POLL_MS);
  }
}

/** Removes a lock, but not one that another run has created in its place. */
async function removeLock(path: string, ino: bigint): Promise<void> {
  if ((await inodeOf(path)) === ino) await rm(path, { force: true });
}

/** -1 without a file. */
function inodeOf(path: string): Promise<bigint> {
  return lstat(path, { bigint: true }).then(
    ({ ino }) => ino,
    () => -1n,
  );
}
