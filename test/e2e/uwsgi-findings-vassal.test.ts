import { mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { assess, NOTHING_FOUND } from '../../src/insights/assess.ts';
import type { Finding } from '../../src/rates/finding.ts';
import { NO_HISTORY, remember } from '../../src/rates/history.ts';
import { statstop } from '../commands/run.ts';
import { skipWithout } from '../lab/available.ts';
import { answerOf } from '../lab/inside.ts';
import { readerOf } from '../lab/reader.ts';
import { serverOf } from '../lab/server.ts';
import { TIMEOUT_MS } from '../timeouts.ts';

const LAB = fileURLToPath(new URL('../../fixtures/lab/', import.meta.url));

/** Creates a vassal with more lines of configuration. Returns the path of its configuration. */
function put(folder: string, name: string, ...lines: readonly string[]): string {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `${name}.ini`);
  const socket = `http-socket = $(LAB_FOLDER)/${name}.http`;
  const all = ['[uwsgi]', `ini = ${LAB}common.ini`, `wsgi-file = ${LAB}app.py`, socket, 'processes = 1'];
  writeFileSync(path, [...all, ...lines, ''].join('\n'));
  return path;
}

/** Lines for a vassal whose master is killed two seconds after it accepts requests. */
const flaps = (name: string) => [
  `safe-pidfile = $(LAB_FOLDER)/${name}.pid`,
  `hook-accepting1 = exec:(sleep 2; kill -9 $(cat $(LAB_FOLDER)/${name}.pid)) &`,
];

describe.skipIf(skipWithout())('vassals of a real emperor', () => {
  test('that die after they were ready are reported as flapping; a reloaded one is not', async () => {
    const server = await serverOf({
      emperor: true,
      args: ['--emperor', '$(LAB_FOLDER)/more', '--emperor-throttle', '0'],
      folders: ['more'],
    });
    const folder = join(server.folder, 'more');
    put(folder, 'flaps', ...flaps('flaps'));
    put(folder, 'serves', ...flaps('serves'));
    const calm = put(folder, 'calm');

    const checked = statstop(['check', '-i', '1', '--for', '25', '--json', server.target]);
    const reader = readerOf(server.target);
    let history = NO_HISTORY;
    let found: readonly Finding[] = [];
    const flapping = (name: string) =>
      found.find(({ rule, subject }) => rule === 'flapping' && subject.includes(name));
    const deadline = performance.now() + TIMEOUT_MS;
    let assessment = NOTHING_FOUND;
    let turns = 0;
    let reloads = 0;
    const isDone = () => flapping('flaps') && flapping('serves') && reloads >= 3;
    while (!isDone() && performance.now() < deadline) {
      const { sample } = await reader.emperor();
      history = remember(history, sample);
      assessment = assess(assessment, { sample, history });
      found = assessment.findings;
      reloads = sample.snapshot.vassals.find(({ id }) => id.includes('calm'))?.respawns ?? 0;
      // A vassal is loyal once it has served a request. The emperor does not blacklist a loyal vassal that dies.
      void answerOf({ socketPath: join(server.folder, 'serves.http') }, '/').catch(() => {});
      turns += 1;
      // The emperor notices a reload only if the second of the modification time changes.
      if (turns % 5 === 0) utimesSync(calm, new Date(), new Date());
      await sleep(400);
    }
    const { snapshot } = (await reader.emperor()).sample;
    const text = /restarted \d+ times in \d+s after it was ready$/;
    expect(flapping('flaps')).toMatchObject({ severity: 'warning', text: expect.stringMatching(text) });
    expect(flapping('serves')).toMatchObject({ severity: 'warning', text: expect.stringMatching(text) });
    const blacklisted = snapshot.blacklist.map(({ id }) => id);
    expect(blacklisted.some((id) => id.includes('serves'))).toBe(false);
    // As often as the other vassals died.
    expect(reloads).toBeGreaterThanOrEqual(3);
    // Only the blacklist reports the vassal that never starts.
    expect(found.filter(({ rule }) => rule === 'flapping').map(({ subject }) => subject)).toHaveLength(2);
    expect(found.find(({ rule }) => rule === 'blacklist')).toBeDefined();

    // The command `check` reports the same.
    const { findings } = JSON.parse((await checked).stdout.toString());
    const names = findings
      .filter(({ rule }: Finding) => rule === 'flapping')
      .map(({ subject }: Finding) => subject);
    expect(names.map((name: string) => name.replace(/.*\//, '')).sort()).toEqual(['flaps.ini', 'serves.ini']);
  });
});
