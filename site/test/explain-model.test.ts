import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

import { describe, expect, test } from 'vitest';

import { explanationSchema, type Explanation } from '../src/engine/explain';
import {
  excerpt,
  flatten,
  formatBytes,
  formatSeconds,
  labelChange,
  nodeText,
  pathTo,
  rateSteps,
  seriesOf,
  withOperator,
  yieldOf,
} from '../src/explain/model';

/** Real answers of the engine, which its own tests keep up to date. */
const golden = readFileSync(resolve(import.meta.dirname, '../../tests/unit/api/explain.golden'), 'utf8');

function explained(query: string): Explanation {
  const section = golden.split(/^### /m).find((text) => text.startsWith(`query=${query}\n`));
  if (!section) throw new Error(`explain.golden has no ${query}`);
  const body = JSON.parse(section.slice(section.indexOf('\n'))) as { data: unknown };
  return explanationSchema.parse(body.data);
}

const summed = 'sum by (job) (rate(requests_total[1m]))';
const divided = 'requests_total / ignoring (code) up';

describe('a node of the tree', () => {
  const { nodes } = explained(summed);

  test('is named by its own part of the query', () => {
    expect(nodes.map((node) => excerpt(summed, node, nodes))).toEqual([
      'sum by (job) (…)',
      'rate(…)',
      'requests_total[1m]',
    ]);
  });

  test('keeps numbers in its name', () => {
    const query = 'histogram_quantile(0.9, latency_bucket)';
    const quantile = explained(query).nodes;
    expect(excerpt(query, quantile[0]!, quantile)).toBe('histogram_quantile(0.9, …)');
  });

  test('stands for a part of the text', () => {
    expect(nodeText(summed, nodes[1]!)).toBe('rate(requests_total[1m])');
  });

  test('says how much it gave', () => {
    expect(nodes.map(yieldOf)).toEqual(['1 series', '2 series', '2 series']);
    expect(explained(divided).nodes.map(yieldOf)).toEqual(['failed', '2 series', '2 series']);
  });

  test('says which labels it dropped', () => {
    expect(labelChange(nodes[0]!, nodes)).toEqual({ dropped: ['code'], added: [] });
    expect(labelChange(nodes[1]!, nodes).dropped).toEqual(['__name__']);
  });

  test('has the samples of its window', () => {
    expect(seriesOf(nodes[2]!).map(({ samples }) => samples.length)).toEqual([6, 6]);
  });
});

describe('flatten', () => {
  const { nodes } = explained(summed);

  test('lists parents before children, with their depth', () => {
    expect(flatten(nodes, 0).map(({ node, depth }) => [node.id, depth])).toEqual([
      [0, 0],
      [1, 1],
      [2, 2],
    ]);
  });

  test('leaves out what is closed, and what is above the root', () => {
    expect(flatten(nodes, 1, (id) => id !== 1).map(({ node }) => node.id)).toEqual([1]);
  });

  test('pathTo goes from the whole query down', () => {
    expect(pathTo(nodes, 2).map(({ id }) => id)).toEqual([0, 1, 2]);
  });
});

describe('rateSteps', () => {
  const node = explained(summed).nodes[1]!;
  const rates = node.status === 'evaluated' ? (node.rates ?? []) : [];
  const steps = (index: number) => {
    const rate = rates[index]!;
    if (rate.refusal !== undefined) throw new Error('There is arithmetic here.');
    return { rate, steps: rateSteps('rate', rate) };
  };

  test('the displayed numbers give the engine’s own result, to the last bit', () => {
    for (const index of [0, 1]) {
      const { rate } = steps(index);
      const factor = (rate.sampledSeconds + rate.toStartSeconds + rate.toEndSeconds) / rate.sampledSeconds;
      const raw = Number(rate.last[1]) - Number(rate.first[1]) + Number(rate.correction);
      expect(raw * (factor / rate.divisor)).toBe(Number(rate.result));
    }
  });

  test('a restart is a step of its own', () => {
    expect(steps(0).steps.map(({ title }) => title)).toEqual([
      'Last less first',
      'To the edges of the window',
      'Per second',
      'rate',
    ]);
    expect(steps(1).steps[1]).toMatchObject({ title: 'A restart', arithmetic: '+ 6, so it grew by 4' });
  });

  test('the last step is the result in full', () => {
    expect(steps(0).steps.at(-1)?.arithmetic).toBe('= 0.7000000000000001');
  });
});

test('withOperator puts a tried operator between the sides', () => {
  const { nodes } = explained(divided);
  const fix = nodes[0]!.matching?.fix ?? '';
  expect(withOperator(divided, nodes[0]!, nodes, fix)).toBe(
    'requests_total / ignoring (code) group_left () up',
  );
});

test.each([
  [0.00042, '0.42 ms'],
  [0.0123, '12 ms'],
  [2.5, '2.5 s'],
])('formatSeconds(%d)', (value, expected) => {
  expect(formatSeconds(value)).toBe(expected);
});

test.each([
  [12, '12 B'],
  [2048, '2.05 kB'],
  [3_400_000, '3.4 MB'],
])('formatBytes(%d)', (value, expected) => {
  expect(formatBytes(value)).toBe(expected);
});
