// The same questions to promenade and to Debian's Prometheus (2.42), both scraping the same node
// exporter. Where Prometheus 3 is known to differ from 2.42, the table says so.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { cleanup, eventually, freePort } from './lib/processes.mjs';
import { scrapeConfig, startNodeExporter, startPeer, startPromenade, startTarget } from './lib/servers.mjs';

const text = 'the text too';
const kind = 'status and errorType only';

// [path and query, what must be equal]
const badRequests = [
  ['query', kind], // Prometheus 3 has no position for an empty query.
  ['query?query=sum(', kind], // Our parser says more, here and below.
  ['query?query=up{', kind],
  ['query?query=rate(up)', kind],
  ['query?query=foo()', kind],
  ['query?query={}', kind],
  ['query?query=1+%2B', kind],
  ['query?query=up&time=x', kind], // "Invalid" became "invalid" in 3.
  ['query?query=up&timeout=x', text],
  ['query_range?query=up', text],
  ['query_range?query=up&start=0&end=x&step=1', text],
  ['query_range?query=up&start=0&end=1', text],
  ['query_range?query=up&start=0&end=1&step=0', text],
  ['query_range?query=up&start=0&end=1&step=-1', text],
  ['query_range?query=up&start=0&end=1&step=99999999999', text],
  ['query_range?query=up&start=2&end=1&step=1', text],
  ['query_range?query=up&start=0&end=11001&step=1', text],
  ['query_range?query=up[5m]&start=0&end=1&step=1', kind], // 3 names the parameter.
  ['query?query=topk(scalar(up),up)', kind],
  ['query?query=label_replace(up,"a","b","c","(")', kind],
  ['query?query=-{job="node",__name__=~"node_cpu_seconds_total|node_load1|node_load5"}', text],
  ['query?query=node_load1*on()node_cpu_seconds_total', kind],
  ['query_exemplars?query=up&start=2&end=1', text],
  ['query_exemplars?query=1', text],
  ['series', text],
  ['series?match[]={job=~".*"}', text],
  ['series?match[]=up{', kind],
  ['series?match[]=up&start=x', kind],
  ['labels?start=x', kind],
  ['labels?match[]={}', text],
  ['label/job/values?match[]={}', text],
  ['metadata?limit=x', text],
  ['targets/metadata?limit=x', text],
  ['targets/metadata?match_target={', kind],
  ['rules?type=x', text],
  ['nope', text],
];

// Label values with < > & are left out: Prometheus 3 no longer escapes them in results.
const constants = [
  '0', '-0', '1', '-1.5', '0.1', '1e21', '1e20', '1e-6', '1e-7', '123456789.123', '0.1+0.2', '1/3',
  '1/0', '-1/0', '0/0', '2^70', '5e-324', '1.7976931348623157e308', '010', '0x1F', '1e3',
  '"text"', '"<a>&\\"\\n"', "'é'", 'vector(0)', 'vector(-0)', 'vector(0.1)', 'vector(1e21)',
  'vector(123456789012345678901)', 'vector(1e-7)', 'vector(0.000001)', 'vector(1/0)', 'vector(0/0)',
  'vector(1)>bool 2', 'vector(2)>3', 'time()', 'vector(time())', 'pi()', 'scalar(vector(1))',
  'label_replace(vector(1),"a","é","","")', 'minute()', 'vector(1) or vector(2)',
  'round(vector(2.5))', 'vector(10)%3', 'vector(2)^0.5', '-vector(2)^2', 'absent(nothing{a="b"})',
  'sgn(vector(-3))', 'clamp(vector(5),1,2)', 'day_of_week()',
]; // prettier-ignore

