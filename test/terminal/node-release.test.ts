import { describe, expect, it } from 'vitest';
import { serve } from '../demo/wire.ts';
import { tabsTo } from '../views/tabs-to.ts';
import { Pty, skipWithoutPty } from './pty.ts';

/** blessed is from 2015: Node.js deprecates an API that blessed uses before a release removes it. */
const STRICT = { NODE_OPTIONS: '--throw-deprecation' };

describe.skipIf(skipWithoutPty())(`on Node.js ${process.version}`, () => {
  it('the live view and its charts use no deprecated API', async () => {
    const { address } = await serve({ workers: 2, cores: 2, rate: 20 });
    const pty = await Pty.start(80, 24, [address], STRICT);
    await pty.until(() => /^ *WID/m.test(pty.screen.text()), 'the table');
    pty.tell({ keys: '\t'.repeat(tabsTo('charts')) });
    await pty.until(() => /requests per second: \d/.test(pty.screen.text()), 'the charts');
    pty.tell({ size: [120, 40] });
    pty.tell({ keys: 'h' });
    await pty.until(() => pty.screen.text().includes('Esc Close'), 'the help');
    pty.tell({ keys: 'q' });
    await pty.until(() => pty.status !== null, 'the end');
    expect(pty.status).toBe(0);
  });
});
