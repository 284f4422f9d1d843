/** The values of jq: JSON, its order, and its errors. */

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** Variables by their names, with the dollar sign. */
export type Scope = Readonly<Record<string, Json>>;

export type Filter = (input: Json, scope: Scope) => Iterable<Json>;

export class JqError extends Error {
  constructor(
    message: string,
    /** What jq ends with: 3 for a filter that it can't read, 5 for one that fails. */
    readonly status: 3 | 5 = 5,
  ) {
    super(message);
  }
}

export const truthy = (value: Json): boolean => value !== null && value !== false;

/** @example describe([1]) // => 'array ([1])' */
export function describe(value: Json): string {
  const kind = value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value;
  const text = JSON.stringify(value);
  return `${kind} (${text.length > 11 ? `${text.slice(0, 10)}...` : text})`;
}

/** jq's order of all values: null, false, true, numbers, strings, arrays, objects. */
export function compare(a: Json, b: Json): number {
  const rank = rankOf(a) - rankOf(b);
  if (rank !== 0) return rank;
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  if (typeof a === 'string' && typeof b === 'string') return a < b ? -1 : a > b ? 1 : 0;
  if (Array.isArray(a) && Array.isArray(b)) return compareLists(a, b);
  if (rankOf(a) < 6) return 0;
  const [left, right] = [a, b] as [Record<string, Json>, Record<string, Json>];
  const keys = compareLists(Object.keys(left).sort(), Object.keys(right).sort());
  if (keys !== 0) return keys;
  const names = Object.keys(left).sort();
  return compareLists(
    names.map((name) => left[name]!),
    names.map((name) => right[name]!),
  );
}

function rankOf(value: Json): number {
  if (value === null) return 0;
  if (typeof value === 'boolean') return value ? 2 : 1;
  if (typeof value === 'number') return 3;
  if (typeof value === 'string') return 4;
  return Array.isArray(value) ? 5 : 6;
}

function compareLists(a: readonly Json[], b: readonly Json[]): number {
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    const order = compare(a[i]!, b[i]!);
    if (order !== 0) return order;
  }
  return a.length - b.length;
}
