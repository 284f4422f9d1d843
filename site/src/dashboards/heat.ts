/** A heat map's cells: of a histogram's buckets how many fell into each one, of other series their values. */
import type { Series } from '../prometheus/result';
import { onGrid } from '../result/graph-model';
import type { Column } from '../result/number-table';

/** Named by its `le`, or as the series is. */
export type HeatRow = Column;

export interface HeatModel {
  readonly times: readonly number[];
  /** The largest bucket first, as the axis has it. */
  readonly rows: readonly HeatRow[];
  readonly max: number;
}

export function heatModel(
  series: readonly (Series & { readonly name: string })[],
  times: readonly number[],
): HeatModel {
  const columns = series.map((each) => ({
    name: each.labels['le'] ?? each.name,
    le: bound(each),
    values: onGrid(each.samples, times),
  }));
  const isHistogram = columns.length > 0 && columns.every(({ le }) => le !== undefined);
  const rows = isHistogram
    ? columns.sort((a, b) => a.le! - b.le!).map((each, index, all) => single(each, all[index - 1]))
    : columns;
  const values = rows.flatMap((row) => row.values.filter((value) => value !== null));
  return {
    times,
    rows: rows.map(({ name, values: of }) => ({ name, values: of })).reverse(),
    max: Math.max(0, ...values),
  };
}

function bound({ labels }: Series): number | undefined {
  const { le } = labels;
  return le === undefined ? undefined : le === '+Inf' ? Infinity : Number(le);
}

/** Buckets are cumulative: what is in one alone is what it has more than the one below. */
function single<Row extends HeatRow>(row: Row, below: HeatRow | undefined): Row {
  const values = row.values.map((value, index) =>
    value === null ? null : Math.max(0, value - (below?.values[index] ?? 0)),
  );
  return { ...row, values };
}
