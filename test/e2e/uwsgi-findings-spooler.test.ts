import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { statstop } from '../commands/run.ts';
import { skipWithout } from '../lab/available.ts';
import { insideOf } from '../lab/inside.ts';

const TASKS = 150;

describe.skipIf(skipWithout())('the backlog of a real spooler', () => {
  test('is the number of files in its folder, with the folders of priorities', async () => {
    const server = await insideOf({
      processes: 1,
      folders: ['spool', 'spool/5'],
      args: ['--spooler', 'spool', '--spooler-frequency', '1', '--spooler-ordered'],
    });
    const folder = join(server.folder, 'spool');
    const ls = (path: string) =>
      Number(spawnSync('sh', ['-c', 'ls "$1" | wc -l', 'sh', path], { encoding: 'utf8' }).stdout);
    const check = (...args: string[]) => statstop(['check', '-i', '0', ...args, server.target]);

    const before = await check();
    expect([before.stdout.toString(), before.status]).toEqual([expect.stringMatching(/^UWSGI OK - /), 0]);

    // The first task runs until it is released, so the others wait.
    for (let task = 0; task < TASKS; task += 1) await server.ask('/spool/held');
    // The listing contains the folder itself.
    expect(ls(folder) - 1).toBe(TASKS);
    await expect
      .poll(async () => (await check()).stdout.toString())
      .toMatch(`UWSGI WARNING - ${TASKS} tasks in spooler ${folder}, busy | `);
    // On a busy machine the folder is not counted in time at each read.
    await expect.poll(async () => (await check()).status).toBe(1);
    expect((await check('--level', `spooler=151`)).status).toBe(0);

    await server.ask('/spool/held/5');
    expect(ls(join(folder, '5'))).toBe(1);
    await expect
      .poll(async () => (await check()).stdout.toString())
      .toContain(`${TASKS + 1} tasks in spooler`);

    const json = async () =>
      JSON.parse((await statstop(['--json', '-i', '0', server.target])).stdout.toString());
    await expect
      .poll(json)
      .toMatchObject({ spoolers: [{ dir: folder, tasks: 0, waiting: TASKS + 1, running: true }] });

    server.release();
    await expect.poll(() => ls(folder)).toBe(1);
    await expect.poll(async () => (await check()).status).toBe(0);
    await expect.poll(json).toMatchObject({ spoolers: [{ tasks: TASKS + 1, waiting: 0 }] });
  });

  test('is reported as retried repeatedly if each task fails', async () => {
    const server = await insideOf({
      processes: 1,
      folders: ['spool'],
      args: ['--spooler', 'spool', '--spooler-frequency', '1', '--spooler-processes', '2'],
    });
    for (let task = 0; task < TASKS; task += 1) await server.ask('/spool/fails');
    const { stdout, status } = await statstop(['check', '--for', '10', server.target]);
    expect(stdout.toString()).toMatch(
      /^UWSGI WARNING - 150 tasks in spooler \S+, not shrinking: [\d,]+ attempts in \d+s/,
    );
    expect(status).toBe(1);

    // Both spooler processes of the folder have the same tasks, which count once.
    const { stdout: json } = await statstop(['--json', '-i', '0', server.target]);
    const { spoolers } = JSON.parse(json.toString());
    expect(spoolers.map(({ waiting }: { waiting: number | null }) => waiting)).toEqual([TASKS, null]);
  });
});
