/**
 * The life-line of one alert: what its condition, Prometheus and the Alertmanager did, on one axis of time. Made of
 * what the APIs tell: the ALERTS series over a range, and the notifications of the inbox.
 */
import type { Labels, Series } from '../prometheus/result';
import type { Notification } from '../prometheus/status-api';
import { formatLabels } from '../result/format';

/** Seconds since the epoch; `end` is not part of it. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

export type Deed = 'pending' | 'firing' | 'notified' | 'ended' | 'resolved';

export interface Event {
  readonly time: number;
  readonly deed: Deed;
  /** Who was told, of what, and why just then; for notifications. */
  readonly detail: string;
}

export interface LifeLine {
  readonly labels: Labels;
  readonly name: string;
  readonly pending: readonly Span[];
  readonly firing: readonly Span[];
  /** From the first moment of firing until somebody was told: the Alertmanager collects what belongs together. */
  readonly waiting: readonly Span[];
  readonly events: readonly Event[];
}

/**
 * @param alerts the range query `ALERTS`
 * @param step seconds between two points of it
 * @returns one line for each alert, the one that changed last first
 */
export function lifeLines(
  alerts: readonly Series[],
  step: number,
  now: number,
  notifications: readonly Notification[],
): LifeLine[] {
  const byAlert = new Map<string, { labels: Labels; pending: Span[]; firing: Span[] }>();
  for (const { labels, samples } of alerts) {
    const own = Object.fromEntries(
      Object.entries(labels).filter(([name]) => name !== '__name__' && name !== 'alertstate'),
    );
    const { alertstate } = labels;
    const key = JSON.stringify(Object.entries(own).sort());
    const found = byAlert.get(key) ?? { labels: own, pending: [], firing: [] };
    byAlert.set(key, found);
    const times = samples.map(({ time }) => time);
    found[alertstate === 'firing' ? 'firing' : 'pending'].push(...spansOf(times, step));
  }
  return [...byAlert.values()]
    .map(({ labels, pending, firing }) =>
      lineOf(labels, sorted(pending), sorted(firing), now, step, notifications),
    )
    .sort((a, b) => lastTime(b) - lastTime(a));
}

const sorted = (spans: Span[]) => spans.sort((a, b) => a.start - b.start);
const lastTime = ({ events }: LifeLine) => events.at(-1)?.time ?? 0;

/** Points that follow each other are one span, as long as none is missing between. */
export function spansOf(times: readonly number[], step: number): Span[] {
  const spans: { start: number; end: number }[] = [];
  for (const time of times) {
    const last = spans.at(-1);
    if (last && time <= last.end) last.end = time + step;
    else spans.push({ start: time, end: time + step });
  }
  return spans;
}

function lineOf(
  labels: Labels,
  pending: Span[],
  firing: Span[],
  now: number,
  step: number,
  notifications: readonly Notification[],
): LifeLine {
  const told = notifications
    .map((each) => ({ each, alert: each.alerts.find((alert) => sameLabels(alert.labels, labels)) }))
    .filter(({ alert }) => alert !== undefined);
  const events: Event[] = [
    ...pending.map(({ start }): Event => ({ time: start, deed: 'pending', detail: '' })),
    ...firing.map(({ start }): Event => ({ time: start, deed: 'firing', detail: '' })),
    ...ends(pending, firing)
      .filter((end) => end + step <= now)
      .map((end): Event => ({ time: end, deed: 'ended', detail: '' })),
    ...told.map(({ each, alert }): Event => ({
      time: each.time,
      deed: alert!.status === 'resolved' ? 'resolved' : 'notified',
      detail: `${each.receiver} (${each.reason || each.integration})`,
    })),
  ];
  const firstTold = (span: Span) =>
    events.find(({ deed, time }) => deed === 'notified' && time >= span.start && time < span.end)?.time;
  return {
    labels,
    name: formatLabels(labels),
    pending,
    firing,
    waiting: firing.flatMap((span) => {
      const end = firstTold(span) ?? Math.min(span.end, now);
      return end > span.start ? [{ start: span.start, end }] : [];
    }),
    events: events.sort((a, b) => a.time - b.time || order.indexOf(a.deed) - order.indexOf(b.deed)),
  };
}

const order: readonly Deed[] = ['pending', 'firing', 'notified', 'ended', 'resolved'];

/** Where the condition stopped to hold: the end of a span that no other follows at once. */
function ends(pending: readonly Span[], firing: readonly Span[]): number[] {
  return [...pending, ...firing]
    .map(({ end }) => end)
    .filter((end) => !firing.some(({ start }) => start === end));
}

function sameLabels(a: Labels, b: Labels): boolean {
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => a[key] === b[key]);
}
