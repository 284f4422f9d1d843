/** The expression browser's query in the address, so that it can be linked to and survives a reload. */
import { parseDuration } from '../result/format';

export interface QueryState {
  query?: string;
  tab?: 'table' | 'graph' | 'explain';
  range?: string;
}

/** Reads ?expr=…&tab=…&range=…; what isn't understood is left out. */
export function readQueryState(search: string): QueryState {
  const parameters = new URLSearchParams(search);
  const query = parameters.get('expr');
  const tab = parameters.get('tab');
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
