import { readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/** The terminal entries that statstop selects (`terminal/blessed/terminfo`). blessed reads them from files. */
const ENTRIES = ['xterm', 'xterm-256color', 'linux'];

/**
 * Replacements in files, by the end of their path: a text and its replacement. A text that is missing is an error, so
 * that a new version of a package is not bundled without them.
 */
const REPLACED = {
  // blessed's main module loads all its widgets, by names that esbuild does not know.
  'blessed-contrib/lib/widget/canvas.js': [
    [
      "blessed = require('blessed')",
      "blessed = { Node: require('blessed/lib/widgets/node'), Box: require('blessed/lib/widgets/box') }",
    ],
  ],
  'blessed/lib/unicode.js': [["require('../')", "{ screen: require('./widgets/screen') }"]],
  // commander needs these only for programs of other files, and for help.
  'commander/index.js': [
    ["const { Help } = require('./lib/help.js');", ''],
    ['exports.Help = Help;', ''],
  ],
  'commander/lib/command.js': [
    [
      "const { Help, stripColor } = require('./help.js');",
      `const help = () => require('./help.js').default;
function Help() { return new (help().Help)(); }
const stripColor = (text) => help().stripColor(text);`,
    ],
    [
      "const childProcess = require('node:child_process');",
      "const childProcess = { spawn: (...args) => require('node:child_process').spawn(...args) };",
    ],
  ],
  // Node.js warns about this constructor, except in files below `node_modules`.
  'drawille-blessed-contrib/index.js': [['new Buffer(width*height/8)', 'Buffer.alloc(width*height/8)']],
  'blessed/lib/program.js': [["cp = require('child_process')", 'cp = null']],
  'blessed/lib/widgets/screen.js': [["cp = require('child_process')", 'cp = null']],
  'blessed/lib/widgets/element.js': [["assert = require('assert')", 'assert = { ok() {} }']],
  'blessed/lib/gpmclient.js': [
    ['new Buffer(20)', 'Buffer.alloc(20)'],
    ['new Buffer(16)', 'Buffer.alloc(16)'],
  ],
  // Only the terminal entries above are read, so there is nothing to check. blessed runs no programs here.
  'blessed/lib/tput.js': [
    ["assert = require('assert')", 'assert = Object.assign(() => {}, { equal() {} })'],
    ["cp = require('child_process')", 'cp = null'],
    ['data = fs.readFileSync(file);', 'data = Buffer.from(ENTRIES[path.basename(file)], "base64");'],
  ],
};

const PREFIXES = { 'blessed/lib/tput.js': entries };

/** A plugin of esbuild that lets packages run without their files. */
export const packagesIntoBundle = {
  name: 'packages-into-bundle',
  setup({ onLoad, onEnd }) {
    const missing = new Set(Object.keys(REPLACED));
    onLoad({ filter: /\.[jt]s$/ }, ({ path }) => {
      const name = Object.keys(REPLACED).find((end) => path.endsWith(`/${end}`));
      if (name === undefined) return undefined;
      missing.delete(name);
      let contents = readFileSync(path, 'utf8');
      for (const [from, to] of REPLACED[name]) {
        if (!contents.includes(from)) return { errors: [{ text: `${path} has no ${from}` }] };
        contents = contents.replace(from, to);
      }
      const prefix = PREFIXES[name]?.(path) ?? '';
      return {
        contents: prefix + contents,
        loader: path.endsWith('.ts') ? 'ts' : 'js',
        resolveDir: dirname(path),
      };
    });
    // Without the scripts and dependencies in it.
    onLoad({ filter: /\/package\.json$/ }, ({ path }) => {
      const { version } = JSON.parse(readFileSync(path, 'utf8'));
      return { contents: JSON.stringify({ version }), loader: 'json' };
    });
    onEnd(() => ({ errors: [...missing].map((name) => ({ text: `${name} is not in the bundle` })) }));
  },
};

/** Code that has the terminal entries as text. */
function entries(path) {
  const folder = join(dirname(path), '../usr');
  const texts = ENTRIES.map((name) => [name, readFileSync(join(folder, basename(name))).toString('base64')]);
  return `const ENTRIES = ${JSON.stringify(Object.fromEntries(texts))};\n`;
}
