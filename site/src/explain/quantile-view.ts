/** How histogram_quantile read a histogram: the cumulative buckets, the rank, and the place in the bucket. */
import { element, svg } from '../dom/element';
import type { QuantileSteps } from '../engine/explain';
import { formatAxisValue, formatLabels, formatValue } from '../result/format';
import { scroller } from '../result/table-view';
import { label, line, picture, scale, partTitle } from './drawing';

const width = 640;
const height = 240;
const plot = { left: 64, right: 16, top: 20, bottom: 34 };
/** More buckets than this are drawn only around the one with the rank. */
const bucketsMax = 24;

export function quantileView(quantiles: readonly QuantileSteps[]): HTMLElement {
  const body = element('div');
  const show = (steps: QuantileSteps) => body.replaceChildren(...one(steps));
  if (quantiles[0]) show(quantiles[0]);
  const choose = element(
    'select',
    {},
    ...quantiles.map((each, index) => element('option', { value: index }, formatLabels(each.metric))),
  );
  choose.addEventListener('change', () => {
    const chosen = quantiles[Number(choose.value)];
    if (chosen) show(chosen);
  });
  return element(
    'section',
    { class: 'quantile' },
    partTitle('In the buckets'),
    quantiles.length > 1 && element('label', {}, 'Histogram ', choose),
    body,
  );
}

function one(steps: QuantileSteps): HTMLElement[] {
  const { quantile, total, rank, buckets, bucket, fraction, rule, result, monotonicityFix } = steps;
  const value = formatValue;
  const found = bucket === undefined ? undefined : buckets[bucket];
  const lines = [
    ['Observations', total, ''],
    ['The rank looked for', `${value(quantile)} × ${value(total)} = ${value(rank)}`, ''],
    found && ['Its bucket', `${value(found[0])} to ${value(found[1])}`, rule],
    found &&
      fraction !== undefined && [
        'How far into it',
        value(String(fraction)),
        'The part of the bucket’s own observations that the rank leaves below it.',
      ],
    !found && ['The rule', '', rule],
    monotonicityFix !== undefined && [
      'Mended',
      value(monotonicityFix),
      'Counts fell from one bucket to the next, which cumulative counts cannot; they were raised by up to this much.',
    ],
    ['Result', `= ${result}`, ''],
  ].filter((each): each is string[] => Array.isArray(each));
  return [
    ...(buckets.length > 0 ? [figure(steps)] : []),
    element(
      'ol',
      { class: 'steps' },
      ...lines.map(([title, arithmetic, why]) =>
        element(
          'li',
          {},
          element('span', { class: 'step-title' }, title),
          element('code', {}, arithmetic),
          why ? element('span', { class: 'why' }, why) : undefined,
        ),
      ),
    ),
    numbers(steps),
  ];
}

/** Bounds are drawn at equal distances: what matters is which bucket, and how far into it. */
function figure(steps: QuantileSteps): HTMLElement {
  const { bucket = steps.buckets.length - 1, fraction, rank, result } = steps;
  const first = steps.buckets.length > bucketsMax ? Math.max(0, bucket - bucketsMax / 2) : 0;
  const shown = steps.buckets.slice(first, first + bucketsMax);
  const x = scale([0, shown.length], [plot.left, width - plot.right]);
  const most = Math.max(...steps.buckets.map(([, , count]) => Number(count)), Number(rank), 1e-12);
  const y = scale([0, most], [height - plot.bottom, plot.top]);
  const bottom = height - plot.bottom;
  const bars = shown.map(([, , cumulative], index) => {
    const isFound = index + first === steps.bucket;
    return svg('rect', {
      class: isFound ? 'bucket found' : 'bucket',
      x: x(index) + 1,
      y: y(Number(cumulative)),
      width: x(1) - x(0) - 2,
      height: Math.max(0, bottom - y(Number(cumulative))),
    });
  });
  const every = Math.ceil(shown.length / 12);
  const bounds = shown.flatMap(([, upper], index) =>
    (index + 1) % every === 0 || index + first === steps.bucket
      ? [label(x(index + 1), height - 16, formatValue(upper), 'middle', 'quiet')]
      : [],
  );
  const parts: SVGElement[] = [];
  if (steps.bucket !== undefined && fraction !== undefined) {
    const at = steps.bucket - first;
    const below = Number(steps.buckets[steps.bucket - 1]?.[2] ?? 0);
    const above = Number(steps.buckets[steps.bucket]![2]);
    const place = x(at + fraction);
    parts.push(
      line(x(at), y(below), x(at + 1), y(above), 'interpolation'),
      line(place, y(Number(rank)), place, bottom, 'result-line'),
      svg('circle', { class: 'outermost', cx: place, cy: y(Number(rank)), r: 5 }),
      label(place, height - 3, formatValue(result), 'middle', 'strong'),
    );
  }
  return element(
    'figure',
    { class: 'drawn' },
    picture(
      width,
      height,
      `Cumulative counts of ${steps.buckets.length} buckets; the rank ${formatValue(rank)} falls to ${formatValue(result)}.`,
      ...bars,
      line(plot.left, y(Number(rank)), width - plot.right, y(Number(rank)), 'rank'),
      label(plot.left - 6, y(Number(rank)) + 4, formatAxisValue(Number(rank)), 'end', 'strong'),
      label(plot.left - 6, y(0) + 2, '0', 'end', 'quiet'),
      ...bounds,
      ...parts,
    ),
    element(
      'figcaption',
      {},
      'Bars: observations up to each upper bound. Dashes: the rank. The slanted line is the interpolation.',
    ),
  );
}

function numbers({ buckets }: QuantileSteps): HTMLElement {
  const heading = (text: string) => element('th', { scope: 'col', class: 'value' }, text);
  const rows = buckets.map(([lower, upper, cumulative], index) =>
    element(
      'tr',
      {},
      element('td', { class: 'value' }, formatValue(lower)),
      element('td', { class: 'value' }, formatValue(upper)),
      element('td', { class: 'value' }, formatValue(cumulative)),
      element(
        'td',
        { class: 'value' },
        formatValue(String(Number(cumulative) - Number(buckets[index - 1]?.[2] ?? 0))),
      ),
    ),
  );
  const head = element(
    'tr',
    {},
    heading('above'),
    heading('up to'),
    heading('cumulative'),
    heading('in this bucket'),
  );
  const table = element('table', {}, element('thead', {}, head), element('tbody', {}, ...rows));
  return element(
    'details',
    { class: 'data-table' },
    element('summary', {}, 'The buckets as a table'),
    scroller('Buckets', table),
  );
}
