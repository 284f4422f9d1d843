// The server watches a real machine, next to targets that fail in every way a target can.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { cleanup, eventually, freePort } from './lib/processes.mjs';
import { scrapeConfig, startNodeExporter, startPromenade, startTarget } from './lib/servers.mjs';

describe('scraping', () => {
  const suite = cleanup();
  after(suite.run);
  let server;
  let nodeExporter;

  before(async () => {
    nodeExporter = await startNodeExporter(suite);
    const rubbish = await startTarget(suite, (_, response) => {
      response.setHeader('Content-Type', 'text/plain; version=0.0.4');
      response.end('fine 1\nthis is { no metric\n');
    });
    const failing = await startTarget(suite, (_, response) => response.writeHead(500).end());
    const silent = await startTarget(suite, () => {});
    server = await startPromenade(suite, {
      config: scrapeConfig({
        node: nodeExporter,
        rubbish,
        failing,
        silent,
        refused: `127.0.0.1:${await freePort()}`,
      }),
    });
    await eventually('two scrapes of every target', async () => {
      const counts = await server.query('count_over_time(up[1m])');
      return counts.length === 5 && counts.every(({ value }) => Number(value[1]) >= 2);
    });
  });

  test('up tells good targets from bad ones', async () => {
    const up = await server.query('up');
    assert.deepEqual(Object.fromEntries(up.map(({ metric, value }) => [metric.job, value[1]]).sort()), {
      failing: '0',
      node: '1',
      refused: '0',
      rubbish: '0',
      silent: '0',
    });
  });

  test('a rate over the processors comes from real samples', async () => {
    const idle = await eventually('a rate', async () => {
      const result = await server.query('sum(rate(node_cpu_seconds_total{mode="idle"}[30s]))');
      return result.length > 0 && result;
    });
    const value = Number(idle[0].value[1]);
    assert.ok(value >= 0 && value < 4096, `${value} idle processors`);
  });

  test('a range query draws what was scraped', async () => {
    const now = Date.now() / 1000;
    const { resultType, result } = await server.data('query_range', {
      query: 'up{job="node"}',
      start: now - 10,
      end: now,
      step: 1,
    });
    assert.equal(resultType, 'matrix');
    assert.equal(result.length, 1);
    assert.deepEqual(result[0].metric, { __name__: 'up', instance: nodeExporter, job: 'node' });
    assert.ok(result[0].values.every(([, value]) => value === '1'));
  });

  test('every failing target says why', async () => {
    const { activeTargets } = await server.data('targets', { state: 'active' });
    const errors = Object.fromEntries(
      activeTargets.map(({ scrapePool, health, lastError }) => [scrapePool, [health, lastError]]),
    );
    assert.deepEqual(errors.node, ['up', '']);
    const expectations = {
      rubbish: /line 2|2:\d/,
      failing: /^server returned HTTP status 500 Internal Server Error$/,
      silent: /^Get "http:\/\/127\.0\.0\.1:\d+\/metrics": context deadline exceeded$/,
      refused:
        /^Get "http:\/\/127\.0\.0\.1:(\d+)\/metrics": dial tcp 127\.0\.0\.1:\1: connect: connection refused$/,
    };
    for (const [job, pattern] of Object.entries(expectations)) {
      const [health, error] = errors[job];
      assert.equal(health, 'down', job);
      assert.match(error, pattern);
    }
  });

  test('a target that sends rubbish leaves no sample behind', async () => {
    assert.deepEqual(await server.query('fine'), []);
  });

  test('the program describes itself', async () => {
    const { status, text, headers } = await server.get('/metrics');
    assert.equal(status, 200);
    assert.match(headers.get('content-type'), /^text\/plain; version=0\.0\.4/);
    assert.match(text, /^prometheus_tsdb_head_series \d+$/m);
  });

  test('large answers are compressed for those who accept it', async () => {
    const path = `/api/v1/query?query=${encodeURIComponent('{job="node"}')}`;
    const compressed = await server.get(path, { headers: { 'Accept-Encoding': 'gzip' } });
    assert.equal(compressed.headers.get('content-encoding'), 'gzip');
    assert.match(compressed.headers.get('vary'), /Accept-Encoding/);
    assert.equal(JSON.parse(compressed.text).status, 'success');
    const plain = await server.get(path, { headers: { 'Accept-Encoding': 'identity' } });
    assert.equal(plain.headers.get('content-encoding'), null);
  });
});
