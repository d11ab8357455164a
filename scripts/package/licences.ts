import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What `package.json` says of a package. */
interface Manifest {
  name: string;
  version: string;
  license: string;
  author?: string | { name: string };
}

/**
 * Packages without a licence text. Each says "MIT" in its package.json and in its README, and names its author. The
 * general text of that licence follows them in the list.
 */
export const WITHOUT_TEXT: readonly string[] = ['drawille-canvas-blessed-contrib', 'x256'];

const MIT = `Permission is hereby granted, free of charge, to any person obtaining a copy
of this software and associated documentation files (the "Software"), to deal
in the Software without restriction, including without limitation the rights
to use, copy, modify, merge, publish, distribute, sublicense, and/or sell
copies of the Software, and to permit persons to whom the Software is
furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all
copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR
IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY,
FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE
AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER
LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM,
OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE
SOFTWARE.`;

/** The names of the packages in the bundle, from the `bundled.json` of `scripts/build.mjs`. */
export function bundledPackages(list: string): string[] {
  const files = Object.keys(JSON.parse(readFileSync(list, 'utf8')));
  const names = files.flatMap((file) => /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file)?.[1] ?? []);
  return [...new Set(names)].sort();
}

/**
 * The licences of the packages in the bundle.
 *
 * @throws if a package has no licence text and is not in `WITHOUT_TEXT`, or has one and is
 */
export function licences(list: string, root: string): string {
  const blocks = bundledPackages(list).map((name) => block(join(root, 'node_modules', name)));
  return [
    'The program of statstop contains these packages. test/e2e/licences.test.ts makes this list.',
    ...blocks,
  ].join(`\n\n${'='.repeat(78)}\n\n`);
}

function block(folder: string): string {
  const { name, version, license, author } = JSON.parse(
    readFileSync(join(folder, 'package.json'), 'utf8'),
  ) as Manifest;
  const file = readdirSync(folder).find((name) => /^licen[cs]e(\.md|\.txt)?$/i.test(name));
  if ((file === undefined) !== WITHOUT_TEXT.includes(name))
    throw new Error(
      `${name}: ${file ?? 'no licence text'}. Correct WITHOUT_TEXT of scripts/package/licences.ts`,
    );
  const by = typeof author === 'object' ? author.name : author?.replace(/ *<.*/, '');
  const text =
    file === undefined
      ? `The package has no licence text. Its package.json and its README name the MIT License.\nAuthor: ${by}\n\n${MIT}`
      : readFileSync(join(folder, file), 'utf8')
          .replaceAll('\r', '')
          .replaceAll(/[ \t]+$/gm, '')
          .trim();
  return `${name} ${version} (${license})\n\n${text}`;
}
