/** What the Table tab shows of a result: a column per label that differs, and the values. */
import type { Labels, QueryResult, Sample } from '../prometheus/result';
import { splitLabels } from './labels';

export interface TableRow {
  /** One per column; undefined where the series lacks the label. */
  readonly cells: readonly (string | undefined)[];
  readonly samples: readonly Sample[];
}

export interface TableModel {
  readonly shared: Labels;
  readonly columns: readonly string[];
  readonly rows: readonly TableRow[];
  /** Series in the result; more than rows when cut. */
  readonly total: number;
  /** Whether a row may have several samples. */
  readonly isRange: boolean;
}

/** Rows to show before the learner asks for the rest. */
export const rowsAtFirst = { vector: 12, matrix: 5 } as const;

export function tableModel(result: QueryResult, limit = Infinity): TableModel {
  if ('sample' in result) {
    return {
      shared: {},
      columns: [],
      rows: [{ cells: [], samples: [result.sample] }],
      total: 1,
      isRange: false,
    };
  }
  const { shared, varying } = splitLabels(result.series);
  const rows = result.series
    .slice(0, limit)
    .map(({ labels, samples }) => ({ cells: varying.map((name) => labels[name]), samples }));
  return { shared, columns: varying, rows, total: result.series.length, isRange: result.type === 'matrix' };
}
