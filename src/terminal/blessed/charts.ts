import type { Screen } from 'blessed/lib/widgets/screen.js';
import makeCanvas, { type CanvasWidget } from 'blessed-contrib/lib/widget/canvas.js';
import type { Chart } from '../../views/frame.ts';
import { type attributeOf, colorOf } from './theme.ts';

/** Number of Braille dots in a cell. */
const DOTS = { across: 2, down: 4 };

/** Draws curves with the canvas of blessed-contrib, which is loaded for the first chart. */
export class Charts {
  private readonly screen: Screen;
  private readonly attribute: ReturnType<typeof attributeOf>;
  private readonly widgets: CanvasWidget[] = [];
  /** Positions of the widgets. A widget cannot be moved, so a change of position replaces it. */
  private place = '';

  constructor(screen: Screen, attribute: ReturnType<typeof attributeOf>) {
    this.screen = screen;
    this.attribute = attribute;
  }

  /** Draws the widgets into the screen's cells, over the painted lines. */
  render(): void {
    for (const widget of this.widgets) widget.render();
  }

  /**
   * Shows the charts of a frame, or removes the previous ones.
   *
   * @returns whether any chart was shown before or is shown now
   */
  show(charts: readonly Chart[]): boolean {
    const place = charts
      .map(({ line, left, rows, columns }) => `${line},${left},${rows},${columns}`)
      .join(' ');
    const changed = place !== this.place;
    if (changed) this.clear();
    this.place = place;
    for (const [index, chart] of charts.entries()) this.draw(this.widgets[index] ?? this.add(chart), chart);
    return changed || charts.length > 0;
  }

  private clear(): void {
    for (const widget of this.widgets.splice(0)) this.screen.remove(widget);
  }

  private add({ line, left, rows, columns }: Chart): CanvasWidget {
    const widget = makeCanvas({ top: line, left, width: columns, height: rows });
    // The default `calcSize` reserves space for a border.
    widget.calcSize = () => {
      widget.canvasSize = { width: columns * DOTS.across, height: rows * DOTS.down };
    };
    this.screen.append(widget);
    this.widgets.push(widget);
    return widget;
  }

  /** Draws a line from dot to dot, with a gap for unknown values. */
  private draw(widget: CanvasWidget, { rows, points, role, stale }: Chart): void {
    const { ctx } = widget;
    const lowest = rows * DOTS.down - 1;
    widget.clear();
    ctx.strokeStyle = colorOf(this.attribute(role, { stale })) ?? 'normal';
    ctx.beginPath();
    for (const [x, height] of points.entries()) {
      if (height === null) continue;
      const y = Math.round((1 - height) * lowest);
      if (points[x - 1] === null || x === 0) ctx.moveTo(x, y);
      ctx.lineTo(x, y);
    }
    ctx.stroke();
  }
}
