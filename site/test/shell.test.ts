import { describe, expect, test } from 'vitest';

import type { EngineResponse, Verdict, World } from '../src/engine/types';
import { expandAddress } from '../src/shell/curl';
import { compile, JqError, type Json } from '../src/shell/jq';
import { lintMetrics } from '../src/shell/metrics-lint';
import { Shell } from '../src/shell/shell';
import { parseLine } from '../src/shell/words';

describe('a line', () => {
  const words = (line: string) =>
    parseLine(line, (name) => `<${name}>`).map(({ commands }) => commands.map((each) => each.words));

  test.each([
    ['a  b', [[['a', 'b']]]],
    [`a 'b c' "d $X"`, [[['a', 'b c', 'd <X>']]]],
    [String.raw`a b\ c "d\"e"`, [[['a', 'b c', 'd"e']]]],
    ['a | b; c', [[['a'], ['b']], [['c']]]],
    ['a \\\n  b # said', [[['a', 'b']]]],
    ['a$? ${PWD}', [[['a<?>', '<PWD>']]]],
    ["jq '.a[] | {b}'", [[['jq', '.a[] | {b}']]]],
  ])('%s', (line, expected) => expect(words(line)).toEqual(expected));

  test.each(["a 'b", 'a "b', '| a', 'a |', 'a $(b)', 'a > ', 'a < b', 'a &'])('%s is refused', (line) =>
    expect(() => parseLine(line, () => '')).toThrow(),
  );
});

describe('jq', () => {
  const data: Json = {
    data: {
      result: [
        { metric: { job: 'b', __name__: 'up' }, value: [1, '1'] },
        { metric: { job: 'a', __name__: 'up' }, value: [1, '0'] },
      ],
    },
  };

  test.each<[string, Json[]]>([
    ['.data.result[].metric.job', ['b', 'a']],
    ['.data.result | length', [2]],
    ['.data.result[0].value[1] | tonumber + 1', [2]],
    [
      '[.data.result[] | {job: .metric.job, value: .value[1]}] | sort_by(.job)[0]',
      [{ job: 'a', value: '0' }],
    ],
    ['.data.result[] | select(.value[1] == "1") | .metric.job', ['b']],
    ['.data.result[] | .metric | {job, "n": .__name__} | .n', ['up', 'up']],
    ['.nothing // "else"', ['else']],
    ['.nothing?', [null]],
    ['.data.result[0].metric."job"', ['b']],
    ['.data["result"][-1].metric.job', ['a']],
    ['.data.result[:1] | map(.metric.job)', [['b']]],
    ['"\\(.data.result | length) up"', ['2 up']],
    ['.data.result[] as $r | $r.metric.job', ['b', 'a']],
    ['if .data then 1 else 2 end', [1]],
    ['[.data.result[].value[1] | tonumber] | add / length', [0.5]],
    ['.data | keys, has("result")', [['result'], true]],
    ['.data.result | group_by(.metric.__name__) | length', [1]],
    ['[.. | .job? // empty]', [['b', 'a']]],
    ['.data.result | map(.metric.job) | join(",")', ['b,a']],
    ['first(.data.result[]) | .metric | to_entries | length', [2]],
    ['[[1, [2]], 3] | flatten', [[1, 2, 3]]],
    ['1 - 1, 2 * 3 + 4, -1', [0, 10, -1]],
    ['true and false or true, (null | not)', [true, true]],
    ['[.data.result[].metric.job | test("^a")]', [[false, true]]],
    ['"a" as $x | {$x, ("k" + "1"): 1}', [{ x: 'a', k1: 1 }]],
    ['@json', ['{}']],
  ])('%s', (source, expected) => {
    expect([...compile(source)(source === '@json' ? {} : data)]).toEqual(expected);
  });

  test.each([
    ['.a[', 3],
    ['.data |', 3],
    ['nosuch(1)', 3],
    ['"open', 3],
    ['.data.result.job', 5],
    ['.data.nothing[]', 5],
    ['.data + 1', 5],
  ])('%s fails with status %i', (source, status) => {
    const run = () => [...compile(source)(data)];
    expect(run).toThrow(JqError);
    try {
      run();
    } catch (error) {
      expect((error as JqError).status).toBe(status);
    }
  });
});

test('curl takes braces and brackets in an address for itself', () => {
  expect(expandAddress('http://a/{x,y}?n=[1-2]')).toEqual([
    'http://a/x?n=1',
    'http://a/x?n=2',
    'http://a/y?n=1',
    'http://a/y?n=2',
  ]);
  expect(expandAddress('http://a/?query={__name__=~"slo:.*"}')).toEqual([
    'http://a/?query=__name__=~"slo:.*"',
  ]);
  expect(() => expandAddress('http://a/?query=up[5m]')).toThrow('bad range');
});

test('the linter of pages knows names, types and help texts', () => {
  expect(
    lintMetrics(
      '# TYPE predictions counter\npredictions 1\n# HELP a_ms A.\n# TYPE a_ms gauge\na_ms 1\nnohelp_total 1\n',
    ),
  ).toEqual([
    'a_ms metric names should not contain abbreviated units',
    'nohelp_total no help text',
    'predictions counter metrics should have "_total" suffix',
    'predictions no help text',
  ]);
});

