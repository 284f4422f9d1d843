/** What stands in a panel's query for something else: a window that follows the zoom, and what was chosen above. */
import type { Variable } from './model';

/** What is chosen, by the variable's name. */
export type Chosen = Readonly<Record<string, readonly string[]>>;

export interface Zoom {
  /** In seconds. */
  readonly range: number;
  readonly step: number;
  readonly scrapeInterval: number;
}

/**
 * A window that is never shorter than the step, nor than four scrapes.
 *
 * @example rateInterval({ range: 3600, step: 15, scrapeInterval: 15 }) // => 60
 */
export function rateInterval({ step, scrapeInterval }: Zoom): number {
  return Math.max(step + scrapeInterval, 4 * scrapeInterval);
}

/** The query that Prometheus is asked. A name that nothing is known of stays, and the engine will say so. */
export function fillIn(query: string, zoom: Zoom, variables: readonly Variable[], chosen: Chosen): string {
  const values: Record<string, string> = {
    __rate_interval: `${rateInterval(zoom)}s`,
    __interval: `${zoom.step}s`,
    __interval_ms: String(zoom.step * 1000),
    __range: `${zoom.range}s`,
    __range_s: String(zoom.range),
  };
  for (const { name, multi } of variables) values[name] = valueOf(chosen[name] ?? [], multi);
  return query.replaceAll(
    /\$\{(\w+)(?::\w+)?\}|\[\[(\w+)\]\]|\$(\w+)/g,
    (all, braced?: string, bracketed?: string, plain?: string) =>
      values[braced ?? bracketed ?? plain ?? ''] ?? all,
  );
}

/** Several become a regular expression, so only =~ understands them; that is Grafana's rule, too. */
function valueOf(values: readonly string[], multi: boolean): string {
  if (!multi) return values[0] ?? '';
  const escaped = values.map((value) => value.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\\\$&'));
  return escaped.length === 1 ? escaped[0]! : `(${escaped.join('|')})`;
}

/** The parts of `label_values(metric, label)` or `label_values(label)`; undefined for anything else. */
export function labelValues(query: string): { match: string; label: string } | undefined {
  const [, inside] = /^\s*label_values\((.*)\)\s*$/s.exec(query) ?? [];
  if (inside === undefined) return undefined;
  const [, match = '', label = ''] = /^(?:(.*),)?\s*([\w]+)\s*$/s.exec(inside) ?? [];
  return label === '' ? undefined : { match: match.trim(), label };
}

/** A series' name by a legend's template. @example legendOf('{{job}} on {{env}}', labels) // => 'cart on prod' */
export function legendOf(template: string, labels: Readonly<Record<string, string>>): string {
  return template.replaceAll(/\{\{\s*(\w+)\s*\}\}/g, (_, label: string) => labels[label] ?? '');
}
