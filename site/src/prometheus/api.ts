/** Asks a Prometheus, and turns its envelope into an answer or a problem. */
import type { EngineResponse, Prometheus } from '../engine/types';
import { list, number, object, text, textRecord, texts } from './decode';
import { decodeResult, type QueryResult } from './result';

/** Why there is no answer. */
export interface Problem {
  /** Prometheus's error type: bad_data, execution, timeout, ... or `unreachable`. */
  readonly kind: string;
  readonly message: string;
  /** The part of the query that is at fault, in UTF-8 bytes. */
  readonly span?: { readonly start: number; readonly end: number };
}

export type Outcome<T> =
  | {
      readonly ok: true;
      readonly data: T;
      readonly warnings: readonly string[];
      readonly infos: readonly string[];
    }
  | { readonly ok: false; readonly problem: Problem };

export interface TimeRange {
  readonly start: number;
  readonly end: number;
  readonly step: number;
}

export function instantQuery(prometheus: Prometheus, query: string, time: number, signal?: AbortSignal) {
  return ask(prometheus, '/api/v1/query', { query, time: String(time) }, decodeResult, signal, query);
}

export function rangeQuery(prometheus: Prometheus, query: string, range: TimeRange, signal?: AbortSignal) {
  const { start, end, step } = range;
  const parameters = { query, start: String(start), end: String(end), step: String(step) };
  return ask(prometheus, '/api/v1/query_range', parameters, decodeResult, signal, query);
}

export async function ask<T>(
  prometheus: Prometheus,
  path: string,
  parameters: Record<string, string>,
  decode: (data: unknown) => T,
  signal?: AbortSignal,
  query = '',
): Promise<Outcome<T>> {
  const search = new URLSearchParams(parameters).toString();
  const response = await prometheus.ask(search ? `${path}?${search}` : path, signal ? { signal } : {});
  return readEnvelope(response, decode, query);
}

/** @param query the text that a position in the error refers to */
export function readEnvelope<T>(
  response: EngineResponse,
  decode: (data: unknown) => T,
  query = '',
): Outcome<T> {
  const envelope = parseJson(response.body);
  if (envelope === undefined) {
    const message = `No Prometheus answers at this address (status ${response.status}). Start it with npm start and open its address.`;
    return { ok: false, problem: { kind: 'unreachable', message } };
  }
  const { status, data, errorType, error, position, warnings, infos } = object(envelope);
  if (status === 'success') {
    return { ok: true, data: decode(data), warnings: texts(warnings), infos: texts(infos) };
  }
  const message = text(error);
  const span = position === undefined ? spanOfMessage(message, query) : decodeSpan(position);
  return {
    ok: false,
    problem: { kind: text(errorType), message: plainMessage(message), ...(span && { span }) },
  };
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

function decodeSpan(value: unknown) {
  const { start, end } = object(value);
  return { start: number(start), end: number(end) };
}

const parameterPrefix = /^invalid parameter "query": /;
const positionPrefix = /^(?:(\d+):(\d+)|unknown position): parse error: /;

/** The message without what the editor shows by other means: the parameter's name and the position. */
function plainMessage(message: string): string {
  return message.replace(parameterPrefix, '').replace(positionPrefix, '');
}

/** A server that names only line and column: the span is the word or sign that starts there. */
function spanOfMessage(message: string, query: string) {
  const [, line, column] = positionPrefix.exec(message.replace(parameterPrefix, '')) ?? [];
  if (line === undefined || column === undefined) return undefined;
  const bytes = new TextEncoder().encode(query);
  const lines = query.split('\n').slice(0, Number(line) - 1);
  const lineStart = new TextEncoder().encode(lines.map((each) => `${each}\n`).join('')).length;
  const start = Math.min(lineStart + Number(column) - 1, bytes.length);
  const word = /^(?:\w+|.)/u.exec(new TextDecoder().decode(bytes.subarray(start)))?.[0] ?? '';
  return { start, end: start + new TextEncoder().encode(word).length };
}

export interface Target {
  readonly pool: string;
  readonly url: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly health: string;
  readonly lastError: string;
  readonly lastScrape: string;
  readonly lastScrapeSeconds: number;
}

export function targets(prometheus: Prometheus): Promise<Outcome<Target[]>> {
  return ask(prometheus, '/api/v1/targets', { state: 'active' }, (data) =>
    list(object(data)['activeTargets']).map(decodeTarget),
  );
}

function decodeTarget(value: unknown): Target {
  const target = object(value);
  return {
    pool: text(target['scrapePool']),
    url: text(target['scrapeUrl']),
    labels: textRecord(target['labels']),
    health: text(target['health']),
    lastError: text(target['lastError']),
    lastScrape: text(target['lastScrape']),
    lastScrapeSeconds: number(target['lastScrapeDuration']),
  };
}

export type { QueryResult };
