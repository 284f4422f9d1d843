/** How old the samples are that an instant selector chose, on a time line with its look-back. */
import { element, svg } from '../dom/element';
import type { ExplainNode } from '../engine/explain';
import { formatTime, plural } from '../result/format';
import { label, line, picture, scale, partTitle } from './drawing';

type Selector = NonNullable<Extract<ExplainNode, { status: 'evaluated' }>['selector']>;

const width = 640;
const height = 84;

export function selectorView({
  time,
  lookback,
  sampleTimes,
  stale,
  older,
  newestOlder,
}: Selector): HTMLElement {
  const start = time - lookback;
  const x = scale([start, time], [40, width - 40]);
  const drawing = picture(
    width,
    height,
    `Looks back ${lookback} seconds from ${formatTime(time)}.`,
    svg('rect', { class: 'window', x: x(start), y: 22, width: x(time) - x(start), height: 34 }),
    line(x(start), 22, x(start), 56, 'edge open'),
    line(x(time), 22, x(time), 56, 'edge'),
    label(x(start), height - 10, formatTime(start)),
    label(x(time), height - 10, formatTime(time)),
    label(x((start + time) / 2), 14, `look-back of ${lookback} s`, 'middle', 'quiet'),
    ...sampleTimes.map((at) => svg('circle', { class: 'sample', cx: x(at), cy: 39, r: 4 })),
  );
  return element(
    'section',
    { class: 'selector' },
    partTitle('How old are the samples?'),
    element('figure', { class: 'drawn' }, drawing, element('figcaption', {}, sentence())),
  );

  function sentence(): string {
    const ages = sampleTimes.map((at) => time - at);
    const found =
      ages.length === 0
        ? 'No series has a sample in the look-back.'
        : `The newest sample of each series is ${span(Math.min(...ages), Math.max(...ages))} old.`;
    const ended =
      stale > 0
        ? ` ${plural(stale, 'series has', 'series have')} ended: a marker says that the target, or the series, is gone.`
        : '';
    const before =
      older > 0 && newestOlder !== undefined
        ? ` ${plural(older, 'series has', 'series have')} older samples, the newest of ${formatTime(newestOlder)}: too old to count.`
        : '';
    return found + ended + before;
  }
}

function span(least: number, most: number): string {
  const seconds = (value: number) => Number(value.toPrecision(3));
  return least === most ? `${seconds(least)} s` : `${seconds(least)} to ${seconds(most)} s`;
}
