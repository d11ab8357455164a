/** The content of the live view of an app server, parsed from its screen. */
export interface LiveScreen {
  /** From the header; `null` where it shows an unknown value. */
  rps: number | null;
  /** Sums of columns of the table; `null` if it has no such column or a value is unknown. */
  requests: number | null;
  respawns: number | null;
  /** The first line. */
  verdict: string;
  /** The rows of the table by heading, each cell as shown. */
  rows: Record<string, string>[];
}

/** The line below the rows of a table. */
export const POSITION = /^ (all \d+|none of \d+|\d+-\d+ of \d+)/;

/** Parses a screen of 80x24. @throws Error if it does not have the layout of the live view with data */
export function liveScreen(lines: readonly string[]): LiveScreen {
  const text = lines.join('\n');
  const bad = (what: string) => new Error(`${what}:\n${text}`);
  if (lines.length !== 24) throw bad(`${lines.length} lines`);
  if (!/^[✓!✗] \S/.test(lines[0] ?? '')) throw bad('no verdict in line 1');
  if (!/^RPS .* CORES .* WORKERS .* EXC /.test(lines[2] ?? '')) throw bad('no numbers in line 3');
  if (!/^RESP .* QUEUE .* RSS .* CPU .* HARAKIRI /.test(lines[3] ?? '')) throw bad('no numbers in line 4');
  if (!/^ q Quit {2}h Help /.test(lines[23] ?? '')) throw bad('no keys in line 24');
  const heading = lines[5] ?? '';
  if (!/^ *WID /.test(heading)) throw bad('no heading in line 6');
  const titles = [...heading.matchAll(/\S+/g)].map(([title], place, all) => ({
    name: title.replace(/[▲▼]/, ''),
    from: place === 0 ? 0 : ends(all[place - 1]),
    to: ends(all[place]),
  }));
  const body = lines.slice(6, 23);
  const count = body.findIndex((line) => POSITION.test(line));
  if (count < 0) throw bad('no position line');
  const used = body.slice(0, count);
  const rows = used.map((line) => {
    if (!/^ *\d*:?\d+ /.test(line)) throw bad(`no row: ${line}`);
    return Object.fromEntries(titles.map(({ name, from, to }) => [name, line.slice(from, to).trim()]));
  });
  const sum = (title: string) => {
    const values = rows.map((row) => numberOf(row[title] ?? '-'));
    return values.includes(null) ? null : values.reduce<number>((total, value) => total + (value ?? 0), 0);
  };
  return {
    rps: numberOf(/\bRPS +(\S+)/.exec(text)?.[1] ?? '-'),
    requests: sum('REQ'),
    respawns: sum('RESPAWN'),
    verdict: lines[0] ?? '',
    rows,
  };
}

/** The first column after a match. */
function ends(match: RegExpMatchArray | undefined): number {
  return (match?.index ?? 0) + (match?.[0].length ?? 0);
}

const UNITS: Readonly<Record<string, number>> = { '': 1, k: 1e3, M: 1e6, G: 1e9 };

/** `1,204` → 1204, `12.5k` → 12500, `-` → null. @throws Error if it is not a number */
export function numberOf(text: string): number | null {
  if (text === '-') return null;
  const [, digits = '', unit = ''] = /^(\d[\d,.]*)([kMG]?)$/.exec(text) ?? [];
  if (digits === '') throw new Error(`not a number: ${text}`);
  return Number(digits.replaceAll(',', '')) * (UNITS[unit] ?? Number.NaN);
}

/** Results of wrong arithmetic, and negative numbers; a minus within a name, such as that of a folder, is allowed. */
const NO_NUMBER = /\b(NaN|Infinity|undefined|null)\b|\[object|(^|[\s/+])-\d|1844674/m;

/** Finds a false value on a screen on which no rate can exceed `mostRps`; `null` if there is none. */
export function falsehood(lines: readonly string[], mostRps: number): string | null {
  const text = lines.join('\n');
  const word = NO_NUMBER.exec(text)?.[0];
  if (word !== undefined) return `${word}:\n${text}`;
  try {
    const { rps, rows } = liveScreen(lines);
    // In the row of a busy core in the tree, its request takes the place of the numbers.
    const workers = rows.filter(({ WID = '' }) => !WID.startsWith(':'));
    const rates = [rps, ...workers.map((row) => numberOf(row.RPS ?? 'no column'))];
    const tooMuch = rates.find((rate) => rate !== null && rate > mostRps);
    return tooMuch === undefined ? null : `a rate of ${tooMuch}:\n${text}`;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
