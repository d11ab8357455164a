import { readFileSync } from 'node:fs';
import { parse } from '@decimalturn/toml-patch';
import { describe, expect, it } from 'vitest';
import { SETTINGS, settingsOf, type Table } from '../src/settings/settings.ts';
import { VIEWS } from '../src/views/views.ts';

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');

/** The README repeats what the tables say; it must not say anything else. */
describe('the README', () => {
  it('names the views', () => {
    for (const { title } of Object.values(VIEWS).flat())
      expect(readme).toMatch(new RegExp(`\\| .*\\b${title}\\b.* \\|`));
  });

  it('shows a setting file with everything that can be set, and nothing else', () => {
    const example = parse(/```toml\n(.*?)```/s.exec(readme)?.[1] ?? '') as Table;
    const settings = settingsOf(example);
    expect(Object.keys(settings).sort()).toEqual([...SETTINGS].sort());
    expect(settings.thresholds).toEqual({ longRequest: 1, tooLongRequest: 5 });
    expect(settings.views?.workers?.sort).toEqual({ column: 'rps', descending: true });
  });
});
