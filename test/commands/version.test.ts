import { expect, it } from 'vitest';
import { versionLine } from '../../src/commands/version.ts';

const BUILD = { version: '1.2.3', path: '/x', date: '2026-11-28' };
const NODE = process.versions.node;

it('the line of --version has a form that scripts can read', () => {
  expect(versionLine({ ...BUILD, form: 'executable', commit: '041c10531e' })).toBe(
    `1.2.3 (executable, commit 041c10531e, Node.js ${NODE})`,
  );
  expect(versionLine({ ...BUILD, form: 'npm package', commit: null })).toBe(
    `1.2.3 (npm package, commit unknown, Node.js ${NODE})`,
  );
});