describe('next to Prometheus', () => {
  const suite = cleanup();
  after(suite.run);
  let ours;
  let peer;
  const both = (ask) => Promise.all([ask(ours), ask(peer)]);

  before(async () => {
    const failing = await startTarget(suite, (_, response) => response.writeHead(503).end());
    const silent = await startTarget(suite, () => {});
    const config = scrapeConfig({
      node: await startNodeExporter(suite),
      failing,
      silent,
      refused: `127.0.0.1:${await freePort()}`,
    });
    [ours, peer] = await Promise.all([startPromenade(suite, { config }), startPeer(suite, { config })]);
    await both((server) =>
      eventually('two scrapes of every target', async () => {
        const counts = await server.query('count_over_time(up[1m])');
        return counts.length === 4 && counts.every(({ value }) => Number(value[1]) >= 2);
      }),
    );
  });

  for (const [request, equality] of badRequests) {
    test(`bad request: ${request}`, async () => {
      const [mine, theirs] = await both((server) => server.get(`/api/v1/${encodeURI(request)}`));
      assert.equal(mine.status, theirs.status, mine.text);
      if (!theirs.text.startsWith('{')) return assert.equal(mine.text, theirs.text);
      const [mineBody, theirBody] = [JSON.parse(mine.text), JSON.parse(theirs.text)];
      delete mineBody.position;
      if (equality === kind) [mineBody, theirBody].forEach((body) => delete body.error);
      assert.deepEqual(mineBody, theirBody);
    });
  }

  for (const time of ['1700000000', '1700000000.05']) {
    for (const query of constants) {
      test(`the same bytes: ${query} at ${time}`, async () => {
        const path = `/api/v1/query?query=${encodeURIComponent(query)}&time=${time}`;
        const [mine, theirs] = await both((server) => server.get(path));
        assert.equal(mine.text, theirs.text);
        assert.equal(mine.headers.get('content-type'), theirs.headers.get('content-type'));
      });
    }
  }

  test('the same bytes: range queries over constants', async () => {
    for (const query of ['1', 'time()', 'vector(time())/7', 'vector(1)>2']) {
      const parameters = new URLSearchParams({ query, start: '0.5', end: '20', step: '2.5' });
      const [mine, theirs] = await both((server) => server.get(`/api/v1/query_range?${parameters}`));
      assert.equal(mine.text, theirs.text);
    }
  });

  const lists = [
    'labels',
    'labels?match[]=up',
    'label/job/values',
    'label/__name__/values?match[]={job="node"}',
    'label/mode/values?match[]=node_cpu_seconds_total&match[]=up',
    'label/nothing/values',
    'series?match[]=up&match[]=node_load1',
    'series?match[]=nothing',
    'rules',
    'alerts',
    'alertmanagers',
    'status/walreplay',
    'query_exemplars?query=up',
    'targets/metadata?metric=node_load1',
    'targets/metadata?match_target={job="none"}',
    'metadata?metric=node_load1',
    'metadata?limit=0',
  ];
  for (const list of lists) {
    test(`the same data: ${list}`, async () => {
      const [mine, theirs] = await both((server) => server.get(`/api/v1/${encodeURI(list)}`));
      assert.deepEqual(JSON.parse(mine.text), JSON.parse(theirs.text));
    });
  }

  test('the same families have metadata', async () => {
    const [mine, theirs] = await both((server) => server.data('metadata'));
    assert.deepEqual(Object.keys(mine).sort(), Object.keys(theirs).sort());
    assert.deepEqual(mine.node_cpu_seconds_total, theirs.node_cpu_seconds_total);
  });

  test('the same samples are stored', async () => {
    const queries = [
      'count by (job) ({__name__=~"scrape_.+|up"})',
      'node_uname_info',
      'node_memory_MemTotal_bytes',
      'count(node_cpu_seconds_total)',
      'node_network_info',
    ];
    for (const query of queries) {
      const [mine, theirs] = await both((server) => server.query(query));
      const timeless = (result) => result.map(({ metric, value }) => [metric, value[1]]);
      const sorted = (result) =>
        timeless(result)
          .map((row) => JSON.stringify(row))
          .sort();
      assert.deepEqual(sorted(mine), sorted(theirs), query);
    }
  });

  test('targets have the same members, labels and errors', async () => {
    const [mine, theirs] = await both((server) => server.data('targets'));
    const timeless = ({ lastScrape, lastScrapeDuration, ...rest }) => {
      assert.match(lastScrape, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/);
      assert.equal(typeof lastScrapeDuration, 'number');
      return rest;
    };
    assert.deepEqual(mine.activeTargets.map(timeless), theirs.activeTargets.map(timeless));
    assert.deepEqual(mine.droppedTargets, theirs.droppedTargets);
  });

  test('CORS and OPTIONS are answered alike', async () => {
    const headers = ['access-control-allow-origin', 'access-control-allow-methods',
      'access-control-allow-headers', 'access-control-expose-headers']; // prettier-ignore
    for (const method of ['GET', 'OPTIONS']) {
      const [mine, theirs] = await both((server) =>
        server.get('/api/v1/query?query=1', { method, headers: { Origin: 'http://a.example' } }),
      );
      assert.equal(mine.status, theirs.status);
      for (const name of headers) assert.equal(mine.headers.get(name), theirs.headers.get(name));
    }
  });

  test('posted forms are answered like URLs', async () => {
    const [mine, theirs] = await both((server) =>
      server.get('/api/v1/query', {
        method: 'POST',
        body: new URLSearchParams({ query: 'vector(1)+1', time: '5' }),
      }),
    );
    assert.equal(mine.text, theirs.text);
  });

  test('statuses have at least the members of the peer', async () => {
    for (const path of ['status/runtimeinfo', 'status/buildinfo', 'status/tsdb', 'status/config']) {
      const [mine, theirs] = await both((server) => server.data(path));
      const missing = Object.keys(theirs).filter((key) => !(key in mine));
      assert.deepEqual(missing, [], path);
    }
  });
});
