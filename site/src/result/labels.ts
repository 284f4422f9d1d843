/** What tells the series of a result apart. */
import type { Labels, Series } from '../prometheus/result';

export interface LabelSplit {
  /** Labels that every series has with the same value. */
  readonly shared: Labels;
  /** Names of the other labels, sorted, `__name__` first. */
  readonly varying: readonly string[];
}

/** Splits labels into what is shared and what differs. One series alone shares nothing. */
export function splitLabels(series: readonly Series[]): LabelSplit {
  const names = new Set(series.flatMap(({ labels }) => Object.keys(labels)));
  const shared: Record<string, string> = {};
  const varying: string[] = [];
  for (const name of [...names].sort(nameFirst)) {
    const value = series[0]?.labels[name];
    const same = series.length > 1 && series.every(({ labels }) => labels[name] === value);
    if (same && value !== undefined) shared[name] = value;
    else varying.push(name);
  }
  return { shared, varying };
}

function nameFirst(a: string, b: string): number {
  if (a === '__name__' || b === '__name__') return a === '__name__' ? -1 : 1;
  return a < b ? -1 : Number(a > b);
}

/** The labels of `series` whose names are in `names`. */
export function pickLabels(labels: Labels, names: readonly string[]): Labels {
  return Object.fromEntries(names.flatMap((name) => (name in labels ? [[name, labels[name]!]] : [])));
}
