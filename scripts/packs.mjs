import { basename } from 'node:path';

/** Commands of the program. Each of them loads few files, because opening and compiling a file takes 0.5 ms. */
const COMMANDS = ['cli', 'line', 'json', 'check', 'once', 'live'];

/**
 * Selects the file in which each output of esbuild is written: its pack. esbuild makes an output for each set of entry
 * points that share code, also of rare ones. A pack has all outputs that the same of the `COMMANDS` load at their start.
 *
 * @param outputs `metafile.outputs` of esbuild
 * @returns the name of the pack for each name of an output; outputs that none of the commands loads are missing
 */
export function packsOf(outputs) {
  const files = Object.fromEntries(Object.entries(outputs).map(([path, file]) => [basename(path), file]));
  const users = new Map();
  for (const command of COMMANDS) {
    const start = Object.keys(files).find((name) =>
      new RegExp(`^${command}(-[A-Z\\d]{8})?\\.cjs$`).test(name),
    );
    for (const name of closureOf(start, files)) users.set(name, [...(users.get(name) ?? []), command]);
  }
  return new Map([...users].map(([name, commands]) => [name, `${packFor(commands)}.cjs`]));
}

/** The command line is loaded before all other commands, so what it loads is there already. */
function packFor(commands) {
  return ['cli', 'line'].find((first) => commands.includes(first)) ?? commands.join('-');
}

/** An output with all outputs that it imports statically. */
function closureOf(name, files, found = new Set()) {
  if (found.has(name)) return found;
  found.add(name);
  for (const { path, kind, external } of files[name].imports)
    if (kind === 'import-statement' && !external) closureOf(basename(path), files, found);
  return found;
}

/** A call by which one output loads another one. */
const REQUIRED = /\brequire\("\.\/([^"]+)"\)/g;

/** Makes the calls in an output load other outputs from their packs. */
export function withPacks(code, packs) {
  return code.replace(REQUIRED, (all, name) => {
    const pack = packs.get(name);
    return pack === undefined ? all : `require("./${pack}")("./${name}")`;
  });
}

/**
 * The text of a pack: a module whose export loads an output by its name. Each output is a function that runs when it is
 * first loaded. V8 compiles functions in parentheses at once, instead of twice.
 *
 * @param outputs names and CommonJS code
 */
export function packText(outputs) {
  const functions = outputs.map(
    ([name, code]) => `${JSON.stringify(`./${name}`)}: (function (module, exports) {\n${code}\n})`,
  );
  return `const files = {\n${functions.join(',\n')}\n};
const loaded = {};
module.exports = (name) => {
  if (loaded[name]) return loaded[name].exports;
  const module = { exports: {} };
  loaded[name] = module;
  files[name](module, module.exports);
  return module.exports;
};\n`;
}
