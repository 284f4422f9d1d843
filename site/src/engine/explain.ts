/**
 * What /api/v1/explain answers: a query's nodes, each with its reading, its result and what it did.
 * engine/api/explain_json.h describes every member.
 */
import { z } from 'astro/zod';

// Zod would compile its checks with `new Function`, which the content security policy forbids.
z.config({ jitless: true });

const count = z.number().int().nonnegative();
/** A value keeps the API's text: it is exact, and has NaN and infinities. */
const value = z.string();
const labels = z.record(z.string(), z.string());
const time = z.number();
const sample = z.tuple([time, value]);
const position = z.object({ start: count, end: count });
const histogram = z.object({
  count: value,
  sum: value,
  buckets: z.array(z.tuple([z.number(), value, value, value])).optional(),
});
const histogramSample = z.tuple([time, histogram]);

const result = z.discriminatedUnion('resultType', [
  z.object({ resultType: z.enum(['scalar', 'string']), result: sample }),
  z.object({
    resultType: z.literal('vector'),
    result: z.array(
      z.object({ metric: labels, value: sample.optional(), histogram: histogramSample.optional() }),
    ),
  }),
  z.object({
    resultType: z.literal('matrix'),
    result: z.array(
      z.object({
        metric: labels,
        values: z.array(sample).optional(),
        histograms: z.array(histogramSample).optional(),
      }),
    ),
  }),
]);

const timeWindow = z.object({ start: time, end: time });

const selector = z.object({
  time,
  lookback: z.number(),
  sampleTimes: z.array(time),
  stale: count,
  older: count,
  newestOlder: time.optional(),
});

const reach = z.enum(['edge', 'halfInterval', 'zero']);

/** The rate microscope: every number between a window's samples and the result. */
const rateArithmetic = z.object({
  first: sample,
  last: sample,
  resets: z.array(z.object({ time, before: value, after: value })),
  correction: value,
  raw: value,
  sampledSeconds: z.number(),
  intervalSeconds: z.number(),
  gapStartSeconds: z.number(),
  gapEndSeconds: z.number(),
  toStartSeconds: z.number(),
  toEndSeconds: z.number(),
  startReach: reach,
  endReach: reach,
  factor: z.number(),
  divisor: z.number(),
  result: value,
});
const rateInput = z.object({ metric: labels, window: timeWindow, samples: count });
const rate = z.union([
  rateInput.extend({ refusal: z.string() }),
  rateInput.extend({ refusal: z.undefined().optional(), ...rateArithmetic.shape }),
]);

const quantile = z.object({
  metric: labels,
  native: z.boolean(),
  quantile: value,
  total: value,
  rank: value,
  /** Lower bound, upper bound, cumulative count. */
  buckets: z.array(z.tuple([value, value, value])),
  monotonicityFix: value.optional(),
  bucket: count.optional(),
  fraction: z.number().optional(),
  rule: z.string(),
  result: value,
});

const matchKind = z.enum(['matched', 'leftOnly', 'rightOnly', 'manyLeft', 'manyRight', 'manyBoth']);
const elements = z.array(z.object({ metric: labels, value }));
const matching = z.object({
  time,
  card: z.enum(['one-to-one', 'many-to-one', 'one-to-many', 'many-to-many']),
  on: z.boolean(),
  labels: z.array(z.string()),
  include: z.array(z.string()),
  counts: z.record(matchKind, count),
  entries: z.array(
    z.object({
      kind: matchKind,
      key: labels,
      leftCount: count,
      left: elements,
      rightCount: count,
      right: elements,
      why: z.string().optional(),
    }),
  ),
  fix: z.string().optional(),
  fixReason: z.string().optional(),
});

const anyNode = z.object({
  id: count,
  /** Missing for the root. */
  parent: count.optional(),
  children: z.array(count),
  type: z.enum([
    'numberLiteral',
    'stringLiteral',
    'vectorSelector',
    'matrixSelector',
    'subquery',
    'call',
    'aggregation',
    'binaryExpr',
    'unaryExpr',
    'parenExpr',
  ]),
  name: z.string().optional(),
  valueType: z.enum(['scalar', 'vector', 'matrix', 'string']),
  /** Bytes of the query. */
  position,
  /** One sentence; names, values and code stand in backticks. */
  reading: z.string(),
  matching: matching.optional(),
});

const evaluated = anyNode.extend({
  status: z.literal('evaluated'),
  steps: z.object({ start: time, end: time, step: z.number() }),
  inSubquery: z.literal(true).optional(),
  constant: z.literal(true).optional(),
  series: count,
  seriesLeftOut: count.optional(),
  thinned: z.literal(true).optional(),
  samplesRead: count,
  bytes: count,
  seconds: z.number().optional(),
  labels: z.array(z.object({ name: z.string(), values: count, examples: z.array(z.string()) })).optional(),
  warnings: z.array(z.string()).optional(),
  infos: z.array(z.string()).optional(),
  selector: selector.optional(),
  window: timeWindow.optional(),
  rates: z.array(rate).optional(),
  quantiles: z.array(quantile).optional(),
});

const failed = anyNode.extend({
  status: z.literal('failed'),
  error: z.object({ errorType: z.string(), error: z.string(), position: position.optional() }),
});
const blocked = anyNode.extend({ status: z.literal('blocked'), blockedOn: count });
const skipped = anyNode.extend({ status: z.literal('skipped'), note: z.string() });

const node = z.union([z.intersection(evaluated, result), failed, blocked, skipped]);

/** The member `data` of the answer. */
export const explanationSchema = z.object({
  /** The root first, parents before children; `id` is the index. */
  nodes: z.array(node).min(1),
});

export type Explanation = z.infer<typeof explanationSchema>;
export type ExplainNode = z.infer<typeof node>;
export type RateSteps = z.infer<typeof rate>;
export type QuantileSteps = z.infer<typeof quantile>;
export type MatchingTable = z.infer<typeof matching>;
