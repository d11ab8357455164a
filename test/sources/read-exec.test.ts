import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { TooLargeError, TruncatedError } from '../../src/sources/errors.ts';
import { openSource } from '../../src/sources/open.ts';
import { read } from '../../src/sources/read.ts';
import {
  CommandFailedError,
  CommandNotFoundError,
  CommandNotRunError,
  CommandStuckError,
  CommandTimeoutError,
  NothingPrintedError,
} from '../../src/sources/remote-errors.ts';
import { snapshotOf } from '../../src/sources/snapshot.ts';
import { type SourceEvent, SYSTEM_CLOCK } from '../../src/sources/source.ts';
import { parseTarget } from '../../src/targets/parse.ts';
import { TIMEOUT_MS, TIMEOUT_SECONDS } from '../timeouts.ts';
import { failure } from './failures.ts';
import { follow } from './following.ts';
import { expectNoProcess, processesWith } from './processes.ts';
import { DOCUMENT, folder, HTTP_HEAD } from './servers.ts';

/** Seconds that children of commands sleep. No process of another run has the same words. */
const MARK = `299.18${process.pid}`;
const LEFT = `299.17${process.pid}`;

const OPTIONS = { timeoutSeconds: TIMEOUT_SECONDS };

/** A script of the shell, as a target and as the path of the file with it. */
function script(text: string): { target: string; path: string } {
  const path = join(folder(), 'script');
  writeFileSync(path, text);
  return { target: `exec:sh ${path}`, path };
}

const print = (text: string) => `cat <<'END'\n${text}\nEND\n`;

describe('a command', () => {
  it.each([
    ['on standard output', print(DOCUMENT)],
    ['on standard error, like uwsgi --connect-and-read', `{ ${print(DOCUMENT)}} >&2`],
    ['on standard error, with blank lines on standard output', `echo; { ${print(DOCUMENT)}} >&2`],
    ['with a warning on standard error', `echo 'Warning: {' >&2\n${print(DOCUMENT)}`],
    [
      'after a message on the same stream',
      `{ echo 'Defaulted container "web" out of: web'; ${print(DOCUMENT)}} >&2`,
    ],
    ['before a message on the same stream', `${print(DOCUMENT)}\necho 'Connection to web1 closed.'`],
    ['after an older document', print(DOCUMENT.replace('"requests":7', '"requests":1') + DOCUMENT)],
    [
      'in an HTTP response',
      `${print(HTTP_HEAD.replaceAll('\r', '').trim())}\necho\n${print(DOCUMENT)}`
        .replace("cat <<'END'\nHTTP", "sed 's/$/\\r/' <<'END'\nHTTP")
        .replace('\necho\n', "\nprintf '\\r\\n'\n"),
    ],
    ['and leaves a process behind that holds its output open', `${print(DOCUMENT)}\nsleep ${LEFT} &`],
  ])('that prints a document %s is read', async (_how, text) => {
    // `Date.now` has whole milliseconds, so a time that is computed with it can be earlier by one.
    const before = (Date.now() - 1) / 1000;
    const target = parseTarget(script(text).target);
    const answer = await read(target, OPTIONS);
    const snapshot = snapshotOf(target.text, answer);
    expect(snapshot.kind === 'app' && snapshot.workers[0]?.requests).toBe(7);
    expect(snapshot.repaired).toBe(false);
    expect(answer.origin).toBe('server');
    expect(answer.time).toBeGreaterThanOrEqual(before);
    expect(answer.time).toBeLessThanOrEqual(Date.now() / 1000);
    await expectNoProcess(LEFT);
  });

  it('has the time of the first byte of the document', async () => {
    const { target, path } = script(
      `echo starting >&2\nwhile [ ! -e "$0.go" ]; do sleep 0.02; done\n${print(DOCUMENT)}`,
    );
    const reading = read(parseTarget(target), OPTIONS);
    await vi.waitFor(() => expect(processesWith(path)).not.toEqual([]), TIMEOUT_MS);
    const released = SYSTEM_CLOCK.monotonic();
    writeFileSync(`${path}.go`, '');
    const { clock, clockError } = await reading;
    expect(clock + clockError).toBeGreaterThanOrEqual(released);
    expect(clock).toBeLessThanOrEqual(SYSTEM_CLOCK.monotonic());
  });

  it('gets its words, an empty input, the environment, and no terminal', async () => {
    const { path } = script('');
    writeFileSync(
      path,
      `cat\ntty >"$0.tty"; (exec 3</dev/tty) 2>/dev/null && echo a terminal >>"$0.tty"\nprintf '%s|' "$HOME" "$@" >"$0.words"\n${print(DOCUMENT)}`,
    );
    await read(parseTarget(`exec:sh ${path} 'a  b' $HOME "*"`), OPTIONS);
    expect(readFileSync(`${path}.words`, 'utf8')).toBe(`${process.env.HOME}|a  b|$HOME|*|`);
    expect(readFileSync(`${path}.tty`, 'utf8')).toBe('not a tty\n');
  });
});

