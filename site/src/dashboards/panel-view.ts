/** Draws what a panel shows. Levels have a word and a shape besides their colour, and every picture a text. */
import { element, svg } from '../dom/element';
import type { TimeRange } from '../prometheus/api';
import { formatTime, plural } from '../result/format';
import { gridOf, onGrid, seriesDrawnMax } from '../result/graph-model';
import { GraphView } from '../result/graph-view';
import { splitLabels } from '../result/labels';
import { numberTable } from '../result/number-table';
import { scroller } from '../result/table-view';
import { heatModel, type HeatModel } from './heat';
import type { Panel } from './model';
import type { NamedSeries } from './panel-data';
import { formatUnit } from './units';

export interface Drawn {
  readonly content: HTMLElement;
  /** Lets go of what it holds besides elements. */
  readonly destroy?: () => void;
}

const lineHeight = 180;
/** More rows than this say nothing at a glance. */
const rowsMax = 30;

export function drawPanel(panel: Panel, series: readonly NamedSeries[], range: TimeRange): Drawn {
  if (series.length === 0) return { content: element('p', { class: 'none' }, 'No data') };
  switch (panel.type) {
    case 'timeseries':
      return drawLines(panel, series, range);
    case 'stat':
      return {
        content: element('div', { class: 'stats' }, ...some(series).map((each) => stat(panel, each))),
      };
    case 'gauge':
      return {
        content: element('div', { class: 'stats' }, ...some(series).map((each) => gauge(panel, each))),
      };
    case 'bargauge':
      return { content: bars(panel, series) };
    case 'table':
      return { content: table(panel, series) };
    case 'heatmap':
      return { content: heatMap(panel, series, range) };
    default:
      return {
        content: element('p', { class: 'none' }, `A panel of the type ${panel.type} can’t be drawn here.`),
      };
  }
}

function some(series: readonly NamedSeries[]): readonly NamedSeries[] {
  return series.slice(0, 6);
}

function valueOf({ samples }: NamedSeries): number {
  return Number(samples.at(-1)?.value ?? NaN);
}

/** How many thresholds a value has reached. */
export function levelOf(value: number, thresholds: readonly number[]): number {
  return thresholds.filter((threshold) => value >= threshold).length;
}

/** The level in words and as a shape; nothing where there are no thresholds. */
function levelNote(value: number, { thresholds, unit }: Panel): HTMLElement | false {
  if (thresholds.length === 0 || Number.isNaN(value)) return false;
  const level = levelOf(value, thresholds);
  const words =
    level === 0
      ? `below ${formatUnit(thresholds[0]!, unit)}`
      : `at or above ${formatUnit(thresholds[level - 1]!, unit)}`;
  return element('span', { class: 'level' }, levelShape(level, thresholds.length), words);
}

/** An empty ring at the bottom, fuller with each level, a full square at the top. */
function levelShape(level: number, count: number): SVGElement {
  const box = { viewBox: '0 0 12 12', width: 12, height: 12, 'aria-hidden': 'true' };
  if (level === count)
    return svg('svg', box, svg('rect', { x: 1, y: 1, width: 10, height: 10, fill: 'currentColor' }));
  const ring = svg('circle', {
    cx: 6,
    cy: 6,
    r: 5,
    fill: 'none',
    stroke: 'currentColor',
    'stroke-width': 1.5,
  });
  if (level === 0) return svg('svg', box, ring);
  return svg('svg', box, ring, svg('path', { d: 'M6 1a5 5 0 0 1 0 10z', fill: 'currentColor' }));
}

function levelAttributes(value: number, { thresholds, isHighGood }: Panel): { 'data-level'?: string } {
  if (thresholds.length === 0) return {};
  const level = levelOf(value, thresholds);
  const ends = isHighGood ? ['bad', 'good'] : ['good', 'bad'];
  return { 'data-level': level === 0 ? ends[0]! : level === thresholds.length ? ends[1]! : 'middle' };
}

