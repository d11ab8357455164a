import { expect, vi } from 'vitest';
import { VIEWS } from '../../src/views/views.ts';
import { POSITION } from '../terminal/live-screen.ts';
import { Tmux } from '../terminal/tmux.ts';
import { TIMEOUT_MS } from '../timeouts.ts';

/** A row of a table: the titles of its columns, with the displayed text of each cell. */
export type Row = Readonly<Record<string, string>>;

/** Line numbers on a screen of 80x24: the heading, and the last line above the keys. */
const HEADING = 5;
const LAST = 22;

/** Width of the names in a detail, including the surrounding blanks. */
const NAME_WIDTH = 25;

const COLUMNS = Object.values(VIEWS).flatMap((views) => views.flatMap(({ columns }) => columns));

/** The live view of a target in a terminal of 80x24. Reads every view from the screen. */
export class Seen {
  readonly tmux = new Tmux();

  private constructor() {}

  /** Starts the live view and waits until it shows a table. */
  static async start(target: string, options = ''): Promise<Seen> {
    const seen = new Seen();
    seen.tmux.enter(`clear; statstop --interval 0.2 ${options} ${target}`);
    await seen.tmux.until(
      (screen) => / q Quit {2}h Help/.test(screen) && !/^$/.test(heading(screen)),
      'a table',
    );
    return seen;
  }

  /** Presses the key of a view and waits until its heading begins with those titles. */
  async show(key: string, ...titles: string[]): Promise<void> {
    this.tmux.press(key);
    const begins = new RegExp(`^ *${titles.join('[▲▼]? +')}[▲▼]?( |$)`);
    await this.tmux.until(
      (screen) => begins.test(heading(screen)),
      `the heading ${titles.join(' ')} of key ${key}`,
    );
  }

  /** The visible rows. @throws Error when there is no table */
  rows(): Row[] {
    return rowsOf(this.tmux.lines());
  }

  /** Waits until `holds` throws no assertion error for the rows. */
  async until(holds: (rows: readonly Row[]) => void): Promise<void> {
    await vi.waitFor(() => holds(this.rows()), { timeout: TIMEOUT_MS, interval: 100 });
  }

  /** Hides the rows that do not contain the text. */
  async filter(text: string): Promise<void> {
    this.tmux.press('/', 'C-u');
    this.tmux.type(text);
    await this.tmux.until((screen) => screen.includes(`\n/${text}_`), `the filter ${text}`);
    this.tmux.press('Enter');
    await this.tmux.untilText(/^ q Quit/m);
  }

  /**
   * Opens the detail of the selected row, or of the first one. The heading begins with `title`. Returns its values by
   * name.
   */
  async detail(title: string): Promise<Row> {
    this.tmux.press('Enter');
    await this.tmux.until((screen) => heading(screen).startsWith(`${title} `), `the detail ${title}`);
    const lines = [...this.body()];
    for (let page = this.body(); page.includes(MORE); page = this.body()) {
      const before = page.join();
      this.tmux.press('PageDown');
      await this.tmux.until(() => this.body().join() !== before, 'the next page of the detail');
      lines.push(...this.body());
    }
    // The explanations have the names of the fields that they explain.
    const end = lines.indexOf('Explanations');
    return Object.fromEntries(lines.slice(0, end < 0 ? lines.length : end).map(fieldOf));
  }

  /** The lines between the heading and the keys. */
  body(): string[] {
    return this.tmux.lines().slice(HEADING + 1, LAST + 1);
  }
}

const MORE = ' more below: PgDn';

function fieldOf(line: string): [name: string, value: string] {
  return [line.slice(0, NAME_WIDTH).trim(), line.slice(NAME_WIDTH).split(/ {2,}/)[0] ?? ''];
}

function heading(screen: string): string {
  return screen.split('\n')[HEADING] ?? '';
}

function rowsOf(lines: readonly string[]): Row[] {
  const titles = [...(lines[HEADING] ?? '').matchAll(/\S+/g)].map(({ 0: text, index }) => {
    const title = text.replace(/[▲▼]$/, '');
    const column = COLUMNS.find((each) => each.title === title);
    if (!column) throw new Error(`no column ${title}:\n${lines.join('\n')}`);
    return { title, align: column.align, start: index, end: index + text.length };
  });
  const body = lines.slice(HEADING + 1, LAST + 1);
  const count = body.findIndex((line) => line === '' || POSITION.test(line));
  return body.slice(0, count < 0 ? body.length : count).map((line) => {
    const row: Record<string, string> = {};
    let from = 0;
    for (const [index, { title, align, end }] of titles.entries()) {
      const next = titles[index + 1];
      if (align === 'right') {
        row[title] = line.slice(from, end).trim();
        from = end;
      } else if (next?.align !== 'right') {
        row[title] = line.slice(from, next?.start).trim();
        from = next?.start ?? line.length;
      } else {
        // The text is left-aligned, the number right-aligned. A number contains no blanks.
        const both = line.slice(from, next.end).trimEnd();
        from += both.lastIndexOf(' ') + 1;
        row[title] = both.slice(0, both.lastIndexOf(' ') + 1).trim();
      }
    }
    return row;
  });
}

/** The only row with that text in that column. */
export function rowWith(rows: readonly Row[], title: string, text: string): Row {
  const [found, ...others] = rows.filter((row) => row[title] === text);
  expect(found, `a row with ${title} ${text} among ${JSON.stringify(rows)}`).toBeDefined();
  expect(others).toEqual([]);
  return found ?? {};
}
