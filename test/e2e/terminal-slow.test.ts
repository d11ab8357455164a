import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { changing, MANY, shown, unread } from '../terminal/changing.ts';
import { skipWithoutPty } from '../terminal/pty.ts';
import { skipWithoutTmux, Tmux } from '../terminal/tmux.ts';
import { memoryOf } from '../terminal/witness.ts';

describe.skipIf(skipWithoutTmux())('many signals and changes of the size', () => {
  it('leave a correct view, and reads of the server continue', async () => {
    const server = await changing();
    const tmux = new Tmux();
    tmux.enter(`statstop -i 0.2 ${server.address}; echo "ended with $?"`);
    await tmux.untilText('WID');
    const pid = tmux.pid();
    const before = server.reads;
    // The loop ends when the server was read during the storm, however slow the machine is.
    for (let turn = 0; turn < 200 || server.reads <= before + 2; turn += 1) {
      tmux.resize(40 + ((turn * 37) % 160), 6 + ((turn * 13) % 50));
      // The server of this test runs in this process.
      await sleep(5);
    }
    const between = server.reads;
    for (let turn = 0; turn < 1000; turn += 1) {
      process.kill(pid, 'SIGWINCH');
      if (turn % 10 === 0) await sleep(10);
    }
    await tmux.until(() => server.reads > between + 2, 'reads');
    tmux.resize(100, 30);
    const isRight = (screen: string) => {
      const lines = screen.split('\n');
      return lines.length === 30 && /^ q Quit/.test(lines[29] ?? '') && lines[0]?.length === 100;
    };
    await tmux.until(isRight, '100 x 30');
    // The screen must equal a complete redraw.
    tmux.type(' ');
    const lines = await tmux.untilText('frozen at');
    expect(lines.filter((line) => /^ *\d+ +(busy|idle) /.test(line))).toHaveLength(22);
    tmux.press('C-l');
    await sleep(500);
    expect(tmux.lines()).toEqual(lines);
    tmux.type('q');
    await tmux.untilText(/^ended with 0$/m);
  });
});

describe.skipIf(skipWithoutPty())('a view whose terminal is not read', () => {
  it('continues to read the server, and shows the current data when the terminal is read again', async () => {
    const { server, pty } = await unread();
    const [bytes, memory, before] = [pty.bytes, memoryOf(pty.pid), server.reads];
    await pty.until(() => server.reads > before + MANY, `${MANY} reads`);
    // Each change of the size causes a complete frame.
    for (let turn = 0; turn < 300; turn += 1) {
      pty.tell({ size: [200, 49 + (turn % 2)] });
      await sleep(5);
    }
    await pty.until(() => server.reads > before + 2 * MANY, `${MANY} more reads`);
    expect(pty.bytes - bytes).toBeLessThan(2 ** 17);
    expect(memoryOf(pty.pid) - memory).toBeLessThan(64 * 2 ** 20);

    const then = server.reads;
    pty.tell({ reading: true });
    await pty.until(() => shown(pty.screen.text()) >= then, 'the current data');
    // Outdated frames are discarded. They would be megabytes.
    expect(pty.bytes - bytes).toBeLessThan(2 ** 18);
    pty.tell({ keys: ' ' });
    await pty.screen.untilText('frozen at');
    await sleep(300);
    const picture = pty.screen.picture();
    pty.tell({ keys: '\x0c' });
    const drawn = pty.bytes;
    await pty.until(() => pty.bytes > drawn + 5000, 'the whole screen');
    await sleep(300);
    expect(pty.screen.picture()).toEqual(picture);
    expect(pty.screen.lines()[49]).toMatch(/^ q Quit/);
    pty.tell({ keys: 'q' });
    await pty.until(() => pty.status !== null, 'the end');
    expect(pty.status).toBe(0);
    await pty.screen.settled();
    expect(pty.screen.state()).toMatchObject({ alternateScreen: false, mouse: 'none', cursorHidden: false });
  });

  it('shows current data on a terminal that reads more slowly than frames are drawn', async () => {
    const { server, pty } = await unread();
    // A complete frame needs most of a second, but ten frames per second are requested.
    pty.tell({ reading: true, pace: 200 });
    const before = server.reads;
    await pty.until(() => server.reads > before + MANY, `${MANY} reads`);
    expect(server.reads - shown(pty.screen.text())).toBeLessThan(MANY / 2);
    pty.tell({ pace: 65536, keys: 'q' });
    await pty.until(() => pty.status !== null, 'the end');
    expect(pty.status).toBe(0);
    await pty.screen.settled();
    expect(pty.screen.state()).toMatchObject({ alternateScreen: false, mouse: 'none', cursorHidden: false });
  });
});
