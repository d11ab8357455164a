import { createRequire } from 'node:module';
import type { Screen } from 'blessed/lib/widgets/screen.js';
import type { CanvasWidget } from 'blessed-contrib/lib/widget/canvas.js';
import type { Chart } from '../../views/frame.ts';
import { type attributeOf, colorOf } from './theme.ts';

type MakeCanvas = typeof import('blessed-contrib/lib/widget/canvas.js').default;

const require = createRequire(import.meta.url);

/** Dots of Braille in a cell. */
const DOTS = { across: 2, down: 4 };

/** Draws curves with blessed-contrib's canvas, which is loaded when the first one is wanted. */
export class Charts {
  private readonly screen: Screen;
  private readonly attribute: ReturnType<typeof attributeOf>;
  private readonly widgets: CanvasWidget[] = [];
  /** Where the widgets stand: they cannot be moved. */
  private place = '';

  constructor(screen: Screen, attribute: ReturnType<typeof attributeOf>) {
    this.screen = screen;
    this.attribute = attribute;
  }

  /** Puts the widgets into the screen's cells, over what is painted there. */
  render(): void {
    for (const widget of this.widgets) widget.render();
  }

  /** Puts the charts of a frame on the screen, or takes the last ones away. Whether any stood or stands there. */
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
    const make: MakeCanvas = require('blessed-contrib/lib/widget/canvas.js');
    const widget = make({ top: line, left, width: columns, height: rows });
    // It would leave room for a border.
    widget.calcSize = () => {
      widget.canvasSize = { width: columns * DOTS.across, height: rows * DOTS.down };
    };
    this.screen.append(widget);
    this.widgets.push(widget);
    return widget;
  }

  /** A line from dot to dot, with a gap where nothing is known. */
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
