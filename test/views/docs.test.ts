import { expect, it } from 'vitest';
import { BINDINGS } from '../../src/views/bindings.ts';
import { keyName } from '../../src/views/help.ts';
import { KEYMAP, sortKey } from '../../src/views/keymap.ts';
import { VIEWS } from '../../src/views/views.ts';

/** `docs/views.md` is made of the tables that make the screen. */

const KINDS = { app: 'an app server', emperor: 'an emperor', router: 'a router' } as const;

function row(...cells: string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}

function table(heads: string[], rows: string[][]): string[] {
  return [row(...heads), row(...heads.map(() => '---')), ...rows.map((cells) => row(...cells))];
}

it('docs/views.md lists the keys and columns that there are', async () => {
  const lines = [
    '# Keys, views and columns',
    '',
    'Made by `test/views/docs.test.ts` (`npx vitest run test/views/docs.test.ts -u`).',
    '',
    '## Keys',
    '',
    ...table(
      ['key', 'what it does', 'name in the setting file'],
      BINDINGS.map(({ name, keys, names, help }) => [
        names ?? keys.map((key) => `\`${keyName(key)}\``).join(' '),
        help,
        `\`${name}\``,
      ]),
    ),
  ];
  for (const [kind, views] of Object.entries(VIEWS)) {
    lines.push('', `## Views of ${KINDS[kind as keyof typeof KINDS]}`);
    for (const { title, columns, empty } of views) {
      if (columns.length === 0) continue;
      lines.push('', `### ${title}`, '', `When there is nothing to show: ${empty}.`, '');
      lines.push(
        ...table(
          ['column', 'key', '`--sort`, `--columns`', 'what it is'],
          columns.map((each) => [
            each.title,
            `\`${sortKey(KEYMAP, each.key)}\``,
            `\`${each.name}\``,
            each.description,
          ]),
        ),
      );
    }
  }
  await expect(`${lines.join('\n')}\n`).toMatchFileSnapshot('../../docs/views.md');
});
