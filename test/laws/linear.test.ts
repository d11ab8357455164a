import { describe, expect, it } from 'vitest';
import { configurationNames, nameOf, settingsIn, settingsOf } from '../../src/host/arguments.ts';
import { waitedFor } from '../../src/host/event-queue.ts';
import { partsOf } from '../../src/host/guarded.ts';
import { parseIdentity } from '../../src/host/identity.ts';
import { mountsIn } from '../../src/host/mounts.ts';
import { parseListeners } from '../../src/host/ss.ts';
import { isNamed } from '../../src/host/stats-socket.ts';
import { parsedRequest } from '../../src/serve/request.ts';
import { parseHead } from '../../src/sources/http.ts';
import { decode } from '../../src/stats/decode.ts';
import { parseStacks } from '../../src/stats/stacks.ts';
import { recognized } from '../../src/targets/configuration/recognize.ts';
import { statsServers } from '../../src/targets/configuration/resolve.ts';
import { clean, toWidth, wrap } from '../../src/text/clean.ts';
import { patternOf } from '../../src/views/pattern.ts';
import { promptChange } from '../../src/views/updates/typing.ts';
import { leastRatio } from '../cost.ts';
import { configuration, surroundings } from '../targets/configuration/fake.ts';
import { VIEW } from '../views/samples.ts';

/** The functions that read untrusted text. Their results do not matter here. */
const READERS: Readonly<Record<string, (text: string) => unknown>> = {
  'a stats document': (text) => attempt(() => decode(Buffer.from(`{"version":"${text}","pid":1}`))),
  'a stats document that is not JSON': (text) =>
    attempt(() => decode(Buffer.from(`{"pid":1,"cwd":"\\x${text}`))),
  'a Python stack': (text) => attempt(() => parseStacks(`*** uWSGI ***\n\nthread_id = ${text}\n\n`)),
  'an HTTP head': (text) => attempt(() => parseHead(Buffer.from(`HTTP/1.1 ${text}\r\n\r\n`))),
  'a request of a scraper': (text) => parsedRequest(`GET ${text} HTTP/1.1\r\n${text}\r\nX: ${text}`),
  'a line of ss': (text) => parseListeners(`u_str LISTEN 0 100 ${text}\ntcp LISTEN 0 100 ${text}`),
  'a line of mountinfo': (text) => mountsIn(`1 1 0:1 / ${text} - ${text}`),
  'the stat of a process': (text) => parseIdentity(`1 (${text}) S ${text}`),
  'a word of a command line': (text) => [
    settingsOf([text]),
    configurationNames([text]),
    nameOf([], [text], text),
  ],
  'a configuration': (text) => settingsIn(`stats = ${text}\n<${text}>`),
  'a configuration with placeholders': (text) =>
    isNamed({ inode: '1', address: { family: 'unix', path: `${text}/` } }, text.replaceAll(' ', '%n')),
  'a configuration as a target': (text) => {
    for (const [name, format] of FORMATS) {
      recognized(name, text);
      for (const whole of [
        text,
        `[uwsgi]\nstats = ${text}`,
        `uwsgi:\n  stats: ${text}`,
        `<uwsgi><stats>${text}`,
      ])
        attempt(() => statsServers(configuration(whole, { format }), surroundings()));
    }
  },
  'an event queue': (text) => waitedFor(`tfd: 1 events: ${text}`, new Map()),
  'files that head prints': (text) => partsOf(text, ['/a', '/b'], true),
  'a text on the screen': (text) => clean(text),
  'a cell': (text) => toWidth(text, 20, 'left'),
  'a value of the detail': (text) => wrap(clean(text), 40),
  'the last word of a typed text': (text) =>
    promptChange({ ...VIEW, filter: text, prompt: { before: null } }, { kind: 'erase', what: 'word' }),
  'a filter with a regular expression': (text) => {
    const pattern = patternOf('(a+)+$');
    return typeof pattern === 'string' ? expect.fail(pattern) : pattern.test(text);
  },
};

const FORMATS = [
  ['a.ini', 'ini'],
  ['a.yml', 'yaml'],
  ['a.json', 'json'],
  ['a.xml', 'xml'],
] as const;

/** Calls a function that may reject the text. */
function attempt(read: () => unknown): void {
  try {
    read();
  } catch (error) {
    expect(error).toBeInstanceOf(Error);
  }
}

/** Long texts: a repeated part with a prefix and a suffix. */
const SHAPES: readonly (readonly [before: string, part: string, after: string])[] = [
  ['a', ' ', 'x'],
  ['', 'a', ' y'],
  ['', 'a', '!'],
  ['', '1', 'x'],
  ['', ' 1', '*'],
  ['', '\\', ''],
  ['', '",', ''],
  ['', '"}', ''],
  ['', '" ', ':'],
  ['', '[', ''],
  ['', 'e\u0301', ''],
  ['e', '\u0301', ''],
  ['', '\u001b[', ''],
  ['', 'ino:1', 'x'],
  ['', '\r\n', 'x'],
  ['', '$(', ''],
  ['', '<%', ''],
  ['', '{{', ''],
  ['', '<a>', ''],
];

/** With this many runs, a linear reader takes longer than the resolution of the clock. */
const RUNS = 5;
const LENGTH = 2500;

/** Four times the text costs a linear reader four times as much, and a quadratic one sixteen times. */
const MOST = 10;

describe.each(Object.entries(READERS))('%s', (_, read) => {
  it.each(SHAPES)(
    'of %j, many %j and %j takes time in proportion to its length',
    async (before, part, after) => {
      const reads = (length: number) => {
        const text = before + part.repeat(length / part.length) + after;
        return async () => {
          for (let run = 0; run < RUNS; run += 1) await read(text);
        };
      };
      expect(await leastRatio(reads(LENGTH), reads(4 * LENGTH), MOST)).toBeLessThan(MOST);
    },
  );
});
