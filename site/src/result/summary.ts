/** One line about a result: what type it is and how much there is. */
import type { QueryResult } from '../prometheus/result';
import { formatValue, plural } from './format';

const typeNames = {
  vector: 'instant vector',
  matrix: 'range vector',
  scalar: 'scalar',
  string: 'string',
} as const;

/** For a graph: how many lines, and how close their points are. */
export function graphLine(result: QueryResult, stepSeconds: number): string {
  const count = 'series' in result ? result.series.length : 1;
  return count === 0
    ? 'Empty result'
    : `${plural(count, 'series', 'series')}, one point every ${stepSeconds} s`;
}

/** For a table: the type, which decides what may be done with the value, and how much there is. */
export function tableLine(result: QueryResult): string {
  return isEmpty(result) ? 'Empty result' : `${typeNames[result.type]}: ${resultSummary(result)}`;
}

export function isEmpty(result: QueryResult): boolean {
  return 'series' in result && result.series.length === 0;
}

function resultSummary(result: QueryResult): string {
  if ('sample' in result) return formatValue(result.sample.value);
  const series = plural(result.series.length, 'series', 'series');
  if (result.type === 'vector') return series;
  const samples = result.series.reduce((sum, each) => sum + each.samples.length, 0);
  return `${series}, ${plural(samples, 'sample', 'samples')}`;
}

/** What to do about a result without series. */
export const emptyAdvice =
  'The query runs, and no series matches it. Check names and values letter by letter, or drop a matcher and see what comes back.';
