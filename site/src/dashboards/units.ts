/** Values in the units that a panel may have, by Grafana's names for them. */
import { formatAxisValue } from '../result/format';

interface Unit {
  readonly id: string;
  /** For choosing it. */
  readonly title: string;
  readonly format: (value: number) => string;
}

const digits = (value: number): string => String(Number(value.toPrecision(4)));

/** The largest of `steps` (divisor and suffix, largest first) that is not above the value. */
function scaled(steps: readonly (readonly [number, string])[], after = ''): (value: number) => string {
  const smallest = steps.at(-1)!;
  return (value) => {
    const [divisor, suffix] =
      value === 0 ? smallest : (steps.find(([least]) => Math.abs(value) >= least) ?? smallest);
    return `${digits(value / divisor)}${suffix}${after}`;
  };
}

const times = [
  [86_400, ' d'],
  [3600, ' h'],
  [60, ' min'],
  [1, ' s'],
  [1e-3, ' ms'],
  [1e-6, ' µs'],
] as const;
const seconds = (value: number): string => (value === 0 ? '0 s' : scaled(times)(value));
const binary = [
  [2 ** 40, ' TiB'],
  [2 ** 30, ' GiB'],
  [2 ** 20, ' MiB'],
  [2 ** 10, ' KiB'],
  [1, ' B'],
] as const;
const decimal = [
  [1e12, ' TB'],
  [1e9, ' GB'],
  [1e6, ' MB'],
  [1e3, ' kB'],
  [1, ' B'],
] as const;

export const units: readonly Unit[] = [
  { id: 'short', title: 'number', format: formatAxisValue },
  { id: 'none', title: 'number, in full', format: (value) => String(Number(value.toPrecision(12))) },
  { id: 'percentunit', title: 'percent (0.0–1.0)', format: (value) => `${digits(value * 100)} %` },
  { id: 'percent', title: 'percent (0–100)', format: (value) => `${digits(value)} %` },
  { id: 's', title: 'seconds', format: seconds },
  { id: 'ms', title: 'milliseconds', format: (value) => (value === 0 ? '0 ms' : seconds(value / 1000)) },
  { id: 'bytes', title: 'bytes (KiB, MiB)', format: scaled(binary) },
  { id: 'decbytes', title: 'bytes (kB, MB)', format: scaled(decimal) },
  { id: 'reqps', title: 'requests per second', format: (value) => `${formatAxisValue(value)} req/s` },
  { id: 'ops', title: 'operations per second', format: (value) => `${formatAxisValue(value)} ops/s` },
  { id: 'Bps', title: 'bytes per second', format: scaled(binary, '/s') },
];

/** A value in a unit; one that is not listed stands behind the number. NaN and infinities keep their words. */
export function formatUnit(value: number, id: string): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'NaN' : value > 0 ? '+Inf' : '-Inf';
  const unit = units.find((each) => each.id === (id || 'short'));
  return unit ? unit.format(value) : `${formatAxisValue(value)} ${id}`;
}

/** The numbers in a text, ascending. @example numbersIn('0.05, 0.01') // => [0.01, 0.05] */
export function numbersIn(value: string): number[] {
  const words = value.split(/[\s,;]+/).filter((word) => word !== '');
  return words
    .map(Number)
    .filter(Number.isFinite)
    .sort((a, b) => a - b);
}
