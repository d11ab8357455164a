// Breaks each law of docs/architecture.md in a copy of the sources, one break at a time, and checks that a test fails.
// A break that no longer applies is also an error, so that the table stays in step with the code.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A break: the law, a description, the file, the text and its replacement, and the test that must fail. */
const BREAKS = [
  {
    law: '1 unknown is not 0',
    what: 'an unknown number becomes 0',
    file: 'src/stats/fields.ts',
    from: "return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : null;",
    to: "return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : 0;",
    test: 'test/laws/nothing-false.test.ts',
  },
  {
    law: '1 unknown is not 0',
    what: 'rates are computed across a reset',
    file: 'src/rates/rates.ts',
    from: 'const before = previous === null || reset ? null : previous.snapshot;',
    to: 'const before = previous === null ? null : previous.snapshot;',
    test: 'test/laws/nothing-false.test.ts',
  },
  {
    law: '1 unknown is not 0',
    what: 'a rate is shown although the time of the reading is uncertain',
    file: 'src/rates/rates.ts',
    from: 'return error > seconds * LARGEST_ERROR ? null : seconds;',
    to: 'return seconds;',
    test: 'test/rates/timed.test.ts',
  },
  {
    law: '1 unknown is not 0',
    what: 'a worker whose cores are not listed counts as one core',
    file: 'src/rates/history.ts',
    from: 'busy: ratio(totals.coresBusy, totals.cores),',
    to: 'busy: ratio(totals.coresBusy ?? totals.busy, totals.cores ?? totals.workers),',
    test: 'test/rates/history-unknown.test.ts',
  },
  {
    law: '1 unknown is not 0',
    what: 'static files count in the response time',
    file: 'src/rates/timed.ts',
    from: 'Math.max(0, requests - files)',
    to: 'requests',
    test: 'test/rates/timed.test.ts',
  },
  {
    law: '1 unknown is not 0',
    what: 'an incomplete document is repaired',
    file: 'src/stats/repair.ts',
    from: 'if (this.text[this.at] !== bracket) return false;',
    to: 'if (this.at < this.text.length && this.text[this.at] !== bracket) return false;',
    test: 'test/stats/cut.test.ts',
  },
  {
    law: '2 no harm to the server',
    what: 'an application socket is taken for a stats socket',
    file: 'src/host/event-queue.ts',
    from: 'queue < descriptor && ',
    to: '',
    test: 'test/host/event-queue.test.ts',
  },
  {
    law: '2 no harm to the server',
    what: 'the socket of a sleeping vassal is taken for a stats socket',
    file: 'src/host/stats-socket.ts',
    from: 'evidence.hasForks && !evidence.hasVassals && !isEmperor(settings)',
    to: 'true',
    test: 'test/host/stats-socket.test.ts',
  },
  {
    law: '2 no harm to the server',
    what: 'the next read does not wait for the previous one',
    file: 'src/sources/open.ts',
    from: 'this.#schedule.begin(this.#started);',
    to: 'this.#schedule.begin(this.#started);\n    setTimeout(() => this.#read(signal), 100);',
    test: 'test/sources/discipline.test.ts',
  },
  {
    law: '2 no harm to the server',
    what: 'a slow server is read again immediately',
    file: 'src/sources/schedule.ts',
    from: 'Math.max(held, backoff, work, this.#pause)',
    to: 'Math.max(backoff, work, this.#pause)',
    test: 'test/sources/schedule.test.ts',
  },
  {
    law: '2 no harm to the server',
    what: 'a command reads a slow server again immediately',
    file: 'src/sources/schedule.ts',
    from: 'Math.max(held, backoff, work, this.#pause)',
    to: 'Math.max(backoff, work, this.#pause)',
    test: 'test/e2e/cli-slow-server.test.ts',
  },
  {
    law: '2 no harm to the server',
    what: 'a request is sent to a raw server',
    file: 'src/sources/exchange.ts',
    from: "if (options.protocol === 'http') ask();",
    to: 'if (options.connection) ask();',
    test: 'test/sources/exchange.test.ts',
  },
  {
    law: '2 no harm to the server',
    what: 'a request is sent to a raw server that responded during a pause of the process',
    file: 'src/sources/silence.ts',
    from: 'if (late < LATE_SECONDS) setImmediate(actOnce);',
    to: 'if (late < Infinity) actOnce();',
    test: 'test/sources/silence-timer.test.ts',
  },
  {
    law: '2 no harm to the server',
    what: 'a frame is drawn while a document arrives',
    file: 'src/terminal/frame-scheduler.ts',
    from: 'if (delayed < MOST_DELAY_MS && this.#isReceiving()) return RETRY_MS;',
    to: '',
    test: 'test/terminal/frame-scheduler.test.ts',
  },
  {
    law: '2 no harm to the server',
    what: 'each scrape reads the server',
    file: 'src/serve/pool.ts',
    from: 'const FRESH = 1;',
    to: 'const FRESH = 0.001;',
    test: 'test/serve/pool.test.ts',
  },
  {
    law: '2 no harm to the server',
    what: 'a frame is sent before a slow terminal has read the previous one',
    file: 'src/terminal/frame-scheduler.ts',
    from: 'if (this.#terminal.behind) return BEHIND_MS;',
    to: '',
    test: 'test/terminal/loop-slow.test.ts',
  },
  {
    law: '3 untrusted text',
    what: 'untrusted text reaches the terminal unchanged',
    file: 'src/text/clean.ts',
    from: 'if (isSimple(text)) return text;\n  return text\n    .replace(unsafe(), visible)',
    to: 'return text',
    test: 'test/terminal/output.test.ts',
  },
  {
    law: '4 secrets are masked',
    what: 'the line of a request is not masked',
    file: 'src/views/request-line.ts',
    from: 'mask.variable(name, value)',
    to: 'value',
    test: 'test/laws/secrets.test.ts',
  },
  {
    law: '4 secrets are masked',
    what: 'variables in JSON are not masked by name',
    file: 'src/outputs/json.ts',
    from: 'return variable === undefined ? mask.text(value) : mask.variable(variable, value);',
    to: 'return mask.text(value);',
    test: 'test/laws/secrets.test.ts',
  },
  {
    law: '4 secrets are masked',
    what: 'labels of metrics are not masked',
    file: 'src/outputs/prometheus/labels.ts',
    from: 'boundedMask(mask, LABEL_CHARACTERS).text(value)',
    to: 'value',
    test: 'test/outputs/prometheus/exposition.test.ts',
  },
  {
    law: '4 secrets are masked',
    what: 'an inherited environment reveals secrets',
    file: 'src/commands/program.ts',
    from: 'settingOptions(maskOptions(displayOptions(',
    to: 'settingOptions(secretOptions(displayOptions(',
    test: 'test/e2e/cli-environment.test.ts',
  },
  {
    law: '5 the terminal is restored',
    what: 'the terminal is not restored when the view ends',
    file: 'src/terminal/blessed/terminal.ts',
    from: 'modes(false);\n      screen.destroy();',
    to: '',
    test: 'test/terminal/loop.test.ts',
  },
  {
    law: '5 the terminal is restored',
    what: 'the view does not end when its terminal closes',
    file: 'src/terminal/blessed/terminal.ts',
    from: "input.on('end', handlers.closed);",
    to: '',
    test: 'test/terminal/loop.test.ts',
  },
  {
    law: '1 unknown is not 0',
    what: 'a stack that can belong to the next request is shown for the previous one',
    file: 'src/app/arrived.ts',
    from: 'stack: provedBy(before.sample, state.stack)',
    to: 'stack: state.stack',
    test: 'test/app/arrived.test.ts',
  },
  {
    law: '4 secrets are masked',
    what: 'source lines in a stack are not masked',
    file: 'src/views/stack.ts',
    from: 'mask.source(textOf(frame))',
    to: 'textOf(frame)',
    test: 'test/views/stack.test.ts',
  },
  {
    law: '6 time',
    what: 'a pure folder reads the clock',
    file: 'src/app/arrived.ts',
    from: 'goneNotice(state.now)',
    to: 'goneNotice(Date.now() / 1000)',
    test: 'test/laws/pure.test.ts',
  },
  {
    law: '6 time',
    what: 'rates use the wall clock',
    file: 'src/rates/rates.ts',
    from: 'current.clock - previous.clock',
    to: 'current.time - previous.time',
    test: 'test/laws/time.test.ts',
  },
  {
    law: '6 time',
    what: 'ages can be negative',
    file: 'src/rates/written.ts',
    from: 'return Math.max(0, time - instant);',
    to: 'return time - instant;',
    test: 'test/laws/time.test.ts',
  },
  {
    law: '7 the same process',
    what: 'a pid of a container is treated as a pid of this machine',
    file: 'src/host/proof.ts',
    from: 'if (!hasPidOf(claim, status))',
    to: 'if (pid === 0)',
    test: 'test/host/proof.test.ts',
  },
  {
    law: '7 the same process',
    what: 'the start time of a worker is not checked',
    file: 'src/host/proof.ts',
    from: 'return seen.parent === master && startsAsSaid(seen, worker, bootTime);',
    to: 'return seen.parent === master;',
    test: 'test/host/proof.test.ts',
  },
  {
    law: '7 the same process',
    what: 'a socket is identified by its path only',
    file: 'src/host/proof.ts',
    from: 'if (file === null ? await leadsTo(read, path, folder) : file === read.ino % 2 ** 32) return true;',
    to: 'if (await leadsTo(read, path, folder)) return true;',
    test: 'test/host/proof.test.ts',
  },
  {
    law: '7 the same process',
    what: 'a server in a container is proved without its socket',
    file: 'src/host/proof.ts',
    from: 'if (own === null && claim.pids)',
    to: 'if (pid === 0)',
    test: 'test/host/elsewhere.test.ts',
  },
  {
    law: '8 files named by other processes',
    what: 'root connects to a socket that the other user must not connect to',
    file: 'src/host/named.ts',
    from: 'socket: WRITE',
    to: 'socket: 0',
    test: 'test/host/named.test.ts',
  },
  {
    law: '8 files named by other processes',
    what: 'root opens a file that the other user must not open',
    file: 'src/host/named.ts',
    from: 'return ((mode >> shift) & rights) === rights;',
    to: 'return true;',
    test: 'test/host/named.test.ts',
  },
  {
    law: '8 files named by other processes',
    what: 'a file on a file system that can hang is opened',
    file: 'src/host/named.ts',
    from: 'if (!isLocalMount(mount))',
    to: 'if (mount === null)',
    test: 'test/host/named.test.ts',
  },
  {
    law: '8 files named by other processes',
    what: 'a link leads out of the root directory of its process',
    file: 'src/host/named.ts',
    from: "while (link.startsWith('/') && this.#names.length > 0) await this.#leave();",
    to: '',
    test: 'test/host/named.test.ts',
  },
  {
    law: '9 nothing is left behind',
    what: 'the children of a command are not ended with it',
    file: 'src/sources/children/group.ts',
    from: 'process.kill(-group, signal)',
    to: 'process.kill(group, signal)',
    test: 'test/sources/read-exec.test.ts',
  },
  {
    law: '9 nothing is left behind',
    what: 'a group that ignores SIGTERM survives the end of this process',
    file: 'src/sources/children/guard.ts',
    from: 'kill -KILL "',
    to: '',
    test: 'test/sources/children/guard.test.ts',
  },
  {
    law: '9 nothing is left behind',
    what: 'a command has the terminal of the live view',
    file: 'src/sources/children/run.ts',
    from: "{ detached: true, stdio: ['ignore', 'pipe', 'pipe'] }",
    to: "{ stdio: ['ignore', 'pipe', 'pipe'] }",
    test: 'test/sources/read-exec.test.ts',
  },
];