function stat(panel: Panel, series: NamedSeries): HTMLElement {
  const value = valueOf(series);
  return element(
    'p',
    { class: 'stat', ...levelAttributes(value, panel) },
    element('span', { class: 'figure' }, formatUnit(value, panel.unit)),
    series.name !== '{}' && element('span', { class: 'name' }, series.name),
    levelNote(value, panel),
  );
}

/** The ends of a scale: what the panel says, else the natural end of its unit, else its thresholds and values. */
export function scaleOf(panel: Panel, values: readonly number[]): { min: number; max: number } {
  const natural = panel.unit === 'percent' ? 100 : panel.unit === 'percentunit' ? 1 : undefined;
  const finite = values.filter(Number.isFinite);
  const min = panel.min ?? Math.min(0, ...finite);
  const max = panel.max ?? natural ?? Math.max(...panel.thresholds, ...finite, 0);
  return { min, max: max > min ? max : min + 1 };
}

function gauge(panel: Panel, series: NamedSeries): HTMLElement {
  const value = valueOf(series);
  const { min, max } = scaleOf(panel, [value]);
  const share = (at: number) => Math.max(0, Math.min(1, (at - min) / (max - min)));
  const arc = (from: number, to: number, radius: number) => {
    const [x1, y1] = pointAt(from, radius);
    const [x2, y2] = pointAt(to, radius);
    return `M${x1} ${y1}A${radius} ${radius} 0 0 1 ${x2} ${y2}`;
  };
  const ticks = panel.thresholds.map((threshold) => {
    const [x1, y1] = pointAt(share(threshold), 38);
    const [x2, y2] = pointAt(share(threshold), 54);
    return svg('line', { class: 'tick', x1, y1, x2, y2 });
  });
  const dial = svg(
    'svg',
    { class: 'dial', viewBox: '0 0 120 64', 'aria-hidden': 'true' },
    svg('path', { class: 'track', d: arc(0, 1, 46) }),
    svg('path', { class: 'filled', d: arc(0, Number.isNaN(value) ? 0 : share(value), 46) }),
    ...ticks,
  );
  return element(
    'div',
    { class: 'stat', ...levelAttributes(value, panel) },
    dial,
    element('span', { class: 'figure' }, formatUnit(value, panel.unit)),
    element('span', { class: 'name' }, `of ${formatUnit(min, panel.unit)} to ${formatUnit(max, panel.unit)}`),
    series.name !== '{}' && element('span', { class: 'name' }, series.name),
    levelNote(value, panel),
  );
}

/** A point on the half circle, from its left end (0) to its right one (1). */
function pointAt(share: number, radius: number): [number, number] {
  const angle = Math.PI * (1 - share);
  return [round(60 + radius * Math.cos(angle)), round(60 - radius * Math.sin(angle))];
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}

function bars(panel: Panel, series: readonly NamedSeries[]): HTMLElement {
  const shown = series.slice(0, rowsMax);
  const { min, max } = scaleOf(panel, shown.map(valueOf));
  const percent = (at: number) => round(Math.max(0, Math.min(100, ((at - min) / (max - min)) * 100)));
  const rows = shown.map((each) => {
    const value = valueOf(each);
    const bar = element('span', { class: 'bar' });
    const fill = element('span', { class: 'filled' });
    fill.style.inlineSize = `${Number.isNaN(value) ? 0 : percent(value)}%`;
    bar.append(fill);
    for (const threshold of panel.thresholds) {
      const tick = element('span', { class: 'tick' });
      tick.style.insetInlineStart = `${percent(threshold)}%`;
      bar.append(tick);
    }
    return element(
      'li',
      levelAttributes(value, panel),
      element('span', { class: 'name' }, each.name),
      element('span', { class: 'figure' }, formatUnit(value, panel.unit)),
      bar,
      levelNote(value, panel),
    );
  });
  return element('div', {}, element('ul', { class: 'bars' }, ...rows), cut(series.length, rowsMax));
}

