import { createRequire } from 'node:module';
import type { Screen } from 'blessed/lib/widgets/screen.js';
import type { LineChart } from 'blessed-contrib/lib/widget/charts/line.js';
import type { Chart, Size } from '../views/frame.ts';

type MakeChart = typeof import('blessed-contrib/lib/widget/charts/line.js').default;

const require = createRequire(import.meta.url);

/** Foreground and background in an attribute. */
const COLORS = 0x3ffff;

/** Draws curves with blessed-contrib, which is loaded when the first one is wanted. */
export class Charts {
  private readonly screen: Screen;
  private readonly colors: number;
  private readonly widgets: LineChart[] = [];
  /** Where the widgets stand: they cannot be moved. */
  private place = '';

  /** @param colors how many the terminal is to have; with none, the curves have none either */
  constructor(screen: Screen, colors: number) {
    this.screen = screen;
    this.colors = colors;
  }

  /** Puts the widgets into the screen's cells, over what is painted there. */
  render(): void {
    for (const widget of this.widgets) widget.render();
    if (this.colors > 0 || this.widgets.length === 0) return;
    for (const line of this.screen.lines) {
      // Attributes stay, the colours (the lower bits) become the terminal's own.
      for (const cell of line) cell[0] = (cell[0] & ~COLORS) | (this.screen.dattr & COLORS);
    }
  }

  /** Puts the charts of a frame on the screen, or takes the last ones away. Whether any stood or stands there. */
  show(charts: readonly Chart[], { columns }: Size): boolean {
    const place = charts.map(({ line, rows }) => `${line}+${rows}`).join() + columns;
    const changed = place !== this.place;
    if (changed) this.clear();
    this.place = place;
    for (const [index, chart] of charts.entries()) this.update(index, chart, columns);
    return changed || charts.length > 0;
  }

  private clear(): void {
    for (const widget of this.widgets.splice(0)) this.screen.remove(widget);
  }

  private update(index: number, { title, line, rows, points }: Chart, columns: number): void {
    const widget = this.widgets[index] ?? this.add(line, rows, columns);
    widget.setData([{ title, x: points.map(({ label }) => label), y: points.map(({ value }) => value) }]);
  }

  private add(line: number, rows: number, columns: number): LineChart {
    const make: MakeChart = require('blessed-contrib/lib/widget/charts/line.js');
    const style = { line: 'green', text: 'cyan', baseline: 'white' };
    const widget = make({
      label: '',
      top: line + 1,
      left: 0,
      width: columns,
      height: rows - 1,
      wholeNumbersOnly: false,
      style,
    });
    this.screen.append(widget);
    this.widgets.push(widget);
    return widget;
  }
}