const ROOT = new URL('..', import.meta.url).pathname;
const COPIED = [
  ...['src', 'test', 'fixtures', 'schema', 'bin', 'scripts'],
  ...['package.json', 'tsconfig.json', 'vitest.config.ts'],
];

const copy = mkdtempSync(join(tmpdir(), 'statstop-laws-'));
process.on('exit', () => rmSync(copy, { recursive: true, force: true }));
for (const name of COPIED) cpSync(join(ROOT, name), join(copy, name), { recursive: true });
symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'));

// Seconds after which a test fails that waits for an event that a break prevents.
const TIMEOUT_SECONDS = '10';

/** Whether a test runs the built command. */
function runsCommand(test) {
  return test.startsWith('test/e2e/');
}

function build() {
  const { status, stderr } = spawnSync(process.execPath, ['scripts/build.mjs'], {
    cwd: copy,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`the copy cannot be built:\n${stderr}`);
}

/** Runs tests in the copy. `retries`: how often a test that fails is run again. */
function run(tests, limits, retries) {
  if (tests.some(runsCommand)) build();
  const vitest = join(ROOT, 'node_modules/vitest/vitest.mjs');
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [
      vitest,
      'run',
      '--project',
      'unit',
      '--project',
      'alone',
      '--project',
      'slow',
      '--project',
      'slow-alone',
      '--project',
      'faults',
      '--bail',
      '1',
      '--retry',
      retries,
      '--reporter',
      'default',
      ...tests,
    ],
    {
      cwd: copy,
      encoding: 'utf8',
      env: { ...process.env, NO_COLOR: '1', ...limits },
    },
  );
  return { passed: status === 0, failed: status !== 0 && /Tests .*\d+ failed/.test(stdout), stderr };
}

// Without a break no test waits for a failure, so the tests have the time of a busy machine. `npm test` is strict.
const sound = run([...new Set(BREAKS.map(({ test }) => test))], {}, '2');
if (!sound.passed) {
  console.error(`The tests fail without a break:\n${sound.stderr}`);
  process.exit(1);
}

let unnoticed = 0;
for (const { law, what, file, from, to, test } of BREAKS) {
  const path = join(copy, file);
  const whole = readFileSync(path, 'utf8');
  const broken = whole.replace(from, () => to);
  writeFileSync(path, broken);
  const applies = whole.split(from).length === 2;
  const verdict = !applies
    ? 'DOES NOT APPLY'
    : run([test], { STATSTOP_TEST_TIMEOUT: TIMEOUT_SECONDS }, '0').failed
      ? 'noticed'
      : 'NOT NOTICED';
  writeFileSync(path, whole);
  if (verdict !== 'noticed') unnoticed += 1;
  console.log(`${verdict.padEnd(15)}law ${law}: ${what} (${file}, ${test})`);
}
process.exit(unnoticed === 0 ? 0 : 1);
