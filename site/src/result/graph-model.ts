/** What the Graph tab shows of a range query: columns of numbers on one time grid, and a summary in words. */
import type { Labels, QueryResult, Sample } from '../prometheus/result';
import type { TimeRange } from '../prometheus/api';
import { formatLabels, formatTime, formatValue, plural } from './format';
import { pickLabels, splitLabels } from './labels';

export interface GraphSeries {
  /** The labels that tell it from the others, or all when it is alone. */
  readonly name: string;
  /** One per time; null where there is no sample, or one that can't be drawn (NaN, infinite). */
  readonly values: readonly (number | null)[];
}

export interface GraphModel {
  readonly shared: Labels;
  readonly times: readonly number[];
  readonly series: readonly GraphSeries[];
  /** Series in the result; more than `series` when cut. */
  readonly total: number;
  /** How a value is written, if not as a plain number. */
  readonly format?: (value: number) => string;
  /** Values at which a line is drawn across. */
  readonly thresholds?: readonly number[];
  /** Fixed ends of the axis. */
  readonly min?: number;
  readonly max?: number;
}

/** More lines than this can't be told apart. */
export const seriesDrawnMax = 40;

export function graphModel(result: QueryResult, range: TimeRange): GraphModel {
  const times = gridOf(range);
  const all = result.type === 'matrix' ? result.series : [];
  const { shared, varying } = splitLabels(all);
  const series = all.slice(0, seriesDrawnMax).map(({ labels, samples }) => ({
    name: formatLabels(pickLabels(labels, varying)),
    values: onGrid(samples, times),
  }));
  return { shared, times, series, total: all.length };
}

/** One value per time; null where there is no sample, or one that can't be drawn. */
export function onGrid(samples: readonly Sample[], times: readonly number[]): (number | null)[] {
  const byTime = new Map(samples.map(({ time, value }) => [Math.round(time * 1000), finite(value)]));
  return times.map((time) => byTime.get(Math.round(time * 1000)) ?? null);
}

function finite(value: string): number | null {
  const number = Number(value);
  return Number.isFinite(number) ? number : null;
}

export function gridOf({ start, end, step }: TimeRange): number[] {
  return Array.from(
    { length: Math.floor((end - start) / step + 1e-9) + 1 },
    (_, index) => start + index * step,
  );
}

/** A step that gives about 240 points, a multiple of the scrape interval. */
export function stepFor(rangeSeconds: number, intervalSeconds = 15): number {
  return Math.max(1, Math.ceil(rangeSeconds / 240 / intervalSeconds)) * intervalSeconds;
}

/** The graph in two sentences, for those who can't see it and those who want the figures. */
export function graphSummary({ times, series, total, format }: GraphModel): string {
  const points = series.flatMap(({ name, values }) =>
    values.flatMap((value, index) => (value === null ? [] : [{ name, value, time: times[index]! }])),
  );
  const first = times[0];
  const last = times.at(-1);
  if (points.length === 0 || first === undefined || last === undefined)
    return 'Nothing to draw in this range.';
  const highest = points.reduce((best, point) => (point.value > best.value ? point : best));
  const lowest = points.reduce((best, point) => (point.value < best.value ? point : best));
  const which = (name: string) => (total > 1 ? ` (${name})` : '');
  const extreme = (word: string, { name, value, time }: typeof highest) =>
    `${word} ${format?.(value) ?? formatValue(String(value))} at ${formatTime(time)}${which(name)}`;
  return (
    `${plural(total, 'series', 'series')} from ${formatTime(first)} to ${formatTime(last)} UTC. ` +
    `${extreme('Highest', highest)}; ${extreme('lowest', lowest)}.`
  );
}