function table(panel: Panel, series: readonly NamedSeries[]): HTMLElement {
  const { varying } = splitLabels(series);
  const names = varying.length > 0 ? varying : Object.keys(series[0]?.labels ?? {});
  const head = names.map((name) => element('th', { scope: 'col' }, name === '__name__' ? 'metric' : name));
  const rows = series.slice(0, rowsMax).map((each) => {
    const value = valueOf(each);
    const cells = names.map((name) => element('td', {}, each.labels[name] ?? ''));
    const level = levelNote(value, panel);
    return element(
      'tr',
      levelAttributes(value, panel),
      ...cells,
      element('td', { class: 'value' }, formatUnit(value, panel.unit)),
      panel.thresholds.length > 0 && element('td', {}, level),
    );
  });
  const heading = element(
    'tr',
    {},
    ...head,
    element('th', { scope: 'col', class: 'value' }, 'value'),
    panel.thresholds.length > 0 && element('th', { scope: 'col' }, 'level'),
  );
  return element(
    'div',
    {},
    scroller(
      panel.title || 'Table',
      element('table', {}, element('thead', {}, heading), element('tbody', {}, ...rows)),
    ),
    cut(series.length, rowsMax),
  );
}

function cut(total: number, shown: number): HTMLElement | false {
  return (
    total > shown &&
    element('p', { class: 'name' }, `The first ${shown} of ${plural(total, 'series', 'series')}.`)
  );
}

function drawLines(panel: Panel, series: readonly NamedSeries[], range: TimeRange): Drawn {
  const times = gridOf(range);
  const lines = series
    .slice(0, seriesDrawnMax)
    .map((each) => ({ name: each.name, values: onGrid(each.samples, times) }));
  const model = {
    shared: {},
    times,
    series: lines,
    total: series.length,
    format: (value: number) => formatUnit(value, panel.unit),
    thresholds: panel.thresholds,
    ...(panel.min !== undefined && { min: panel.min }),
    ...(panel.max !== undefined && { max: panel.max }),
  };
  const view = new GraphView(model, lineHeight);
  return { content: view.root, destroy: () => view.destroy() };
}

const cell = { width: 10, height: 14 };

function heatMap(panel: Panel, series: readonly NamedSeries[], range: TimeRange): HTMLElement {
  const model = heatModel(series.slice(0, rowsMax), gridOf(range));
  const { rows, times, max } = model;
  const width = times.length * cell.width;
  const cells = rows.flatMap(({ values }, row) =>
    values.flatMap((value, index) =>
      value === null || value === 0 ? [] : [heatCell(value / max, index * cell.width, row * cell.height)],
    ),
  );
  const picture = svg(
    'svg',
    {
      class: 'heat',
      viewBox: `0 0 ${width} ${rows.length * cell.height}`,
      preserveAspectRatio: 'none',
      'aria-hidden': 'true',
    },
    ...cells,
  );
  picture.style.blockSize = `${rows.length * cell.height}px`;
  const names = element(
    'div',
    { class: 'heat-names', 'aria-hidden': 'true' },
    ...rows.map(({ name }) => element('span', {}, name)),
  );
  return element(
    'figure',
    { class: 'heat-map' },
    element('div', { class: 'heat-box' }, names, picture),
    element(
      'div',
      { class: 'heat-times', 'aria-hidden': 'true' },
      ...[times[0] ?? 0, times.at(-1) ?? 0].map((time) => element('span', {}, formatTime(time).slice(0, 5))),
    ),
    element('figcaption', {}, heatSummary(model, panel)),
    numberTable('Numbers of the heat map', times, rows, (value) => formatUnit(value, panel.unit)),
  );
}

function heatCell(share: number, x: number, y: number): SVGElement {
  const part = svg('rect', { x, y, width: cell.width + 0.3, height: cell.height - 1 });
  // The square root shows the few beside the many; lightness alone tells how many.
  part.style.setProperty('--share', `${Math.round(8 + Math.sqrt(share) * 92)}%`);
  return part;
}

/** Where most is, for those who can't see it. */
export function heatSummary({ rows, times, max }: HeatModel, { unit }: Pick<Panel, 'unit'>): string {
  const row = rows.find(({ values }) => values.includes(max));
  if (!row || max === 0) return 'Nothing in any row.';
  const at = times[row.values.indexOf(max)] ?? 0;
  return `Most: ${formatUnit(max, unit)} in the row up to ${row.name}, at ${formatTime(at)} UTC. A blank is none.`;
}
