import { describe, expect, test } from 'vitest';

import { decodeResult, type QueryResult } from '../src/prometheus/result';
import { graphModel, graphSummary, seriesDrawnMax, stepFor } from '../src/result/graph-model';
import { splitLabels } from '../src/result/labels';
import { graphLine, tableLine } from '../src/result/summary';
import { tableModel } from '../src/result/table-model';

const vector = (...metrics: Record<string, string>[]) =>
  decodeResult({ resultType: 'vector', result: metrics.map((metric) => ({ metric, value: [100, '1'] })) });

const matrix = (...values: [number, string][][]) =>
  decodeResult({
    resultType: 'matrix',
    result: values.map((samples, index) => ({
      metric: { job: 'shop', instance: `i${index}` },
      values: samples,
    })),
  });

describe('decodeResult', () => {
  test('a scalar and a string are one sample', () => {
    expect(decodeResult({ resultType: 'scalar', result: [1.5, '3'] })).toEqual({
      type: 'scalar',
      sample: { time: 1.5, value: '3' },
    });
    expect(tableLine(decodeResult({ resultType: 'string', result: [1, 'hello'] }))).toBe('string: hello');
  });

  test('a native histogram is told in words, in its place among the samples', () => {
    const decoded = decodeResult({
      resultType: 'matrix',
      result: [{ metric: {}, values: [[20, '1']], histograms: [[10, { count: '5', sum: '2.5' }]] }],
    });
    expect(decoded).toEqual({
      type: 'matrix',
      series: [
        {
          labels: {},
          samples: [
            { time: 10, value: 'histogram with count 5, sum 2.5' },
            { time: 20, value: '1' },
          ],
        },
      ],
    });
  });

  test.each([
    ['another type', { resultType: 'table', result: [] }],
    ['a label that is a number', { resultType: 'vector', result: [{ metric: { a: 1 }, value: [1, '1'] }] }],
    ['a value that is a number', { resultType: 'scalar', result: [1, 1] }],
    ['nothing', undefined],
  ])('%s is refused', (_, data) => {
    expect(() => decodeResult(data)).toThrow('was not understood');
  });
});

describe('splitLabels', () => {
  const split = (...metrics: Record<string, string>[]) => {
    const result = vector(...metrics);
    return 'series' in result ? splitLabels(result.series) : undefined;
  };

  test('separates what all have in common, and puts the name first', () => {
    const labels = [
      { __name__: 'a', env: 'prod', job: 'x' },
      { __name__: 'b', env: 'prod', job: 'y' },
    ];
    expect(split(...labels)).toEqual({ shared: { env: 'prod' }, varying: ['__name__', 'job'] });
  });

  test('a label that one series lacks is not shared', () => {
    expect(split({ env: 'prod', job: 'x' }, { job: 'x' })).toEqual({
      shared: { job: 'x' },
      varying: ['env'],
    });
  });

  test('one series shares nothing', () => {
    expect(split({ job: 'x' })).toEqual({ shared: {}, varying: ['job'] });
  });
});

describe('tableModel', () => {
  test('a missing label is an absent cell', () => {
    const model = tableModel(vector({ a: '1' }, { b: '2' }));
    expect(model.columns).toEqual(['a', 'b']);
    expect(model.rows.map(({ cells }) => cells)).toEqual([
      ['1', undefined],
      [undefined, '2'],
    ]);
  });

  test('the limit cuts rows but not the total', () => {
    const model = tableModel(vector({ a: '1' }, { a: '2' }, { a: '3' }), 2);
    expect([model.rows.length, model.total]).toEqual([2, 3]);
  });

  test('a scalar is one row without labels', () => {
    const model = tableModel(decodeResult({ resultType: 'scalar', result: [1, '3'] }));
    expect(model).toMatchObject({ columns: [], total: 1, isRange: false });
  });

  test('a range vector keeps all samples of a row', () => {
    const model = tableModel(
      matrix([
        [1, '1'],
        [2, '2'],
      ]),
    );
    expect(model.isRange).toBe(true);
    expect(model.rows[0]?.samples).toHaveLength(2);
  });
});

describe('graphModel', () => {
  const range = { start: 0, end: 30, step: 15 };

  test('puts samples on the grid, with gaps where there are none or none that can be drawn', () => {
    const model = graphModel(
      matrix(
        [
          [0, '1'],
          [30, '3'],
        ],
        [
          [0, 'NaN'],
          [15, '+Inf'],
          [30, '2'],
        ],
      ),
      range,
    );
    expect(model.times).toEqual([0, 15, 30]);
    expect(model.series.map(({ values }) => values)).toEqual([
      [1, null, 3],
      [null, null, 2],
    ]);
  });

  test('names lines by what tells them apart', () => {
    const model = graphModel(matrix([[0, '1']], [[0, '2']]), range);
    expect(model.shared).toEqual({ job: 'shop' });
    expect(model.series.map(({ name }) => name)).toEqual(['{instance="i0"}', '{instance="i1"}']);
  });

  test('draws no more lines than can be told apart', () => {
    const many = Array.from({ length: seriesDrawnMax + 1 }, (): [number, string][] => [[0, '1']]);
    const model = graphModel(matrix(...many), range);
    expect([model.series.length, model.total]).toEqual([seriesDrawnMax, seriesDrawnMax + 1]);
  });

  test('a fractional step ends at the end', () => {
    expect(graphModel(matrix(), { start: 0, end: 0.3, step: 0.1 }).times).toHaveLength(4);
  });
});

describe('graphSummary', () => {
  test('tells range, highest and lowest', () => {
    const model = graphModel(
      matrix(
        [
          [0, '1'],
          [15, '7'],
        ],
        [[15, '0.5']],
      ),
      { start: 0, end: 15, step: 15 },
    );
    expect(graphSummary(model)).toBe(
      '2 series from 00:00:00 to 00:00:15 UTC. Highest 7 at 00:00:15 ({instance="i0"}); lowest 0.5 at 00:00:15 ({instance="i1"}).',
    );
  });

  test('an empty graph says so', () => {
    expect(graphSummary(graphModel(matrix(), { start: 0, end: 15, step: 15 }))).toBe(
      'Nothing to draw in this range.',
    );
  });
});

test.each([
  [900, 15],
  [3600, 15],
  [7200, 30],
  [604_800, 2520],
])('stepFor(%i) is %i', (range, step) => {
  expect(stepFor(range)).toBe(step);
});

describe('tableLine', () => {
  test.each<[string, QueryResult, string]>([
    ['one series', vector({ a: '1' }), 'instant vector: 1 series'],
    ['nothing', vector(), 'Empty result'],
    [
      'a range vector',
      matrix([
        [1, '1'],
        [2, '2'],
      ]),
      'range vector: 1 series, 2 samples',
    ],
    ['a scalar', decodeResult({ resultType: 'scalar', result: [1, '0.25'] }), 'scalar: 0.25'],
  ])('%s', (_, result, expected) => {
    expect(tableLine(result)).toBe(expected);
  });
});

test('graphLine tells the distance of the points', () => {
  expect(graphLine(matrix([[0, '1']], [[0, '1']]), 15)).toBe('2 series, one point every 15 s');
  expect(graphLine(matrix(), 15)).toBe('Empty result');
});
