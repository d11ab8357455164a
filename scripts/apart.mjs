import { realpathSync } from 'node:fs';

/**
 * Modules that become files of their own, by the name of the file, although other modules import them statically. With
 * `withLazyImports`, a command loads such a file only when it uses it.
 */
export const APART = {
  // All views. `--json` and `check` need them only if an option names columns.
  columns: 'src/settings/columns.ts',
  // Only for a setting file.
  settings: 'src/settings/settings.ts',
  // Only for a pattern of the user.
  re2js: 'node_modules/re2js/build/index.js',
  // Only for commands as targets, and for options in the environment.
  shlex: 'node_modules/shlex/shlex.js',
  // Only for the first chart.
  canvas: 'node_modules/blessed-contrib/lib/widget/canvas.js',
};

const FILES = new Map(Object.entries(APART).map(([name, path]) => [realpathSync(path), `./${name}.cjs`]));

/** A plugin of esbuild that makes the imports of these modules external. Their files are entry points of the build. */
export const apart = {
  name: 'apart',
  setup({ onResolve, resolve: find }) {
    onResolve({ filter: /columns|settings|re2js|shlex|canvas/ }, async ({ path, pluginData, ...where }) => {
      if (pluginData === apart || where.kind === 'entry-point') return undefined;
      const found = await find(path, { ...where, pluginData: apart });
      const file = FILES.get(found.path);
      return file === undefined ? undefined : { path: file, external: true };
    });
  },
};
