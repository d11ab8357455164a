import { describe, expect, it } from 'vitest';
import { startServer } from '../../src/demo/server.ts';
import { captureFile } from '../commands/run.ts';
import { serve } from '../demo/wire.ts';
import { skipWithout } from '../lab/available.ts';
import { startLoad } from '../lab/load.ts';
import { serverOf } from '../lab/server.ts';
import { skipWithoutTmux, Tmux } from '../terminal/tmux.ts';

const EIGHT = { workers: 8, cores: 2, rate: 200 };

/** The ids in the first column of the table of workers, which STATUS follows. */
const ids = (screen: string) =>
  [...screen.matchAll(/^ *(\d*:?\d+) +(?:[a-z]+|-)(?: |$)/gm)].map(([, id]) => id);

describe.skipIf(skipWithoutTmux())('the view in a real terminal', () => {
  it.each([
    [80, 24],
    [200, 50],
  ])('of %d x %d fills the screen', async (columns, rows) => {
    const server = await serve(EIGHT);
    const tmux = new Tmux(columns, rows);
    tmux.enter(`statstop ${server.address}`);
    const lines = await tmux.until(
      (screen) => ids(screen).length === 8 && /RPS +\d/.test(screen),
      'the table',
    );
    expect(lines).toHaveLength(rows);
    expect(lines[0]).toMatch(/^[✓!✗] .*\d\d:\d\d:\d\d$/);
    expect(lines[1]).toMatch(/^\/.* 1s$/);
    expect(lines[0]).toHaveLength(columns);
    expect(lines.at(-1)).toMatch(/^ q Quit {2}h Help/);
    expect(lines.join('\n')).toMatch(/^ *WID .* OLDEST▼ /m);
    expect(tmux.state()).toMatchObject({ alternate_on: true, cursor_flag: false, mouse_any_flag: true });
  });

  it('reacts to keys and to the mouse', async () => {
    const server = await serve(EIGHT);
    const tmux = new Tmux();
    tmux.enter(`statstop ${server.address}`);
    const lines = await tmux.untilText('OLDEST▼');
    tmux.type('s');
    await tmux.untilText('Order of Workers');
    tmux.press('Down', 'Enter', 'Escape');
    await tmux.until((screen) => ids(screen).join() === '1,2,3,4,5,6,7,8', 'the order of the ids');
    tmux.type('aa');
    await tmux.untilText(/^ +:\d/m);
    tmux.type('a');
    tmux.press('F1');
    await tmux.untilText('Esc Close');
    tmux.press('Escape');
    await tmux.untilText('WID▲');
    const y = lines.findIndex((line) => line.includes('WID'));
    const x = lines[y]?.indexOf('RSS') ?? 0;
    tmux.type(`\x1b[<0;${x + 1};${y + 1}M\x1b[<0;${x + 1};${y + 1}m`);
    await tmux.untilText('RSS▼');
    tmux.type(' ');
    await tmux.untilText('frozen at');
  });

  it('adapts to a new size at once, also to many changes', async () => {
    const server = await serve(EIGHT);
    const tmux = new Tmux();
    tmux.enter(`statstop -i 5 ${server.address}`);
    await tmux.untilText('WID');
    tmux.resize(120, 40);
    await tmux.until((screen) => /^ q Quit/.test(screen.split('\n')[39] ?? ''), '40 lines');
    for (let turn = 0; turn < 30; turn += 1) tmux.resize(40 + ((turn * 37) % 120), 8 + ((turn * 13) % 30));
    tmux.resize(100, 30);
    const lines = await tmux.until((screen) => {
      const lines = screen.split('\n');
      return lines.length === 30 && /^ q Quit/.test(lines[29] ?? '') && lines[0]?.length === 100;
    }, '100 x 30');
    expect(ids(lines.join('\n'))).toHaveLength(8);
    expect(lines.filter((line) => line.includes('WID'))).toHaveLength(1);
    expect(lines.filter((line) => line.includes('q Quit'))).toHaveLength(1);
  });

  it('reports a killed server as missing, and finds it again', async () => {
    const server = await startServer({ ...EIGHT, address: '127.0.0.1:0' });
    const tmux = new Tmux();
    tmux.enter(`statstop ${server.address}`);
    await tmux.untilText(/RPS +\d/);
    await server.close();
    await tmux.untilText('✗ no data for');
    const again = await startServer({ ...EIGHT, warm: false, address: server.address });
    await tmux.untilText('counters restarted');
    tmux.type('q');
    await tmux.until((screen) => !screen.includes('WID'), 'the shell');
    await again.close();
  });

  it('shows a captured document permanently', async () => {
    const tmux = new Tmux(200, 24);
    tmux.enter(`statstop --show-secrets ${captureFile('hostile')}`);
    const lines = await tmux.untilText('WID');
    expect(lines.join('\n')).toContain('\\x9b31m\\u{202e}');
    expect(lines.join('\n')).not.toContain('no data');
  });

  it('runs statstop demo without other requirements', async () => {
    const tmux = new Tmux();
    tmux.enter('statstop demo --workers 5');
    await tmux.until((screen) => ids(screen).length === 5, 'five workers');
    tmux.type('q');
    await tmux.until((screen) => !screen.includes('WID'), 'the shell');
    expect(await tmux.output('ls /tmp | grep -c statstop-demo-$$')).toContain('status 1');
  });
});

describe.skipIf(skipWithoutTmux() || skipWithout())('the view of a real server in a real terminal', () => {
  it('shows the requests in flight', async () => {
    const server = await serverOf({ processes: 2, threads: 2 });
    const load = startLoad({ to: server.http, path: '/', connections: 2, rate: 50, seconds: 15 });
    const tmux = new Tmux(100, 30);
    tmux.enter(`statstop ${server.target}`);
    const lines = await tmux.until((screen) => /RPS +[1-9]/.test(screen), 'requests');
    expect(ids(lines.join('\n')).sort()).toEqual(['1', '2']);
    await load.stop();
  });
});
