import { expect, it } from 'vitest';
import { licences } from '../../scripts/package/licences.ts';
import { ROOT } from '../commands/run.ts';

it('THIRD-PARTY-LICENSES has the licences of all packages in the bundle (update it with `-u`)', async () => {
  await expect(licences(`${ROOT}dist/bundled.json`, ROOT)).toMatchFileSnapshot('../../THIRD-PARTY-LICENSES');
});
