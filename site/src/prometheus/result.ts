/** The result of a query, decoded from the API's JSON. */
import { list, number, object, text, textRecord, UnexpectedAnswer } from './decode';

export type Labels = Readonly<Record<string, string>>;

/** A value keeps the API's text: it is exact, and has NaN and infinities. */
export interface Sample {
  readonly time: number;
  readonly value: string;
}

export interface Series {
  readonly labels: Labels;
  readonly samples: readonly Sample[];
}

export type QueryResult =
  /** One sample per series, all at the same time. */
  | { readonly type: 'vector'; readonly series: readonly Series[] }
  /** Any number of samples per series. */
  | { readonly type: 'matrix'; readonly series: readonly Series[] }
  | { readonly type: 'scalar' | 'string'; readonly sample: Sample };

/** Decodes `data` of /api/v1/query and /api/v1/query_range. */
export function decodeResult(data: unknown): QueryResult {
  const { resultType, result } = object(data);
  switch (resultType) {
    case 'vector':
      return { type: 'vector', series: list(result).map(decodeVectorElement) };
    case 'matrix':
      return { type: 'matrix', series: list(result).map(decodeMatrixElement) };
    case 'scalar':
    case 'string':
      return { type: resultType, sample: decodeSample(result) };
    default:
      throw new UnexpectedAnswer('a vector, matrix, scalar or string', resultType);
  }
}

function decodeVectorElement(value: unknown): Series {
  const { metric, value: sample, histogram } = object(value);
  const decoded = sample === undefined ? decodeHistogramSample(histogram) : decodeSample(sample);
  return { labels: textRecord(metric), samples: [decoded] };
}

function decodeMatrixElement(value: unknown): Series {
  const { metric, values = [], histograms = [] } = object(value);
  const samples = [...list(values).map(decodeSample), ...list(histograms).map(decodeHistogramSample)];
  return { labels: textRecord(metric), samples: samples.sort((a, b) => a.time - b.time) };
}

function decodeSample(value: unknown): Sample {
  const [time, sample] = list(value);
  return { time: number(time), value: text(sample) };
}

function decodeHistogramSample(value: unknown): Sample {
  const [time, histogram] = list(value);
  const { count, sum } = object(histogram);
  return { time: number(time), value: `histogram with count ${text(count)}, sum ${text(sum)}` };
}
