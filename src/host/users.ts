import { readFile } from 'node:fs/promises';

/** Names of the users in `/etc/passwd`, by id. Users of a directory service are missing. */
export async function userNames(): Promise<ReadonlyMap<number, string>> {
  const text = await readFile('/etc/passwd', 'utf8').catch(() => '');
  return new Map(
    text.split('\n').flatMap((line): [number, string][] => {
      const [name = '', , id = ''] = line.split(':');
      return /^\d+$/.test(id) && name !== '' ? [[Number(id), name]] : [];
    }),
  );
}
