/** Feeds codemirror-promql's completion from any Prometheus; what can't be had completes to nothing. */
import type { PrometheusClient } from '@prometheus-io/codemirror-promql';

import type { Prometheus } from '../engine/types';
import { ask, type Outcome } from '../prometheus/api';
import { list, object, text, textRecord } from '../prometheus/decode';

interface Metadata {
  type: string;
  help: string;
}

export class CompletionClient implements PrometheusClient {
  /** Answers by path; the names in a world hardly change while a learner types. */
  private readonly answers = new Map<string, Promise<unknown>>();

  constructor(private readonly prometheus: Promise<Prometheus>) {}

  labelNames(metricName?: string): Promise<string[]> {
    return this.list('/api/v1/labels', matching(metricName));
  }

  labelValues(labelName: string, metricName?: string): Promise<string[]> {
    return this.list(`/api/v1/label/${encodeURIComponent(labelName)}/values`, matching(metricName));
  }

  metricNames(): Promise<string[]> {
    return this.labelValues('__name__');
  }

  metricMetadata(): Promise<Record<string, Metadata[]>> {
    return this.cached('/api/v1/metadata', {}, {}, (data) =>
      Object.fromEntries(
        Object.entries(object(data)).map(([name, entries]) => [name, list(entries).map(decodeMetadata)]),
      ),
    );
  }

  series(metricName: string): Promise<Map<string, string>[]> {
    return this.cached('/api/v1/series', matching(metricName), [], (data) =>
      list(data).map((labels) => new Map(Object.entries(textRecord(labels)))),
    );
  }

  flags(): Promise<Record<string, string>> {
    return Promise.resolve({});
  }

  private list(path: string, parameters: Record<string, string>): Promise<string[]> {
    return this.cached(path, parameters, [], (data) => list(data).map(text));
  }

  private async cached<T>(
    path: string,
    parameters: Record<string, string>,
    none: T,
    decode: (data: unknown) => T,
  ): Promise<T> {
    const key = `${path}?${new URLSearchParams(parameters).toString()}`;
    const known = this.answers.get(key) ?? this.request(path, parameters, none, decode);
    this.answers.set(key, known);
    return (await known) as T;
  }

  private async request<T>(
    path: string,
    parameters: Record<string, string>,
    none: T,
    decode: (data: unknown) => T,
  ): Promise<T> {
    try {
      const outcome: Outcome<T> = await ask(await this.prometheus, path, parameters, decode);
      return outcome.ok ? outcome.data : none;
    } catch {
      // The query itself will say what is wrong with the connection.
      return none;
    }
  }
}

function matching(metricName?: string): Record<string, string> {
  return metricName ? { 'match[]': metricName } : {};
}

function decodeMetadata(value: unknown): Metadata {
  const { type, help } = object(value);
  return { type: text(type), help: text(help) };
}
