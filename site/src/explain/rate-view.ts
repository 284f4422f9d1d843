/**
 * The rate microscope: the samples in one series' window, what was done about restarts and about the gaps at
 * the window's edges, and the arithmetic with the numbers themselves.
 */
import { element, svg } from '../dom/element';
import type { RateSteps } from '../engine/explain';
import type { Series } from '../prometheus/result';
import { formatAxisValue, formatLabels, formatTime, formatValue, plural } from '../result/format';
import { label, line, picture, scale, partTitle } from './drawing';
import { rateSteps } from './model';

const width = 640;
const height = 220;
const plot = { left: 64, right: 16, top: 28, bottom: 30 };

/** @param samplesOf the samples in a series' window, where the explanation has them */
export function rateView(
  name: string,
  rates: readonly RateSteps[],
  samplesOf: (rate: RateSteps) => Series['samples'],
): HTMLElement {
  const body = element('div', { class: 'microscope-body' });
  const show = (rate: RateSteps) => body.replaceChildren(...one(name, rate, samplesOf(rate)));
  const [first] = rates;
  if (first) show(first);
  const choose = element(
    'select',
    {},
    ...rates.map((rate, index) => element('option', { value: index }, formatLabels(rate.metric))),
  );
  choose.addEventListener('change', () => {
    const rate = rates[Number(choose.value)];
    if (rate) show(rate);
  });
  return element(
    'section',
    { class: 'microscope' },
    partTitle('Rate microscope'),
    rates.length > 1 && element('label', {}, 'Series ', choose),
    body,
  );
}

function one(name: string, rate: RateSteps, samples: Series['samples']): HTMLElement[] {
  if (rate.refusal !== undefined) {
    return [element('p', {}, `${plural(rate.samples, 'sample', 'samples')} in the window. ${rate.refusal}`)];
  }
  const steps = rateSteps(name, rate).map(({ title, arithmetic, why }) =>
    element(
      'li',
      {},
      element('span', { class: 'step-title' }, title),
      element('code', {}, arithmetic),
      why ? element('span', { class: 'why' }, why) : undefined,
    ),
  );
  return [figure(rate, samples), element('ol', { class: 'steps' }, ...steps)];
}

/** The counter as it would stand without its restarts, from the first sample on. */
function unbroken(
  samples: Series['samples'],
  resets: { time: number; before: string }[],
): [number, number][] {
  return samples.map(({ time, value }) => {
    const lost = resets
      .filter((reset) => reset.time <= time)
      .reduce((sum, { before }) => sum + Number(before), 0);
    return [time, Number(value) + lost];
  });
}

function figure(rate: Exclude<RateSteps, { refusal: string }>, samples: Series['samples']): HTMLElement {
  const { window, first, last, resets } = rate;
  const known = samples.length > 0 ? samples : [first, last].map(([time, value]) => ({ time, value }));
  const raw = known.map(({ time, value }): [number, number] => [time, Number(value)]);
  const whole = unbroken(known, resets);
  const slope = rate.sampledSeconds > 0 ? Number(rate.raw) / rate.sampledSeconds : 0;
  const from: [number, number] = [
    first[0] - rate.toStartSeconds,
    Number(first[1]) - slope * rate.toStartSeconds,
  ];
  const top = Number(first[1]) + Number(rate.raw);
  const to: [number, number] = [last[0] + rate.toEndSeconds, top + slope * rate.toEndSeconds];
  const values = [...raw, ...whole, from, to].map(([, value]) => value);
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const margin = (window.end - window.start) * 0.06;
  const x = scale([window.start - margin, window.end + margin], [plot.left, width - plot.right]);
  const y = scale([low, high], [height - plot.bottom - 6, plot.top + 8]);
  const bottom = height - plot.bottom;
  const path = (points: [number, number][], kind: string) =>
    svg('path', {
      class: kind,
      d: points
        .map(([time, value], i) => `${i ? 'L' : 'M'}${x(time).toFixed(1)} ${y(value).toFixed(1)}`)
        .join(''),
    });
  const drawing = picture(
    width,
    height,
    describe(rate),
    svg('rect', {
      class: 'window',
      x: x(window.start),
      y: plot.top,
      width: x(window.end) - x(window.start),
      height: bottom - plot.top,
    }),
    line(x(window.start), plot.top, x(window.start), bottom, 'edge open'),
    line(x(window.end), plot.top, x(window.end), bottom, 'edge'),
    label(x(window.start), height - 12, formatTime(window.start)),
    label(x(window.end), height - 12, formatTime(window.end)),
    label(
      (x(window.start) + x(window.end)) / 2,
      height - 12,
      `window of ${window.end - window.start} s`,
      'middle',
      'quiet',
    ),
    label(plot.left - 8, y(low) + 4, formatAxisValue(low), 'end', 'quiet'),
    ...(high > low ? [label(plot.left - 8, y(high) + 4, formatAxisValue(high), 'end', 'quiet')] : []),
    ...(resets.length > 0 ? [path(raw, 'raw')] : []),
    path([from, [first[0], Number(first[1])]], 'extrapolated'),
    path([[last[0], top], to], 'extrapolated'),
    path(whole, 'counted'),
    ...resets.map(({ time }) => line(x(time), plot.top, x(time), bottom, 'reset')),
    ...resets.map(({ time }) => label(x(time), plot.top - 8, 'restart', 'middle', 'quiet')),
    ...raw.map(([time, value]) => svg('circle', { class: 'sample', cx: x(time), cy: y(value), r: 3 })),
    svg('circle', { class: 'outermost', cx: x(first[0]), cy: y(Number(first[1])), r: 6 }),
    svg('circle', { class: 'outermost', cx: x(last[0]), cy: y(top), r: 6 }),
  );
  const key = ['sample', 'counted on over restarts', 'extrapolated'].filter(
    (_, index) => index !== 1 || resets.length > 0,
  );
  return element(
    'figure',
    { class: 'drawn' },
    drawing,
    element(
      'figcaption',
      {},
      `Dots are samples; rings the first and the last. ${key.includes('extrapolated') ? 'Dashes: extrapolated. ' : ''}${resets.length > 0 ? 'Dotted: the values as scraped; the full line counts on over restarts.' : ''}`,
    ),
  );
}

function describe(rate: Exclude<RateSteps, { refusal: string }>): string {
  const { first, last, window, resets } = rate;
  return (
    `${rate.samples} samples from ${formatTime(first[0])} to ${formatTime(last[0])}, growing by ${formatValue(rate.raw)}, ` +
    `in a window from ${formatTime(window.start)} to ${formatTime(window.end)}; ${plural(resets.length, 'restart', 'restarts')}.`
  );
}
