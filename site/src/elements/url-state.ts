/** The expression browser's query in the address, so that it can be linked to and survives a reload. */
import { parseDuration } from '../result/format';

export interface QueryState {
  query?: string;
  tab?: 'table' | 'graph' | 'explain';
  range?: string;
}

/** Prometheus's own parameters, which links in alerts have: g0.tab counts from 0. */
const prometheusTabs = ['graph', 'table', 'explain'];

/** Reads ?expr=…&tab=…&range=… or ?g0.expr=…&g0.tab=…; what isn't understood is left out. */
export function readQueryState(search: string): QueryState {
  const parameters = new URLSearchParams(search);
  const query = parameters.get('expr') ?? parameters.get('g0.expr');
  const tab = parameters.get('tab') ?? prometheusTabs[Number(parameters.get('g0.tab') ?? NaN)];
  const range = parameters.get('range');
  return {
    ...(query !== null && { query }),
    ...((tab === 'table' || tab === 'graph' || tab === 'explain') && { tab }),
    ...(range !== null && parseDuration(range) !== undefined && { range }),
  };
}

export function writeQueryState({ query, tab, range }: Required<QueryState>): void {
  history.replaceState(null, '', `?${new URLSearchParams({ expr: query, tab, range }).toString()}`);
}
