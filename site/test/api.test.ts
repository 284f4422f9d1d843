import { describe, expect, test } from 'vitest';

import { readEnvelope, targets } from '../src/prometheus/api';

const read = (body: unknown, query = '') =>
  readEnvelope(
    { status: 400, body: typeof body === 'string' ? body : JSON.stringify(body) },
    (data) => data,
    query,
  );

const failure = (error: string, position?: unknown) => ({
  status: 'error',
  errorType: 'bad_data',
  error,
  ...(position !== undefined && { position }),
});

describe('readEnvelope', () => {
  test('gives data, warnings and infos', () => {
    expect(read({ status: 'success', data: 1, warnings: ['a'], infos: ['b'] })).toEqual({
      ok: true,
      data: 1,
      warnings: ['a'],
      infos: ['b'],
    });
  });

  test('takes the engine’s span', () => {
    const body = failure('invalid parameter "query": 1:5: parse error: unexpected ")"', { start: 4, end: 5 });
    expect(read(body, 'sum()')).toEqual({
      ok: false,
      problem: { kind: 'bad_data', message: 'unexpected ")"', span: { start: 4, end: 5 } },
    });
  });

  test.each([
    ['a word', 'up and', '1:4', { start: 3, end: 6 }],
    ['on the second line', 'sum(\n  é up)', '2:6', { start: 10, end: 12 }],
    ['a sign', 'up )', '1:4', { start: 3, end: 4 }],
    ['past the end', 'up', '1:9', { start: 2, end: 2 }],
  ])('finds %s by line and column when a server has no span', (_, query, position, span) => {
    const body = failure(`invalid parameter "query": ${position}: parse error: unexpected`);
    expect(read(body, query)).toMatchObject({ problem: { message: 'unexpected', span } });
  });

  test('an error without a place has no span', () => {
    const body = failure(
      'invalid parameter "query": unknown position: parse error: no expression found in input',
    );
    expect(read(body)).toEqual({
      ok: false,
      problem: { kind: 'bad_data', message: 'no expression found in input' },
    });
  });

  test('something else than JSON is an unreachable Prometheus', () => {
    expect(read('<!doctype html>')).toMatchObject({ problem: { kind: 'unreachable' } });
  });
});

test('targets decodes what the page shows', async () => {
  const target = {
    discoveredLabels: {},
    labels: { job: 'node' },
    scrapePool: 'node',
    scrapeUrl: 'http://localhost:9100/metrics',
    globalUrl: '',
    lastError: 'refused',
    lastScrape: '2026-01-01T00:00:00Z',
    lastScrapeDuration: 0.25,
    health: 'down',
    scrapeInterval: '15s',
    scrapeTimeout: '10s',
  };
  const body = JSON.stringify({ status: 'success', data: { activeTargets: [target], droppedTargets: [] } });
  const asked: string[] = [];
  const prometheus = {
    ask: (path: string) => {
      asked.push(path);
      return Promise.resolve({ status: 200, body });
    },
    now: () => Promise.resolve(0),
  };
  expect(await targets(prometheus)).toMatchObject({
    ok: true,
    data: [{ pool: 'node', health: 'down', lastError: 'refused', lastScrapeSeconds: 0.25 }],
  });
  expect(asked).toEqual(['/api/v1/targets?state=active']);
});
