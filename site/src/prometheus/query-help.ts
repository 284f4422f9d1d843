/** What the engine says of a query besides its result: remarks of the linter, and the query well set. */
import type { Prometheus } from '../engine/types';
import { ask, type Outcome } from './api';
import { list, number, object, text } from './decode';

/** In UTF-8 bytes of the query. */
export interface ByteSpan {
  readonly start: number;
  readonly end: number;
}

/** Something worth a thought about a query that is valid. */
export interface Remark {
  readonly severity: 'warning' | 'info';
  readonly span: ByteSpan;
  readonly message: string;
  /** A replacement of a part of the query that is most likely meant. */
  readonly edit?: ByteSpan & { readonly text: string };
}

/** @param purpose a query for a graph is judged otherwise than one for a table */
export function lintQuery(
  prometheus: Prometheus,
  query: string,
  purpose: 'instant' | 'range',
  signal?: AbortSignal,
): Promise<Outcome<Remark[]>> {
  return ask(
    prometheus,
    '/api/v1/lint',
    { query, for: purpose },
    (data) => list(data).map(decodeRemark),
    signal,
    query,
  );
}

export function formatQuery(prometheus: Prometheus, query: string): Promise<Outcome<string>> {
  return ask(prometheus, '/api/v1/format_query', { query }, text, undefined, query);
}

function decodeRemark(value: unknown): Remark {
  const { severity, position, message, edit } = object(value);
  const remark = {
    severity: severity === 'info' ? ('info' as const) : ('warning' as const),
    span: decodeSpan(position),
    message: text(message),
  };
  return edit === undefined
    ? remark
    : { ...remark, edit: { ...decodeSpan(edit), text: text(object(edit)['text']) } };
}

function decodeSpan(value: unknown): ByteSpan {
  const { start, end } = object(value);
  return { start: number(start), end: number(end) };
}

const position = / ?\((\d+):(\d+)\)$/;

/**
 * The place that a warning or info names at its end, taken off. Line and column count from 1, the column in
 * bytes.
 *
 * @example splitPosition('PromQL info: metric might not be a counter (1:6)', 'rate(up[5m])')
 *   // => { message: 'PromQL info: metric might not be a counter', span: { start: 5, end: 6 } }
 */
export function splitPosition(message: string, query: string): { message: string; span?: ByteSpan } {
  const found = position.exec(message);
  if (!found) return { message };
  const lines = query.split('\n').slice(0, Number(found[1]) - 1);
  const start =
    new TextEncoder().encode(lines.map((line) => `${line}\n`).join('')).length + Number(found[2]) - 1;
  return { message: message.replace(position, ''), span: { start, end: start + 1 } };
}
