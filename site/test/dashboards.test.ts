import { expect, test } from 'vitest';

import { heatModel } from '../src/dashboards/heat';
import { emptyPanel, readDashboard, writeDashboard } from '../src/dashboards/model';
import { formatUnit, numbersIn } from '../src/dashboards/units';
import { fillIn, labelValues, legendOf, rateInterval } from '../src/dashboards/variables';

const grafana = JSON.stringify({
  uid: 'kept',
  title: 'Shop',
  time: { from: 'now-2h', to: 'now' },
  annotations: { list: [{ name: 'deploys' }] },
  templating: {
    list: [
      {
        name: 'job',
        type: 'query',
        query: { query: 'label_values(up, job)', refId: 'x' },
        multi: true,
        sort: 1,
      },
      { name: 'ds', type: 'datasource', query: 'prometheus' },
    ],
  },
  panels: [
    {
      type: 'row',
      title: 'A row',
      panels: [
        {
          type: 'graph',
          title: 'Traffic',
          description: 'kept',
          targets: [{ expr: 'sum(x)', legendFormat: '{{job}}', hide: false }],
          fieldConfig: {
            defaults: {
              unit: 'reqps',
              min: 0,
              custom: { lineWidth: 2 },
              thresholds: { steps: [{ value: null }, { value: 5 }, { value: 2 }] },
            },
          },
        },
      ],
    },
  ],
});

test('reads what Grafana wrote', () => {
  const { title, range, variables, panels } = readDashboard(grafana);
  expect({ title, range }).toEqual({ title: 'Shop', range: '2h' });
  expect(variables).toMatchObject([{ name: 'job', query: 'label_values(up, job)', multi: true }]);
  expect(panels).toMatchObject([
    {
      type: 'timeseries',
      unit: 'reqps',
      min: 0,
      thresholds: [2, 5],
      queries: [{ expr: 'sum(x)', legend: '{{job}}' }],
    },
  ]);
});

test('the colours of the levels say which end is good', () => {
  const stepsOf = (isHighGood: boolean) => {
    const panel = { ...emptyPanel, thresholds: [0.99, 0.999], isHighGood };
    const text = writeDashboard({ title: '', range: '1h', variables: [], panels: [panel], rest: {} });
    expect(readDashboard(text).panels).toMatchObject([{ isHighGood, thresholds: [0.99, 0.999] }]);
    return text.match(/"color": "\w+"/g)?.map((each) => each.split('"')[3]);
  };
  expect(stepsOf(false)).toEqual(['green', 'orange', 'red']);
  expect(stepsOf(true)).toEqual(['red', 'orange', 'green']);
});

test('what is not edited comes back, and a second reading is the same as the first', () => {
  const once = readDashboard(grafana);
  const written = writeDashboard(once);
  expect(JSON.parse(written)).toMatchObject({
    uid: 'kept',
    templating: {
      list: [
        { name: 'ds', type: 'datasource' },
        { name: 'job', sort: 1 },
      ],
    },
    annotations: { list: [{ name: 'deploys' }] },
    panels: [
      {
        description: 'kept',
        datasource: { type: 'prometheus', uid: 'prometheus' },
        targets: [{ refId: 'A', hide: false, range: true }],
        fieldConfig: { defaults: { custom: { lineWidth: 2 } } },
      },
    ],
  });
  expect(writeDashboard(readDashboard(written))).toBe(written);
});

test.each([
  ['{', 'This is no JSON'],
  ['{}', 'has no panels'],
  ['[1]', 'has no panels'],
  ['{"panels": {"length": 1}}', 'has no panels'],
])('%s is refused', (json, reason) => expect(() => readDashboard(json)).toThrow(reason));

test('panels of another shape are harmless', () => {
  const { panels } = readDashboard('{"panels": [1, null, {"targets": {"a": 1}, "type": ["x"]}]}');
  expect(panels).toHaveLength(3);
  expect(panels[2]).toMatchObject({ type: 'timeseries', queries: [] });
});

test.each([
  [0.0312, 'percentunit', '3.12 %'],
  [0.0004, 's', '400 µs'],
  [90, 's', '1.5 min'],
  [250, 'ms', '250 ms'],
  [1536, 'bytes', '1.5 KiB'],
  [0, 'bytes', '0 B'],
  [12_345, 'reqps', '12.35 k req/s'],
  [3, 'widgets', '3 widgets'],
  [NaN, 's', 'NaN'],
])('%d in %s', (value, unit, text) => expect(formatUnit(value, unit)).toBe(text));

test('thresholds are the numbers in a text', () => {
  expect(numbersIn('0.05, 0.01 x')).toEqual([0.01, 0.05]);
});

const zoom = { range: 3600, step: 15, scrapeInterval: 15 };

test('the window of a rate follows the zoom, and never falls below four scrapes', () => {
  expect(rateInterval(zoom)).toBe(60);
  expect(rateInterval({ ...zoom, step: 600 })).toBe(615);
});

test('variables stand in a query for what was chosen', () => {
  const variables = [
    { name: 'job', query: '', multi: true, rest: {} },
    { name: 'env', query: '', multi: false, rest: {} },
  ];
  const chosen = { job: ['a.b', 'c'], env: ['prod'] };
  const fill = (query: string) => fillIn(query, zoom, variables, chosen);
  expect(fill('x{job=~"$job", env="${env}"}[$__rate_interval]')).toBe(
    String.raw`x{job=~"(a\\.b|c)", env="prod"}[60s]`,
  );
  expect(fill('x{job=~"${job:regex}"} + [[env]] + $unknown')).toBe(
    String.raw`x{job=~"(a\\.b|c)"} + prod + $unknown`,
  );
});

test('the values of a variable', () => {
  expect(labelValues('label_values(up{job="a", env="b"}, instance)')).toEqual({
    match: 'up{job="a", env="b"}',
    label: 'instance',
  });
  expect(labelValues('label_values(job)')).toEqual({ match: '', label: 'job' });
  expect(labelValues('metrics(.*)')).toBeUndefined();
});

test('a legend names labels', () => {
  expect(legendOf('{{ job }} on {{env}}{{nothing}}', { job: 'cart', env: 'prod' })).toBe('cart on prod');
});

test('a heat map shows what is in each bucket alone', () => {
  const bucket = (le: string, value: string) => ({
    name: le,
    labels: { le },
    samples: [{ time: 0, value }],
  });
  const model = heatModel([bucket('+Inf', '10'), bucket('0.1', '6'), bucket('0.5', '9')], [0, 15]);
  expect(model.rows).toEqual([
    { name: '+Inf', values: [1, null] },
    { name: '0.5', values: [3, null] },
    { name: '0.1', values: [6, null] },
  ]);
  expect(model.max).toBe(6);
});
