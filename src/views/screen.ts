import { isObserved } from '../monitor/observation.ts';
import { clean, toWidth, width, wrap } from '../text/clean.ts';
import { charts } from './charts.ts';
import { CHOOSER_HEADING, chooserLines } from './chooser.ts';
import { detailOf } from './detail.ts';
import { detailLines, detailTop, matchesIn } from './detail-lines.ts';
import { crop } from './flow.ts';
import type { Chart, Frame, Hotspot, Line, Size, Span } from './frame.ts';
import { header } from './header.ts';
import { keyOf } from './help.ts';
import { type Help, helpMatches, helpOf, helpPage, helpSize } from './help-pages.ts';
import { type BottomLine, keyLine } from './key-line.ts';
import { type Layout, layout } from './layout.ts';
import { lowerPart } from './lower.ts';
import { partsOf } from './parts.ts';
import { positionLine } from './position.ts';
import type { Scene, ViewState } from './scene.ts';
import { footerHeight, tableView } from './table.ts';
import { tabLine } from './tabs.ts';
import { typed } from './updates/typing.ts';
import { sortOf } from './view.ts';
import { cellContext, filterError, type ShownTable, viewOf } from './views.ts';

/** Minimum size of a useful screen. */
const SMALLEST: Size = { columns: 20, rows: 5 };

/** Draws the whole screen. */
export function screen(scene: Scene, size: Size): Frame {
  if (size.columns < SMALLEST.columns || size.rows < SMALLEST.rows) return tooSmall(size);
  const parts = screenLayout(scene, size);
  const top = parts.header + parts.tabs;
  const tabs = tabLine(scene, size.columns);
  const body = bodyOf(scene, size, parts);
  const keys = bottomLine(scene, size);
  const lines = [
    ...header(scene, size.columns, layout(size).header).slice(0, parts.header),
    ...(parts.tabs ? [tabs.line] : []),
    ...body.lines,
  ];
  while (lines.length < size.rows - 1) lines.push({ spans: [] });
  return {
    lines: [...lines.slice(0, size.rows - 1), keys.line],
    hotspots: [
      ...(parts.tabs ? tabs.hotspots.map((spot) => ({ ...spot, line: parts.header })) : []),
      ...body.hotspots.map((spot) => ({ ...spot, line: spot.line + top })),
      ...keys.hotspots.map((spot) => ({ ...spot, line: size.rows - 1 })),
    ],
    charts: body.charts ?? [],
  };
}

/** The help covers everything below the first line. */
function screenLayout({ view }: Scene, size: Size): Layout {
  return view.help === null ? layout(size) : { header: 1, tabs: 0, body: helpSize(size).rows };
}

interface Body {
  lines: Line[];
  hotspots: Hotspot[];
  charts?: Chart[];
}

function bodyOf(scene: Scene, size: Size, { header, tabs, body }: Layout): Body {
  const { help, chooser, glyphs } = scene.view;
  if (help !== null) {
    const lines = helpPage(helpIn(scene, size), help, size);
    return { lines: lines.map((line) => crop(line, size.columns, glyphs.ellipsis)), hotspots: [] };
  }
  if (chooser !== null)
    return page(
      chooserLines(scene, chooser, size.columns),
      Math.max(0, chooser.at + CHOOSER_HEADING + 2 - body),
      scene,
      size,
      body,
    );
  if (scene.view.detail !== null) {
    const detail = detailOf(scene, size.columns);
    const state = scene.view.detail;
    const slice = (from: number, to: number) => detailLines(detail, state, from, to);
    const { length } = detail.lines;
    return page({ length, slice }, detailTop(detail, state, body), scene, size, body);
  }
  if (!viewOf(scene).isCharts || !isObserved(scene)) return table(scene, size);
  return stale({ ...charts(scene, header + tabs, { ...size, rows: body }), hotspots: [] }, scene);
}

function helpIn(scene: Scene, size: Size): Help {
  const { keys, glyphs } = scene.view;
  return helpOf(viewOf(scene).columns, keys, size, glyphs.ellipsis);
}

/** The table of the view, or the reason why it is empty. */
function table(scene: Scene, size: Size): Body {
  const { columns } = size;
  const { view, connection } = scene;
  const parts = partsOf(scene, size);
  if (parts === null)
    return { lines: connection.state === 'lost' ? paragraph(connection.advice, columns) : [], hotspots: [] };
  const shown = viewOf(scene);
  const { upper, lower } = parts;
  const { table } = upper;
  const { lines, hotspots, top, end } = tableView(table, {
    state: { sort: sortOf(shown, view), selected: view.selected, top: view.top },
    at: cellContext(upper.scene.sample, view),
    glyphs: view.glyphs,
    keys: view.keys,
    size: { columns, rows: upper.height + 1 + footerHeight(table) },
  });
  if (end === top) lines.push(...paragraph(whyEmpty(scene, table), columns));
  if (parts.hasPosition) lines.push(positionLine(scene, table, top, end, columns));
  for (const text of parts.remarks) lines.push({ spans: [{ text: ` ${text}`, role: 'dim' }] });
  if (lower === null) return stale({ lines, hotspots }, scene);
  const below = lowerPart(scene, lower, lower.areas);
  const start = lines.length;
  return stale(
    {
      lines: [...lines, ...below.lines],
      hotspots: [...hotspots, ...below.hotspots.map((spot) => ({ ...spot, line: spot.line + start }))],
    },
    scene,
  );
}

