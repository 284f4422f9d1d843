/** A node's result over time, small: a line for each series, and where the shown moment is. */
import { svg } from '../dom/element';
import type { Series } from '../prometheus/result';

const width = 120;
const height = 28;
const linesMax = 20;

export function sparkline(series: readonly Series[], start: number, end: number, moment: number): SVGElement {
  const lines = series
    .slice(0, linesMax)
    .map(({ samples }) => samples.map(({ time, value }) => [time, Number(value)]));
  const values = lines.flatMap((line) => line.map(([, value]) => value!)).filter(Number.isFinite);
  const low = values.reduce((least, value) => Math.min(least, value), Infinity);
  const high = values.reduce((most, value) => Math.max(most, value), -Infinity);
  const x = (time: number) => (end === start ? width : ((time - start) / (end - start)) * width);
  const y = (value: number) =>
    high === low ? height / 2 : height - 2 - ((value - low) / (high - low)) * (height - 4);
  const gap = ((end - start) / 240) * 3.5 + 61;
  const paths = lines.map((line) => {
    let path = '';
    let before = -Infinity;
    for (const [time, value] of line as [number, number][]) {
      if (!Number.isFinite(value) || time < start || time > end) continue;
      path += `${time - before > gap ? 'M' : 'L'}${x(time).toFixed(1)} ${y(value).toFixed(1)}`;
      before = time;
    }
    return svg('path', { d: path || 'M0 0' });
  });
  const cursor = svg('line', { class: 'moment', x1: x(moment), x2: x(moment), y1: 0, y2: height });
  return svg(
    'svg',
    { class: 'sparkline', viewBox: `0 0 ${width} ${height}`, width, height, 'aria-hidden': 'true' },
    ...paths,
    cursor,
  );
}
