/** Asks /api/v1/explain. Kept apart from api.ts: the decoder is fetched only when it is needed. */
import { explanationSchema, type Explanation } from '../engine/explain';
import type { Prometheus } from '../engine/types';
import { ask, type Outcome, type TimeRange } from './api';
import { UnexpectedAnswer } from './decode';

/** Series shown for each node: enough for a graph, few enough to be quick. */
const seriesMax = { overTime: 20, atMoment: 50 };

export function explainOverTime(
  prometheus: Prometheus,
  query: string,
  range: TimeRange,
  signal?: AbortSignal,
) {
  const { start, end, step } = range;
  return explain(
    prometheus,
    query,
    { start: String(start), end: String(end), step: String(step), limit: String(seriesMax.overTime) },
    signal,
  );
}

export function explainAt(prometheus: Prometheus, query: string, time: number, signal?: AbortSignal) {
  return explain(
    prometheus,
    query,
    { time: String(time), limit: String(seriesMax.atMoment), stats: 'all' },
    signal,
  );
}

function explain(
  prometheus: Prometheus,
  query: string,
  parameters: Record<string, string>,
  signal?: AbortSignal,
): Promise<Outcome<Explanation>> {
  return ask(prometheus, '/api/v1/explain', { query, ...parameters }, decode, signal, query);
}

function decode(data: unknown): Explanation {
  const parsed = explanationSchema.safeParse(data);
  if (!parsed.success) throw new UnexpectedAnswer('an explanation', data);
  return parsed.data;
}
