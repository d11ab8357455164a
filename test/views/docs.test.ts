import { expect, it } from 'vitest';
import { RULES } from '../../src/insights/rules.ts';
import { BINDINGS } from '../../src/views/bindings.ts';
import { keyName } from '../../src/views/help.ts';
import { FILTER_SYNTAX } from '../../src/views/help-pages.ts';
import { sortKey } from '../../src/views/keymap.ts';
import { VIEWS } from '../../src/views/views.ts';
import { KEYMAP } from './keymap.ts';

/** `docs/views.md` is generated from the tables of the screen. */

const KINDS = { app: 'an app server', emperor: 'an emperor', router: 'a router' } as const;

function row(...cells: string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}

/** A text as code; an empty cell for an empty text. */
function code(text: string): string {
  return text && `\`${text}\``;
}

function table(heads: string[], rows: string[][]): string[] {
  return [row(...heads), row(...heads.map(() => '---')), ...rows.map((cells) => row(...cells))];
}

it('docs/views.md lists all keys and columns', async () => {
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
  lines.push(
    '',
    '## Filter',
    '',
    ...table(
      ['example', 'meaning'],
      FILTER_SYNTAX.map(([example, meaning]) => [`\`${example}\``, meaning]),
    ),
  );
  for (const [kind, views] of Object.entries(VIEWS)) {
    lines.push('', `## Views of ${KINDS[kind as keyof typeof KINDS]}`);
    for (const { title, columns, order, empty } of views) {
      if (columns.length === 0) continue;
      lines.push('', `### ${title}`, '', `Default order: ${order}.`, '', `Without rows: ${empty}.`, '');
      lines.push(
        ...table(
          ['column', 'key', '`--sort`, `--columns`', 'what it is'],
          columns.map((each) => [
            each.title,
            code(sortKey(KEYMAP, each.key)),
            `\`${each.name}\``,
            each.description,
          ]),
        ),
      );
    }
  }
  await expect(`${lines.join('\n')}\n`).toMatchFileSnapshot('../../docs/views.md');
});

it('docs/findings.md lists all rules', async () => {
  const lines = [
    '# Findings',
    '',
    'What statstop looks for, in the live view (`!`) and with `statstop check`. A finding comes when what is measured was at',
    'its level for the seconds given, and goes when it was a fifth lower for as long as the last column says.',
    'Levels are set in the setting file (`[findings]`, `queue = { warning = 0.2, critical = 0.9 }`) or, for `check`, with',
    '`--level queue=0.2,0.9`.',
    '',
    'A hint is nothing wrong: something that could be set, for a reason that the stats show. Hints stand last in the live view,',
    'and only `--json` of `check` has them: they change neither its line nor its exit status.',
    '',
    'Made by `test/views/docs.test.ts`.',
    '',
    ...table(
      ['rule', 'what is measured', 'warning', 'critical', 'after', 'over after', 'what to do'],
      RULES.map(({ name, hint, measures, levels, holds, clears, advice }) => [
        `\`${name}\`${hint ? ' (hint)' : ''}`,
        measures,
        String(levels.warning),
        String(levels.critical ?? '-'),
        `${holds}s`,
        `${clears}s`,
        advice,
      ]),
    ),
  ];
  await expect(`${lines.join('\n')}\n`).toMatchFileSnapshot('../../docs/findings.md');
});
