import { mkdirSync } from 'node:fs';
import { VERSIONS } from '../versions.ts';
import { capture } from './capture.ts';
import { kinds } from './kinds.ts';

/** Writes the captures of one version of uWSGI to fixtures/uwsgi-VERSION: `npm run captures VERSION [KIND...]`. */

/** Number of concurrent servers. With more of them, requests would be delayed. */
const AT_A_TIME = 4;

const [wanted, ...only] = process.argv.slice(2);
const version = VERSIONS.find(({ name }) => name === wanted);
if (version === undefined || version.missing !== null) {
  const names = VERSIONS.map(({ name }) => name).join(', ');
  console.error(version?.missing ?? `usage: npm run captures VERSION [KIND...], one of ${names}`);
  process.exit(2);
}

const folder = new URL(`../../../fixtures/uwsgi-${version.name}/`, import.meta.url);
mkdirSync(folder, { recursive: true });
const waiting = Object.entries(await kinds()).filter(([name]) => only.length === 0 || only.includes(name));
await Promise.all(
  Array.from({ length: AT_A_TIME }, async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      await capture(next[0], next[1], version, folder);
      console.log(`${version.name} ${next[0]}`);
    }
  }),
);
