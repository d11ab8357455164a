/** A declaration by which esbuild imports a module or a file into CommonJS code. */
const DECLARED = /^var (import_\w+) = (.*\brequire\w*\(.*\));$/gm;

/**
 * Makes the imports of a file lazy: a module is loaded when the code first uses it, not when the file is loaded. Half of
 * the start was for modules of Node.js that most commands do not use.
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
