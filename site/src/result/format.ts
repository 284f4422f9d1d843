/** Values, times and labels as people read them. */
import type { Labels } from '../prometheus/result';

/**
 * A value for reading: whole numbers in full, others to six significant digits.
 *
 * @example formatValue('0.033333333333333333') // => '0.0333333'
 */
export function formatValue(value: string): string {
  const number = Number(value);
  if (value.trim() === '' || !Number.isFinite(number)) return value;
  if (Number.isInteger(number) && Math.abs(number) < 1e15) return String(number);
  return String(Number(number.toPrecision(6)));
}

/** Shorter, for the axis of a graph. @example formatAxisValue(1200000) // => '1.2 M' */
export function formatAxisValue(value: number): string {
  const magnitude = Math.abs(value);
  const { least = 0, divisor = 1, suffix = '' } = axisUnits.find((unit) => magnitude >= unit.least) ?? {};
  return least === 0
    ? String(Number(value.toPrecision(4)))
    : `${Number((value / divisor).toPrecision(4))}${suffix}`;
}

/** Ten thousand is the first number that is shorter with a k. */
const axisUnits = [
  { least: 1e12, divisor: 1e12, suffix: ' T' },
  { least: 1e9, divisor: 1e9, suffix: ' G' },
  { least: 1e6, divisor: 1e6, suffix: ' M' },
  { least: 1e4, divisor: 1e3, suffix: ' k' },
];

/** Time of day in UTC. @example formatTime(1767232815) // => '02:00:15' */
export function formatTime(seconds: number): string {
  return new Date(seconds * 1000).toISOString().slice(11, 19);
}

/** Date and time in UTC. @example formatDateTime(1767232815) // => '2026-01-01 02:00:15' */
export function formatDateTime(seconds: number): string {
  return new Date(seconds * 1000).toISOString().slice(0, 19).replace('T', ' ');
}

/** A series as PromQL writes it. @example formatLabels({__name__: 'up', job: 'a'}) // => 'up{job="a"}' */
export function formatLabels(labels: Labels): string {
  const { __name__: name = '', ...others } = labels;
  const pairs = Object.entries(others).map(([label, value]) => `${label}=${JSON.stringify(value)}`);
  return pairs.length > 0 || name === '' ? `${name}{${pairs.join(', ')}}` : name;
}

const durationUnits = { s: 1, m: 60, h: 3600, d: 86400, w: 604800 } as const;

/** Seconds of a duration with one unit; undefined for anything else. @example parseDuration('15m') // => 900 */
export function parseDuration(duration: string): number | undefined {
  const match = /^(\d+)([smhdw])$/.exec(duration);
  if (!match) return undefined;
  return Number(match[1]) * durationUnits[match[2] as keyof typeof durationUnits];
}

/** @example plural(1, 'series', 'series') // => '1 series' */
export function plural(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`;
}
