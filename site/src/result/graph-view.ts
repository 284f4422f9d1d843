/**
 * Draws a range as a graph with its legend, a summary in words and a table of the same numbers. The graph
 * is one slider for the keyboard: left and right move along time, up and down from line to line.
 */
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';

import { element, svg } from '../dom/element';
import { formatAxisValue, formatLabels, formatTime, formatValue } from './format';
import { graphSummary, type GraphModel } from './graph-model';
import { lineStyle, type Theme } from './palette';
import { numberTable } from './number-table';

/** Steps of PageUp and PageDown. */
const pageSteps = 10;

export class GraphView {
  readonly root = element('figure', { class: 'graph' });
  private readonly plotBox = element('div', {
    class: 'plot',
    tabindex: 0,
    role: 'slider',
    'aria-orientation': 'horizontal',
  });
  private readonly readout = element('p', { class: 'readout', 'aria-hidden': 'true' });
  private plot: uPlot | undefined;
  private cursor: number;
  private focused = 0;
  private hidden = new Set<number>();
  private readonly resize = new ResizeObserver(() => this.fit());
  private readonly themes = new MutationObserver(() => this.draw());

  constructor(
    private readonly model: GraphModel,
    private readonly height = 240,
  ) {
    this.cursor = model.times.length - 1;
    this.plotBox.addEventListener('keydown', (event) => this.onKey(event));
    this.root.append(this.plotBox, this.readout, this.legend(), this.caption(), this.dataTable());
    this.resize.observe(this.plotBox);
    this.themes.observe(document.documentElement, { attributeFilter: ['data-theme'] });
    this.draw();
    this.describeCursor();
  }

  destroy(): void {
    this.resize.disconnect();
    this.themes.disconnect();
    this.plot?.destroy();
  }

  private draw(): void {
    this.plot?.destroy();
    const { times, series } = this.model;
    const data = [times, ...series.map(({ values }) => values)] as uPlot.AlignedData;
    this.plot = new uPlot(this.options(), data, this.plotBox);
    // The canvas says nothing to a screen reader; the slider around it does.
    this.plot.root.setAttribute('aria-hidden', 'true');
  }

  private fit(): void {
    this.plot?.setSize({ width: this.plotBox.clientWidth, height: this.height });
  }

