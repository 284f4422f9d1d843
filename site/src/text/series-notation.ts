/**
 * Series in the notation of rule tests, as people read them: `up{job="a"} 1x3 _ 0` is the name and the values
 * 1, 1, 1, 1, no sample, 0. The engine reads the same for real (promql/parser/series_notation.h).
 */
export interface NotedSeries {
  readonly name: string;
  /** Values as text; `–` where there is no sample, `gone` for a staleness mark. */
  readonly values: readonly string[];
}

/** Longer series are cut here: they are shown in short anyway. */
const valuesMax = 10_000;

/** Undefined for what it can't read, such as a native histogram. */
export function readNotation(line: string): NotedSeries | undefined {
  const [, name, rest] = /^\s*((?:[^\s{"]*)(?:\{(?:[^"}]|"(?:[^"\\]|\\.)*")*\})?)\s+(.*)$/s.exec(line) ?? [];
  if (name === undefined || rest === undefined) return undefined;
  const values: string[] = [];
  for (const item of rest.trim().split(/\s+/)) {
    const read = readItem(item);
    if (!read) return undefined;
    values.push(...read.slice(0, valuesMax - values.length));
  }
  return { name, values };
}

function readItem(item: string): string[] | undefined {
  if (item === 'stale') return ['gone'];
  const [, gap] = /^_(?:x(\d+))?$/.exec(item) ?? [];
  if (item.startsWith('_')) return Array.from({ length: Number(gap ?? 1) }, () => '–');
  const [all, first, delta, times] =
    /^([+-]?(?:[\d.]+(?:e[+-]?\d+)?|inf|nan))([+-][\d.]+(?:e[+-]?\d+)?)?(?:x(\d+))?$/i.exec(item) ?? [];
  if (all === undefined || first === undefined) return undefined;
  const count = Math.min(Number(times ?? 0) + 1, valuesMax);
  if (delta === undefined || Number(delta) === 0) return Array.from({ length: count }, () => first);
  return Array.from({ length: count }, (_, index) =>
    String(Number((Number(first) + index * Number(delta)).toPrecision(12))),
  );
}

/**
 * Values in short: equal neighbours once with their number, long climbs by their beginning and end.
 *
 * @example inShort(['1', '1', '1', '1', '0']) // => '1 (4 times), 0'
 */
export function inShort(values: readonly string[]): string {
  if (values.length <= 8 && !isOneRun(values)) return values.join(', ');
  const runs: { value: string; count: number }[] = [];
  for (const value of values) {
    const last = runs.at(-1);
    if (last?.value === value) last.count += 1;
    else runs.push({ value, count: 1 });
  }
  const words = runs.map(({ value, count }) =>
    count > 2 ? `${value} (${count} times)` : repeated(value, count),
  );
  if (words.length <= 8) return words.join(', ');
  return `${words.slice(0, 3).join(', ')}, …, ${words.slice(-2).join(', ')} (${values.length} samples)`;
}

function isOneRun(values: readonly string[]): boolean {
  return values.length > 3 && values.every((value) => value === values[0]);
}

function repeated(value: string, count: number): string {
  return Array.from({ length: count }, () => value).join(', ');
}
