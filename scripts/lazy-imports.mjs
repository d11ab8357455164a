/** A declaration by which esbuild imports a module or a file into CommonJS code. */
const DECLARED = /^var (import_\w+) = (.*\brequire\w*\(.*\));$/gm;

/**
 * Makes the imports of a file lazy: a module is loaded when the code first uses it, not when the file is loaded. Most
 * commands use few of the modules of Node.js that the program imports.
 *
 * @param code output of esbuild in the format `cjs`, not minified: each import is a variable, and each use of an imported
 *   name is a property of it
 */
export function withLazyImports(code) {
  const loads = [];
  const declared = code.replace(DECLARED, (_, name, load) => {
    loads.push([name, load]);
    return `var ${name};`;
  });
  return loads.reduceRight(
    // Without a function, which every use would call.
    (text, [name, load]) => text.replace(new RegExp(`\\b${name}\\.`, 'g'), () => `(${name} ??= ${load}).`),
    declared,
  );
}

/** A declaration by which esbuild imports a file that several files share. */
const SHARED = /^var (import_chunk_\w+) = (require\("[^"]+"\));$/gm;

/**
 * Makes each name that a file imports from a shared file a variable, as in one bundle. A view uses these names so often
 * that a search for each use is visible in its CPU time.
 *
 * @param code output of esbuild in the format `cjs`, not minified
 */
export function withDirectNames(code) {
  let text = code;
  for (const [declared, file, load] of code.matchAll(SHARED)) {
    const names = new Set();
    text = text.replace(new RegExp(`\\b${file}\\.([\\w$]+)`, 'g'), (_, name) => {
      names.add(name);
      return `${file}_${name}`;
    });
    const variables = [...names].map((name) => `${name}: ${file}_${name}`).join(', ');
    text = text.replace(declared, () => `var { ${variables} } = ${load};`);
  }
  return text;
}

/** The list of exports in the output of esbuild. */
const EXPORTS = /^__export\((\w+), \{\n([\s\S]*?)^\}\);\nmodule\.exports = __toCommonJS\(\1\);$/m;

/** Names that are declared without a value. */
const EMPTY = /^(?:var|let) ([\w$]+(?:, [\w$]+)*);$/gm;

/**
 * Makes the exports of a file an object with plain properties. esbuild makes two getters for each. A view uses imports
 * so often that the getters are visible in its CPU time.
 *
 * @param code output of esbuild in the format `cjs`, not minified
 * @throws Error if an exported variable gets its value later: importers would not see it
 */
export function withPlainExports(code) {
  const [all, , names] = EXPORTS.exec(code) ?? [];
  if (all === undefined) return code;
  const exported = [...names.matchAll(/: \(\) => ([\w$]+)/g)].map(([, name]) => name);
  const empty = [...code.matchAll(EMPTY)].flatMap(([, declared]) => declared.split(', '));
  const [late] = exported.filter((name) => empty.includes(name));
  if (late !== undefined)
    throw new Error(`${late} is exported, but has no value when its file has been loaded`);
  const plain = names.replaceAll(': () => ', ': ').trimEnd();
  return `${code.replace(all, '')}\nmodule.exports = { __esModule: true,\n${plain} };\n`;
}
