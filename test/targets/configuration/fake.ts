import type { ConfigurationText } from '../../../src/targets/configuration/resolve.ts';
import type { Surroundings } from '../../../src/targets/configuration/surroundings.ts';

/** Surroundings with these files, by their paths, and an empty environment. */
export function surroundings(
  files: Readonly<Record<string, string>> = {},
  changes: Partial<Surroundings> = {},
): Surroundings {
  return {
    environment: {},
    hostname: 'web1',
    cpus: 2,
    uid: 1000,
    userName: 'ann',
    gid: 1000,
    cwd: '/srv/app',
    nameOf: (path) => (path.startsWith('/') ? path : `/srv/app/${path}`),
    kindOf: (path) => (path in files ? 'file' : null),
    read(path) {
      const text = files[path];
      if (text === undefined) throw Object.assign(new Error('ENOENT'), { code: 'ENOENT' });
      return text;
    },
    ...changes,
  };
}

/** The text of a configuration named `uwsgi.ini`, or of another format. */
export function configuration(text: string, changes: Partial<ConfigurationText> = {}): ConfigurationText {
  return { name: 'uwsgi.ini', section: '', format: 'ini', text, ...changes };
}