  private options(): uPlot.Options {
    const theme: Theme = document.documentElement.dataset['theme'] === 'dark' ? 'dark' : 'light';
    const colors = getComputedStyle(document.documentElement);
    const axis = {
      stroke: colors.getPropertyValue('--sl-color-gray-3'),
      font: '12px system-ui, sans-serif',
      grid: { stroke: colors.getPropertyValue('--plot-grid'), width: 1 },
      ticks: { show: false },
    };
    return {
      width: this.plotBox.clientWidth || 600,
      height: this.height,
      legend: { show: false },
      cursor: { drag: { x: false, y: false }, y: false, points: { size: 7 } },
      tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), 'Etc/UTC'),
      scales: { y: { range: yRange(this.model) } },
      axes: [
        {
          ...axis,
          values: (_, splits) => splits.map((seconds) => formatTime(seconds).slice(0, 5)),
          space: 64,
          size: 28,
        },
        {
          ...axis,
          values: (_, splits) => splits.map(this.model.format ?? formatAxisValue),
          size: this.model.format ? 72 : 58,
        },
      ],
      series: [{}, ...this.model.series.map((_, index) => this.lineOptions(index, theme))],
      hooks: {
        drawAxes: [(plot) => this.drawThresholds(plot)],
        setCursor: [
          ({ cursor }) => {
            if (typeof cursor.idx === 'number') this.moveTo(cursor.idx);
          },
        ],
      },
    };
  }

  private lineOptions(index: number, theme: Theme): uPlot.Series {
    const { color, dash } = lineStyle(index, theme);
    return {
      stroke: color,
      dash: [...dash],
      width: index === this.focused && this.model.series.length > 1 ? 2.5 : 1.75,
      points: { show: false },
      show: !this.hidden.has(index),
    };
  }

  private onKey(event: KeyboardEvent): void {
    const last = this.model.times.length - 1;
    const moves: Record<string, () => void> = {
      ArrowLeft: () => this.moveCursor(this.cursor - 1),
      ArrowRight: () => this.moveCursor(this.cursor + 1),
      PageDown: () => this.moveCursor(this.cursor - pageSteps),
      PageUp: () => this.moveCursor(this.cursor + pageSteps),
      Home: () => this.moveCursor(0),
      End: () => this.moveCursor(last),
      ArrowUp: () => this.focusLine(this.focused - 1),
      ArrowDown: () => this.focusLine(this.focused + 1),
    };
    const move = moves[event.key];
    if (!move || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    move();
  }

  /** Moves the cursor as the pointer would; uPlot then tells moveTo. */
  private moveCursor(index: number): void {
    const at = Math.max(0, Math.min(this.model.times.length - 1, index));
    const left = this.plot?.valToPos(this.model.times[at]!, 'x') ?? 0;
    this.plot?.setCursor({ left, top: 0 });
    this.moveTo(at);
  }

  private focusLine(index: number): void {
    const count = this.model.series.length;
    this.focused = (index + count) % Math.max(1, count);
    this.draw();
    this.moveCursor(this.cursor);
  }

  private moveTo(index: number): void {
    this.cursor = index;
    this.describeCursor();
  }

  private describeCursor(): void {
    const time = formatTime(this.model.times[this.cursor] ?? 0);
    const line = this.model.series[this.focused];
    const at = line?.values[this.cursor];
    const value = at === undefined || at === null ? 'no sample' : this.format(at);
    this.readout.textContent = `${time}   ${line?.name ?? ''}   ${value}`;
    const attributes = {
      'aria-label': 'Graph: arrow keys move along time and from line to line',
      'aria-valuemin': 0,
      'aria-valuemax': this.model.times.length - 1,
      'aria-valuenow': this.cursor,
      'aria-valuetext': `${time}, ${line?.name ?? ''}: ${value}`,
    };
    for (const [name, text] of Object.entries(attributes)) this.plotBox.setAttribute(name, String(text));
  }

  private legend(): HTMLElement {
    const { series, total, shared } = this.model;
    const items = series.map(({ name }, index) => element('li', {}, this.legendButton(name, index)));
    const list = element(
      'ul',
      { class: 'legend', 'aria-label': 'Lines; press one to hide or show it' },
      ...items,
    );
    const notes = [
      Object.keys(shared).length > 0 &&
        element('p', { class: 'shared-labels' }, 'In common: ', element('code', {}, formatLabels(shared))),
      total > series.length && element('p', {}, `The first ${series.length} of ${total} series are drawn.`),
    ];
    return element('div', {}, ...notes, list);
  }

  private legendButton(name: string, index: number): HTMLElement {
    const button = element(
      'button',
      { type: 'button', 'aria-pressed': 'true' },
      swatch(index),
      element('code', {}, name),
    );
    button.addEventListener('click', () => {
      const hide = !this.hidden.has(index);
      if (hide) this.hidden.add(index);
      else this.hidden.delete(index);
      button.setAttribute('aria-pressed', String(!hide));
      this.plot?.setSeries(index + 1, { show: !hide });
    });
    button.addEventListener('focus', () => {
      this.focused = index;
      this.describeCursor();
    });
    return button;
  }

  private caption(): HTMLElement {
    return element('figcaption', {}, graphSummary(this.model));
  }

  private dataTable(): HTMLElement {
    const { times, series } = this.model;
    return numberTable('Numbers of the graph', times, series, (value) => this.format(value));
  }

  /** A value in words. */
  private format(value: number): string {
    return this.model.format?.(value) ?? formatValue(String(value));
  }

  /** Dashed, so that no line of the graph is taken for one. */
  private drawThresholds(plot: uPlot): void {
    const { thresholds = [] } = this.model;
    const { ctx, bbox } = plot;
    ctx.save();
    ctx.strokeStyle = getComputedStyle(document.documentElement).getPropertyValue('--bad');
    ctx.setLineDash([4 * devicePixelRatio, 4 * devicePixelRatio]);
    ctx.lineWidth = devicePixelRatio;
    for (const threshold of thresholds) {
      const y = Math.round(plot.valToPos(threshold, 'y', true));
      if (y < bbox.top || y > bbox.top + bbox.height) continue;
      ctx.beginPath();
      ctx.moveTo(bbox.left, y);
      ctx.lineTo(bbox.left + bbox.width, y);
      ctx.stroke();
    }
    ctx.restore();
  }
}

/** Room above and below; zero is in view when the lines are near it. */
const yRange =
  (fixed: Pick<GraphModel, 'min' | 'max'>): uPlot.Range.Function =>
  (_, lowest, highest) => {
    const [min, max] = roomFor(lowest, highest);
    return [fixed.min ?? min, fixed.max ?? max];
  };

function roomFor(min: number | null, max: number | null): [number, number] {
  if (min === null || max === null || !Number.isFinite(min) || !Number.isFinite(max)) return [0, 1];
  const span = max - min || Math.abs(max) || 1;
  const low = min >= 0 && min < span ? 0 : min - span * 0.08;
  return [low, max + span * 0.08];
}

/** A piece of the line, in both themes' colours; the style sheet shows the right one. */
function swatch(index: number): SVGElement {
  const piece = (theme: Theme) => {
    const { color, dash } = lineStyle(index, theme);
    const attributes = { class: theme, x1: 0, y1: 6, x2: 28, y2: 6, stroke: color, 'stroke-width': 2.5 };
    return svg('line', { ...attributes, 'stroke-dasharray': dash.join(' ') || undefined });
  };
  return svg(
    'svg',
    { class: 'swatch', viewBox: '0 0 28 12', width: 28, height: 12, 'aria-hidden': 'true' },
    piece('light'),
    piece('dark'),
  );
}