/** The reason why no row is shown. */
function whyEmpty(scene: Scene, table: ShownTable): string {
  if (table.total > 0) return hiddenRows(table, scene.view);
  const { empty, emptyInRecording = empty } = viewOf(scene);
  const isRecording = scene.replay !== null && scene.replay.name !== null;
  return isRecording ? emptyInRecording : empty;
}

/** Marks the content as outdated if the connection is lost. */
function stale(body: Body, { connection }: Scene): Body {
  if (connection.state !== 'lost') return body;
  return {
    ...body,
    lines: body.lines.map((line) => ({ ...line, stale: true })),
    charts: body.charts?.map((chart) => ({ ...chart, stale: true })) ?? [],
  };
}

/** Wrapped text below a blank line. */
function paragraph(text: string, columns: number): Line[] {
  return ['', ...wrap(clean(text), columns)].map((text) => ({ spans: [{ text, role: 'dim' }] }));
}

/** The reason why none of the rows is shown. */
function hiddenRows({ total, filtered, idle }: ShownTable, { keys }: ViewState): string {
  if (filtered === total) return `no row passes the filter (${keyOf(keys, 'back')} removes it)`;
  const which = filtered > 0 ? 'all rows that pass the filter' : 'all rows';
  return `${which} are ${[...idle.keys()].join(' or ')} (${keyOf(keys, 'hide-idle')} shows them)`;
}

/** A list that creates its lines on demand. */
interface Lines {
  length: number;
  slice(from: number, to: number): Line[];
}

/** The part of the lines that fits into `height` lines. */
function page(lines: Lines, from: number, scene: Scene, { columns }: Size, height: number): Body {
  const top = Math.max(0, Math.min(from, lines.length - height));
  const shown = lines.slice(top, top + height);
  const more = ` more below: ${keyOf(scene.view.keys, 'page-down')}`;
  if (top + height < lines.length) shown[height - 1] = { spans: [{ text: more, role: 'dim' }] };
  return { lines: shown.map((line) => crop(line, columns, scene.view.glyphs.ellipsis)), hotspots: [] };
}

function bottomLine(scene: Scene, size: Size): BottomLine {
  if (scene.view.question !== null) return questionLine(scene.view.question, scene, size.columns);
  if (scene.view.prompt) return promptLine(scene, size);
  const pages = scene.view.help === null ? 1 : helpIn(scene, size).pages.length;
  return keyLine(scene, pages, size.columns);
}

const ANSWERS = ' y/n ';

/** Truncates only the question, so that the answers remain visible. */
function questionLine(question: string, { view }: Scene, columns: number): BottomLine {
  const room = Math.max(0, columns - ANSWERS.length);
  const text = clean(question);
  const asked = toWidth(text, Math.min(width(text), room), 'left', view.glyphs.ellipsis);
  const spans: Span[] = [
    { text: asked, role: 'title' },
    { text: ANSWERS, role: 'key' },
  ];
  return { line: { spans }, hotspots: [] };
}

const TIME_HINT = 'a time to jump to: 08:10, 08:10:30 or 2026-11-22 08:10';

const HINT = 'a text, or column>value: rps>10 status=busy rss>100M';

/** The typed text, followed by its error or by a hint. */
function promptLine(scene: Scene, size: Size): BottomLine {
  const { columns } = size;
  const { detail, help, glyphs, keys, prompt } = scene.view;
  const isTime = prompt?.time !== undefined;
  const isSearch = !isTime && (detail !== null || help !== null);
  const error = isTime ? null : isSearch ? searchError(scene, size) : filterError(scene);
  const hint = isSearch
    ? `search; ${keyOf(keys, 'next-match')} next, ${keyOf(keys, 'previous-match')} previous`
    : isTime
      ? TIME_HINT
      : HINT;
  const note: Span = error ? { text: clean(error), role: 'critical' } : { text: hint, role: 'dim' };
  const spans: Span[] = [
    { text: isTime ? '@' : '/', role: 'key' },
    { text: `${clean(typed(scene.view))}_`, role: 'title' },
    { text: '  ', role: 'plain' },
    note,
  ];
  return { line: crop({ spans }, columns, glyphs.ellipsis), hotspots: [] };
}

function searchError(scene: Scene, size: Size): string | null {
  const { help, detail } = scene.view;
  const search = (help ?? detail)?.search ?? null;
  if (search === null) return null;
  const matches = help
    ? helpMatches(helpIn(scene, size), search)
    : matchesIn(detailOf(scene, size.columns), search);
  return matches.length > 0 ? null : 'no match';
}

function tooSmall({ columns, rows }: Size): Frame {
  const text = `too small: ${SMALLEST.columns}x${SMALLEST.rows} is the least`;
  return {
    lines: rows > 0 ? [{ spans: [{ text: toWidth(text, columns, 'left', '.'), role: 'warning' }] }] : [],
    hotspots: [],
    charts: [],
  };
}
