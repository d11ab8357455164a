import fc from 'fast-check';

/** Forms of a TOML table of settings. */
const FORMS = ['header', 'dotted', 'inline'] as const;
type Form = (typeof FORMS)[number];

/** Settings of the file before it is saved, in several spellings. */
const SCALARS = ['interval = 3', 'interval=0.5', 'cores = "tree"', "cores = 'merged'", 'theme = "light"'];
const VIEWS: Readonly<Record<string, readonly (readonly string[])[]>> = {
  workers: [['sort = "rps"'], ['columns = "id, rps"'], ['sort = "id:desc"', 'columns = ["id", "share"]']],
  apps: [['sort = "requests"'], ['columns = [ "app" ]'], []],
  sockets: [['sort = "queue:asc"'], ['"columns" = ["socket"]']],
  vassals: [['sort = "vassal"']],
};
const OTHERS: Readonly<Record<string, readonly (readonly string[])[]>> = {
  keys: [['quit = "x"'], ['help = ["h", "f2"]', 'stretch = "f3"']],
  thresholds: [['long-request = 3'], ['too-long-request = 1e2', 'long-request = 0.5']],
};

const optional = <Value>(values: readonly Value[]) =>
  fc.option(fc.constantFrom(...values), { nil: null, freq: 2 });

const entries = (tables: Readonly<Record<string, readonly (readonly string[])[]>>) =>
  fc.record(
    Object.fromEntries(
      Object.entries(tables).map(([name, lists]) => [
        name,
        fc.option(fc.record({ lines: fc.constantFrom(...lists), form: fc.constantFrom<Form>(...FORMS) }), {
          nil: null,
        }),
      ]),
    ),
  );

/** A random setting file, with comments beside, above and below its entries. */
export const layouts = fc
  .record({
    scalars: fc
      .subarray([0, 2, 4])
      .chain((places) => fc.shuffledSubarray(places, { minLength: places.length })),
    mask: optional(['mask = "tenant"', 'mask = [ "a", "b" ]', 'mask = [\n  "a", # of a\n  "b",\n]']),
    views: entries(VIEWS),
    allInline: fc.boolean(),
    others: entries(OTHERS),
    shuffle: fc.infiniteStream(fc.nat(100)),
    newline: fc.constantFrom('\n', '\r\n'),
    ends: fc.boolean(),
    comments: fc.boolean(),
  })
  .map(({ scalars, mask, views, allInline, others, shuffle, newline, ends, comments }) => {
    let number = 0;
    const beside = (line: string) => (comments ? `${line} # beside ${number++}` : line);
    const above = () => (comments ? [`# above ${number++}`] : []);
    const root = scalars.map((place) => [...above(), beside(SCALARS[place] ?? '')]);
    if (mask !== null) root.push([...above(), beside(mask)]);
    const sections: string[][] = [];
    const add = (name: string, given: { lines: readonly string[]; form: Form } | null, inline: boolean) => {
      if (given === null) return;
      const { lines } = given;
      const form = lines.length === 0 ? 'header' : inline ? 'inline' : given.form;
      if (form === 'header') sections.push([...above(), beside(`[${name}]`), ...lines.map(beside)]);
      else if (form === 'inline') root.push([beside(`${name} = { ${lines.join(', ')} }`)]);
      else root.push(lines.map((line) => beside(`${name}.${line}`)));
    };
    const given = Object.entries(views).flatMap(([name, view]) =>
      view && view.lines.length > 0 ? [`${name} = { ${view.lines.join(', ')} }`] : [],
    );
    if (allInline) root.push([...above(), beside(`views = { ${given.join(', ')} }`)]);
    else for (const [name, view] of Object.entries(views)) add(`views.${name}`, view, false);
    for (const [name, table] of Object.entries(others)) add(name, table, false);
    const order = <Value>(values: Value[]) =>
      values
        .map((value) => ({ value, place: shuffle.next().value ?? 0 }))
        .sort((a, b) => a.place - b.place)
        .map(({ value }) => value);
    const lines = [...order(root), ...order(sections)].flat().flatMap((line) => line.split('\n'));
    return lines.join(newline) + (ends ? newline : '');
  });
