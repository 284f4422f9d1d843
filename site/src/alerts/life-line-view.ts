/** A life-line as a drawing with one lane a party, and as the list that says the same in words. */
import { element, svg } from '../dom/element';
import { formatTime } from '../result/format';
import type { Deed, LifeLine, Span } from './life-line';

const width = 720;
const left = 128;
const laneHeight = 34;
const top = 8;
const barHeight = 14;

interface Lane {
  readonly title: string;
  readonly spans: readonly Span[];
  readonly kind: string;
}

const words: Readonly<Record<Deed, string>> = {
  pending: 'The condition holds: pending.',
  firing: 'It has held for long enough: firing.',
  notified: 'Told:',
  ended: 'The condition does not hold any more.',
  resolved: 'Told that it is over:',
};

/** @param start of the axis, in seconds; it ends at `end` */
export function lifeLineView(line: LifeLine, start: number, end: number): HTMLElement {
  const lanes: Lane[] = [
    { title: 'Pending', spans: line.pending, kind: 'pending' },
    { title: 'Firing', spans: line.firing, kind: 'firing' },
    { title: 'Group waits', spans: line.waiting, kind: 'waiting' },
    { title: 'Notified', spans: [], kind: 'notified' },
  ];
  const x = (time: number) =>
    left + ((Math.min(Math.max(time, start), end) - start) / (end - start)) * (width - left - 8);
  const height = top + lanes.length * laneHeight + 24;
  const drawing = svg(
    'svg',
    {
      class: 'life-line',
      viewBox: `0 0 ${width} ${height}`,
      role: 'img',
      'aria-label': `Life-line of ${line.name}; the list below says the same`,
    },
    ...axis(start, end, height, x),
    ...lanes.flatMap((lane, index) => laneOf(lane, index, x)),
    ...notificationsOf(line, lanes.length - 1, x),
  );
  const list = element(
    'ol',
    { class: 'events' },
    ...line.events.map(({ time, deed, detail }) =>
      element(
        'li',
        { 'data-deed': deed },
        element('time', {}, `${formatTime(time)} UTC`),
        ` ${words[deed]} ${detail}`.trimEnd(),
      ),
    ),
  );
  return element(
    'div',
    {},
    element('div', { class: 'scroller', role: 'group', 'aria-label': 'Life-line', tabindex: 0 }, drawing),
    list,
  );
}

const middle = (index: number) => top + index * laneHeight + laneHeight / 2;

function laneOf({ title, spans, kind }: Lane, index: number, x: (time: number) => number): SVGElement[] {
  const y = middle(index);
  const label = svg('text', { x: 0, y: y + 5, class: 'lane' });
  label.textContent = title;
  return [
    label,
    svg('line', { x1: left, x2: width - 8, y1: y, y2: y, class: 'rail' }),
    ...spans.map(({ start, end }) =>
      svg('rect', {
        x: x(start),
        y: y - barHeight / 2,
        width: Math.max(x(end) - x(start), 2),
        height: barHeight,
        class: `span ${kind}`,
      }),
    ),
  ];
}

/** A filled triangle for news of trouble, an open circle for its end. */
function notificationsOf(line: LifeLine, lane: number, x: (time: number) => number): SVGElement[] {
  const y = middle(lane);
  return line.events.flatMap(({ time, deed }) => {
    const at = x(time);
    if (deed === 'notified')
      return [svg('path', { d: `M${at - 7} ${y + 6}h14l-7 -13z`, class: 'mark notified' })];
    if (deed === 'resolved') return [svg('circle', { cx: at, cy: y, r: 6, class: 'mark resolved' })];
    return [];
  });
}

function axis(start: number, end: number, height: number, x: (time: number) => number): SVGElement[] {
  const steps = [60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 43_200];
  const step = steps.find((each) => (end - start) / each <= 6) ?? 86_400;
  const ticks: SVGElement[] = [];
  for (let time = Math.ceil(start / step) * step; time <= end; time += step) {
    const label = svg('text', { x: Math.min(x(time), width - 18), y: height - 6, class: 'tick' });
    label.textContent = formatTime(time).slice(0, 5);
    ticks.push(svg('line', { x1: x(time), x2: x(time), y1: top, y2: height - 22, class: 'grid' }), label);
  }
  return ticks;
}
