import { isUtf8 } from '../terminal/blessed/terminfo.ts';
import { ASCII, UNICODE } from '../views/glyphs.ts';
import { createKeymap } from '../views/keymap.ts';
import { AT_TOP, UNTOUCHED, type ViewState } from '../views/scene.ts';
import { THRESHOLDS } from '../views/thresholds.ts';
import { type Chosen, maskOf, type Options } from './options.ts';

/** Returns the state of the view at the start, from the options and the settings. */
export function initialView(options: Chosen): ViewState {
  const { views = {}, keys, thresholds } = options.settings;
  const otherTabs = Object.entries(views).map(([name, { columns = null, sort = null }]) => [
    name,
    { ...UNTOUCHED, columns, sort },
  ]);
  return {
    interval: options.interval,
    fast: false,
    frozenAt: null,
    cores: options.cores,
    hidesIdle: false,
    isSplit: options.settings.split !== 'off',
    lower: AT_TOP,
    chartRange: 'near',
    period: 'tenMinutes',
    tab: null,
    firstTab: options.view ?? null,
    otherTabs: Object.fromEntries(otherTabs),
    ...UNTOUCHED,
    sort: options.sort ?? null,
    columns: options.columns ?? null,
    filter: options.filter || null,
    ledFrom: null,
    prompt: null,
    question: null,
    detail: null,
    chooser: null,
    help: null,
    mask: maskOf(options),
    glyphs: isAscii(options) ? ASCII : UNICODE,
    keys: createKeymap(keys),
    thresholds: { ...THRESHOLDS, ...thresholds },
    levels: options.settings.findings ?? {},
    long: options.long ?? [],
    paths: options.paths ?? [],
  };
}

/** Non-ASCII characters are shown if the locale is UTF-8 and `--ascii` is not given. */
function isAscii({ ascii }: Pick<Options, 'ascii'>): boolean {
  // The Linux console has no glyphs for the blocks and the dots of the curves.
  return ascii === true || !isUtf8(process.env) || process.env.TERM === 'linux';
}
