/** Asks a Prometheus what a panel shows. */
import type { Prometheus } from '../engine/types';
import { instantQuery, rangeQuery, type Outcome, type TimeRange } from '../prometheus/api';
import type { QueryResult, Series } from '../prometheus/result';
import { formatLabels } from '../result/format';
import { isInstant, type Panel, type Variable } from './model';
import { fillIn, legendOf, type Chosen } from './variables';

/** When and with what the panels are asked. */
export interface View {
  readonly prometheus: Prometheus;
  readonly range: TimeRange;
  readonly scrapeInterval: number;
  readonly variables: readonly Variable[];
  readonly chosen: Chosen;
}

/** A series of one of the panel's queries, by the name that its legend gives it. */
export interface NamedSeries extends Series {
  readonly name: string;
}

export type PanelData =
  | { readonly ok: true; readonly series: readonly NamedSeries[] }
  | { readonly ok: false; readonly message: string };

export async function panelData(panel: Panel, view: View, signal: AbortSignal): Promise<PanelData> {
  const asked = panel.queries.filter(({ expr }) => expr.trim() !== '');
  const all: NamedSeries[] = [];
  for (const { expr, legend } of asked) {
    const outcome = await ask(filledIn(expr, view), panel.type, view, signal);
    if (!outcome.ok) return { ok: false, message: outcome.problem.message };
    for (const series of seriesOf(outcome.data)) {
      all.push({
        ...series,
        name: (legend && legendOf(legend, series.labels)) || formatLabels(series.labels),
      });
    }
  }
  return { ok: true, series: all };
}

function filledIn(expr: string, { range, scrapeInterval, variables, chosen }: View): string {
  const zoom = { range: range.end - range.start, step: range.step, scrapeInterval };
  return fillIn(expr, zoom, variables, chosen);
}

function ask(
  query: string,
  type: string,
  { prometheus, range }: View,
  signal: AbortSignal,
): Promise<Outcome<QueryResult>> {
  if (isInstant(type)) return instantQuery(prometheus, query, range.end, signal);
  return rangeQuery(prometheus, query, range, signal);
}

function seriesOf(result: QueryResult): readonly Series[] {
  return 'sample' in result ? [{ labels: {}, samples: [result.sample] }] : result.series;
}