describe('a command without a document', () => {
  it('that does not exist', async () => {
    const error = await failure('exec:statstop-no-such-command x', TIMEOUT_SECONDS);
    expect(error).toBeInstanceOf(CommandNotFoundError);
    expect(error.message).toContain(
      'command not found: statstop-no-such-command. Check its spelling and PATH.',
    );
  });

  it('that is not executable', async () => {
    const { path } = script(DOCUMENT);
    chmodSync(path, 0o644);
    const error = await failure(`exec:${path}`, TIMEOUT_SECONDS);
    expect(error).toBeInstanceOf(CommandNotRunError);
    expect(error.cause).toBe(`${path} is not executable for this user`);
  });

  it.each([
    [
      'fails',
      'echo first >&2; echo "  no such container  " >&2; echo >&2; exit 3',
      'the command ended with status 3: no such container',
    ],
    ['fails without a message', 'exit 1', 'the command ended with status 1'],
    ['fails after a document', `${print(DOCUMENT)}\nexit 1`, 'the command ended with status 1'],
    ['is killed', 'echo dying >&2; kill -9 $$', 'the command ended with SIGKILL: dying'],
    [
      'fails with a long message',
      `head -c 100000 /dev/zero | tr '\\0' x >&2; exit 1`,
      `the command ended with status 1: ${'x'.repeat(200)}`,
    ],
  ])('that %s', async (_what, text, cause) => {
    const error = await failure(script(text).target, TIMEOUT_SECONDS);
    expect(error).toBeInstanceOf(CommandFailedError);
    expect(error.cause).toBe(cause);
    expect(error.advice).toContain('it must need no password');
  });

  it.each([
    ['nothing', ''],
    ['only white space', 'echo; echo; echo'],
    ['only a message', 'echo "nothing to see" >&2'],
  ])('that prints %s', async (what, text) => {
    const error = await failure(script(text).target, TIMEOUT_SECONDS);
    expect(error).toBeInstanceOf(NothingPrintedError);
    const message = what === 'only a message' ? ': nothing to see' : '';
    expect(error.cause).toBe(`the command printed no document${message}`);
  });

  it('that prints half a document is cut off', async () => {
    const target = parseTarget(script(print('{"version":"2.0.21","workers":[{"id":1},{"id"')).target);
    const answer = await read(target, OPTIONS);
    expect(() => snapshotOf(target.text, answer)).toThrow(TruncatedError);
  });

  it.each(['standard output', 'standard error'])('that floods %s is ended at the limit', async (where) => {
    const { target, path } = script(
      `exec 3>&1; yes '{"version":"' ${where === 'standard error' ? '>&2' : ''}`,
    );
    const error = await failure(target, TIMEOUT_SECONDS);
    expect(error).toBeInstanceOf(TooLargeError);
    expect(error.cause).toBe('the command printed more than 64 MiB');
    await expectNoProcess(path);
  });
});

describe('a command that does not end', () => {
  /** A script with children, which ignores SIGTERM as they do. */
  const HANGING = `trap '' TERM\nsleep ${MARK} & (sleep ${MARK}; sleep ${MARK}) &\necho waiting >&2\nwait`;

  it('is ended after the timeout, with all its children', async () => {
    const { target, path } = script(HANGING);
    const error = await failure(target, 0.5);
    expect(error).toBeInstanceOf(CommandTimeoutError);
    expect(error.cause).toBe('the command did not end within 0.5s (8 bytes received): waiting');
    await expectNoProcess(path);
    await expectNoProcess(MARK);
  });

  it('is ended when the read is aborted', async () => {
    const { target, path } = script(HANGING);
    const reading = new AbortController();
    const result = read(parseTarget(target), { ...OPTIONS, signal: reading.signal });
    await vi.waitFor(() => expect(processesWith(MARK).length).toBeGreaterThan(1), TIMEOUT_MS);
    reading.abort();
    await expect(result).rejects.toThrow();
    await expectNoProcess(path);
    await expectNoProcess(MARK);
  });

  it('gets SIGTERM first', async () => {
    const { target, path } = script(`trap 'echo >"$0.term"; exit' TERM\nwhile :; do sleep 0.02; done`);
    expect(await failure(target, 0.5)).toBeInstanceOf(CommandTimeoutError);
    await expectNoProcess(path);
    expect(existsSync(`${path}.term`)).toBe(true);
  });

  it('delays the next run until it has ended, so there is never a second one', async () => {
    const { target, path } = script(`trap '' TERM\necho run >>"$0.runs"\nwhile :; do sleep 0.02; done`);
    const parsed = parseTarget(target);
    await expect(read(parsed, { timeoutSeconds: 0.3 })).rejects.toThrow(CommandTimeoutError);
    // It still ignores SIGTERM.
    expect(processesWith(path)).toHaveLength(1);
    await expect(read(parsed, { timeoutSeconds: 0.1 })).rejects.toThrow(CommandStuckError);
    expect(readFileSync(`${path}.runs`, 'utf8')).toBe('run\n');
    await expectNoProcess(path);
    await expect(read(parsed, { timeoutSeconds: 0.3 })).rejects.toThrow(CommandTimeoutError);
    expect(readFileSync(`${path}.runs`, 'utf8')).toBe('run\nrun\n');
    await expectNoProcess(path);
  });
});

describe('a source of a command', () => {
  it('reads again after each interval, and after failures', async () => {
    const { target, path } = script(
      `n=$(cat "$0.n" 2>/dev/null || echo 0); echo $((n + 1)) >"$0.n"; [ $n -ne 1 ] || exit 7\n${print(DOCUMENT)}`,
    );
    const events: SourceEvent[] = [];
    follow(
      openSource(parseTarget(target), { timeoutSeconds: TIMEOUT_SECONDS, interval: () => 0.1 }),
      (event) => {
        events.push(event);
      },
    );
    await vi.waitFor(() => expect(events.length).toBeGreaterThanOrEqual(4), TIMEOUT_MS);
    expect(events.slice(0, 4).map(({ kind }) => kind)).toEqual([
      'document',
      'failure',
      'document',
      'document',
    ]);
    expect(path).toBeTruthy();
  });
});
