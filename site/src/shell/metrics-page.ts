/** What is to be said about a page of metrics: the engine reads it, then its style is looked at. */
import type { Engine } from '../engine/types';
import type { Problem } from '../prometheus/api';
import { lintMetrics } from './metrics-lint';

/** @param engine its judge reads the page as a scrape does */
export async function judgePage(
  engine: Pick<Engine, 'grade'>,
  page: string,
): Promise<{ problem?: Problem; findings: string[] }> {
  const { outcome, message, span } = await engine.grade(pageReader, page);
  if (outcome !== 'invalid') return { findings: lintMetrics(page) };
  const place = span && { span: { start: span.begin, end: span.end } };
  return { problem: { kind: 'bad_data', message, ...place }, findings: [] };
}

/** An exercise that hardly a page passes: of its judge only the reading of the answer is wanted. */
const pageReader = `format_version: 1
id: 0.0-E1
lesson: shell
title: A page of metrics
kind: exposition-edit
task: Read.
starter: ''
setting: {}
reference: |
  # HELP a Is read.
  # TYPE a gauge
  a 1
equivalents:
  - |
    # HELP a Is read.
    # TYPE a gauge
    a 1.0
misconceptions:
  - code: MC49
    answer: b 1
    message: Another.
hints: [none]
explanation: None.
`;