/** A world of one healthy and one killed process, and a Prometheus that says which path it was asked. */
class FakeWorld {
  readonly asked: string[] = [];
  time = 1_767_232_800;
  askHost(url: string, request: { method?: string; body?: string } = {}): Promise<EngineResponse> {
    this.asked.push(
      `${request.method ?? 'GET'} ${url}${request.body === undefined ? '' : ` ${request.body}`}`,
    );
    const answer = (value: unknown, status = 200) =>
      Promise.resolve({ status, body: typeof value === 'string' ? value : JSON.stringify(value) });
    const target = (job: string, host: string) => ({
      scrapePool: job,
      scrapeUrl: `http://${host}/metrics`,
      labels: { job, instance: host },
      health: 'up',
      lastError: '',
      lastScrape: '',
      lastScrapeDuration: 0.01,
    });
    if (url.includes('/api/v1/targets')) {
      return answer({
        status: 'success',
        data: { activeTargets: [target('shop', 'shop-1:8080'), target('shop', 'shop-2:8080')] },
      });
    }
    if (url === 'http://world/timeline') {
      return answer({ events: [{ id: 3, kind: 'kill', active: true, targets: ['shop-2:8080'] }] });
    }
    if (url.startsWith('http://world/')) return answer('{}');
    if (url === 'http://shop-1:8080/metrics') return answer('up 1\nqueue 2\n');
    if (url.includes('process_start_time_seconds')) {
      return answer({ status: 'success', data: { resultType: 'vector', result: [] } });
    }
    if (url.startsWith('http://prometheus:9090/'))
      return answer({ path: url.slice('http://prometheus:9090'.length) });
    return answer(`no such host: ${url}`, 502);
  }
  ask(path: string): Promise<EngineResponse> {
    return this.askHost(`http://prometheus:9090${path}`);
  }
  now(): Promise<number> {
    return Promise.resolve(this.time);
  }
  advance(seconds: number): Promise<number> {
    this.time += seconds;
    return this.now();
  }
}

function shellOver(world: FakeWorld, files: Record<string, string> = {}): Shell {
  const open = () => Promise.resolve(world as World);
  const verdict = { outcome: 'wrong', message: '', misconception: '', difference: '' } as Verdict;
  return new Shell({ world: open, scratch: open, grade: () => Promise.resolve(verdict) }, files);
}

describe('the shell', () => {
  test.each<[string, string, string, number]>([
    ['curl -s http://shop-1:8080/metrics | grep queue', 'queue 2\n', '', 0],
    ['curl -s http://localhost:9090/-/ready', '{"path":"/-/ready"}', '', 0],
    [
      'curl -sG localhost:9090/api/v1/query --data-urlencode \'query=a b{c="d"}\'',
      '{"path":"/api/v1/query?query=a%20b%7Bc%3D%22d%22%7D"}',
      '',
      0,
    ],
    ['curl -s http://nowhere/', '', '', 6],
    ['curl -sS http://nowhere/', '', 'curl: (6) Could not resolve host: nowhere\n', 6],
    [
      'curl -sS http://shop-2:8080/metrics',
      '',
      "curl: (7) Failed to connect to shop-2 port 8080 after 0 ms: Couldn't connect to server\n",
      7,
    ],
    [
      'curl -sS http://shop-1/metrics',
      '',
      "curl: (7) Failed to connect to shop-1 port 80 after 0 ms: Couldn't connect to server\n",
      7,
    ],
    ["curl -s -o /dev/null -w '%{http_code}' http://shop-1:8080/metrics", '200', '', 0],
    ['echo a b > f; cat f f | wc -l', '2\n', '', 0],
    ['false || echo $?', '1\n', '', 0],
    ['false && echo no; echo yes', 'yes\n', '', 0],
    ['nosuch', '', 'sh: nosuch: command not found; help lists what there is\n', 127],
    ["echo '[3,1]' | jq -c sort", '[1,3]\n', '', 0],
    ['echo { | jq .', '', 'jq: parse error: line 1 is not JSON: {\n', 2],
    ['sleep 1m; date +%s', '1767232860\n', '', 0],
    ['kubectl get pods -l app=none', '', 'No resources found in default namespace.\n', 0],
    ['systemctl is-active shop-2', 'inactive\n', '', 3],
    ['docker restart nobody', '', 'Error response from daemon: No such container: nobody\n', 1],
  ])('%s', async (line, out, err, status) => {
    expect(await shellOver(new FakeWorld()).run(line)).toEqual({ out, err, status });
  });

  test('docker start ends what stopped the process', async () => {
    const world = new FakeWorld();
    await shellOver(world).run('docker start shop-2');
    expect(world.asked).toContain('POST http://world/chaos?revert=3');
  });

  test('completes programs, their words, and files', async () => {
    const shell = shellOver(new FakeWorld(), { 'rules.yml': '' });
    expect(await shell.complete('prom')).toEqual({ kept: '', words: ['promtool'] });
    expect((await shell.complete('promtool check r')).words).toEqual(['rules', 'rules.yml']);
    expect((await shell.complete('true | cat ru')).words).toEqual(['rules.yml']);
    expect((await shell.complete('docker stop shop-')).words).toEqual(['shop-1', 'shop-2']);
  });
});
