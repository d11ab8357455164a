import { realpathSync } from 'node:fs';
import { basename, extname } from 'node:path';

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
  // Only for a server, after the first frame.
  host: 'src/host/host.ts',
  // Only for the first chart.
  canvas: 'node_modules/blessed-contrib/lib/widget/canvas.js',
  // Only for the texts of --help.
  help: 'node_modules/commander/lib/help.js',
  // Only for a configuration as a target, and for the servers of this machine.
  resolver: 'src/targets/configuration/targets.ts',
  running: 'src/commands/running.ts',
  // Only for several targets.
  several: 'src/commands/observe-all.ts',
  // Each only for targets of its kind.
  socket: 'src/sources/read-socket.ts',
  ssh: 'src/sources/read-ssh.ts',
  exec: 'src/sources/read-exec.ts',
  // Only for characters that are not ASCII.
  widths: 'node_modules/get-east-asian-width/index.js',
  // Only for documents that are not JSON.
  repair: 'src/stats/repair.ts',
};

const FILES = new Map(Object.entries(APART).map(([name, path]) => [realpathSync(path), `./${name}.cjs`]));

/** Matches the imports that can lead to these modules: a name of a package, or the end of a path. */
const NAMES = Object.values(APART).map((path) => basename(path, extname(path)));
const IMPORTS = new RegExp(`^(?:re2js|shlex|get-east-asian-width)$|/(?:${NAMES.join('|')})(?:\\.[jt]s)?$`);

/** A plugin of esbuild that makes the imports of these modules external. Their files are entry points of the build. */
export const apart = {
  name: 'apart',
  setup({ onResolve, resolve: find }) {
    onResolve({ filter: IMPORTS }, async ({ path, pluginData, ...where }) => {
      if (pluginData === apart || where.kind === 'entry-point') return undefined;
      const found = await find(path, { ...where, pluginData: apart });
      const file = FILES.get(found.path);
      return file === undefined ? undefined : { path: file, external: true };
    });
  },
};
