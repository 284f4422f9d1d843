// The engine in its two parts, as scripts/lib/build.mjs puts them into src/engine/generated.
import { readFileSync, readdirSync } from 'node:fs';
import { describe, expect, test, vi } from 'vitest';
import { parse } from 'yaml';
import { EngineModule } from '../src/engine/module';

const file = (path: string) => readFileSync(new URL(path, import.meta.url));
const compile = (name: string) => new WebAssembly.Module(file(`../src/engine/generated/${name}`));

async function openShop(loadDeferred = () => compile('promenade.deferred.wasm')) {
  const loader = vi.fn(loadDeferred);
  const engine = await EngineModule.load(compile('promenade.wasm'), loader);
  const world = Number(engine.openWorld('web-shop', 7, 3600).body);
  const send = (method: string, url: string) => engine.ask(world, method, url, '');
  const ask = (path: string) => send('GET', `http://prometheus:9090/api/v1/${path}`);
  return { loader, send, ask };
}

const instant = (query: string) => `query?${new URLSearchParams({ query })}`;
const explain = (query: string) => `explain?${new URLSearchParams({ query })}`;

interface Exercise {
  starter: string;
  reference: string;
}
const folder = new URL('../../exercises/03-promql-basics/', import.meta.url);
const exercises = readdirSync(folder)
  .filter((name) => /^3\.[123]-.*\.yaml$/.test(name))
  .map((name) => {
    const text = readFileSync(new URL(name, folder), 'utf8');
    return { name, ...(parse(text) as Exercise) };
  });

describe('the engine', () => {
  test('answers the first lessons’ queries with its first part alone', { timeout: 60_000 }, async () => {
    const { loader, send, ask } = await openShop();
    expect(exercises.length).toBeGreaterThanOrEqual(12);
    for (const { name, starter, reference } of exercises) {
      for (const query of [starter, reference]) {
        ask(instant(query));
        ask(`query_range?${new URLSearchParams({ query, start: '0', end: '600', step: '15' })}`);
        expect(loader, `${name}: ${query}`).not.toHaveBeenCalled();
      }
    }
    const selector = encodeURIComponent('{__name__="up"}');
    for (const path of ['labels', 'label/job/values', 'series']) {
      expect(ask(`${path}?match[]=${selector}`).status).toBe(200);
    }
    expect(ask(instant('rate(up')).status).toBe(400);
    expect(send('POST', 'http://world/clock?advance=60').status).toBe(200);
    expect(loader).not.toHaveBeenCalled();
  });

  test('links its second part in once, when it is called', async () => {
    const { loader, ask } = await openShop();
    expect(ask(explain('rate(http_requests_total[5m])')).body).toContain('per-second');
    expect(ask(`lint?${new URLSearchParams({ query: 'rate(http_requests_in_flight[5m])' })}`).status).toBe(
      200,
    );
    expect(ask(instant('quantile_over_time(0.9, http_requests_in_flight[10m])')).body).toContain('success');
    expect(loader).toHaveBeenCalledTimes(1);
  });

  test('keeps its state when the second part comes', async () => {
    const { loader, ask } = await openShop();
    const before = ask(instant('sum(http_requests_total)')).body;
    ask(explain('up'));
    expect(loader).toHaveBeenCalledTimes(1);
    expect(ask(instant('sum(http_requests_total)')).body).toBe(before);
  });

  test('says once what went wrong when the second part can not be had', async () => {
    const { loader, ask } = await openShop(() => {
      throw new Error('the line is dead');
    });
    expect(() => ask(explain('up'))).toThrow('the line is dead');
    expect(loader).toHaveBeenCalledTimes(1);
  });
});

describe('a world with files of its own', () => {
  const files = {
    'rules.yml': 'groups: [{name: g, rules: [{alert: Always, expr: vector(1), labels: {team: a}}]}]',
    'alertmanager.yml': `
route: {receiver: pager, group_wait: 30s}
receivers: [{name: pager, slack_configs: [{api_url: 'https://hooks.slack.com/x', text: 'for {{ .CommonLabels.team }}'}]}]`,
  };
  const load = () => EngineModule.load(compile('promenade.wasm'), () => compile('promenade.deferred.wasm'));

  test('tells of its alerts, unless they are silenced', { timeout: 60_000 }, async () => {
    const engine = await load();
    const world = Number(engine.openWorld('web-shop', 7, 15, files).body);
    const ask = (method: string, url: string, body = '') => engine.ask(world, method, url, body);
    const inbox = () =>
      JSON.parse(ask('GET', 'http://inbox/notifications?receiver=pager').body) as {
        notifications: { subject: string; text: string }[];
      };
    const silence = {
      matchers: [{ name: 'team', value: 'a', isRegex: false }],
      startsAt: '2026-01-01T00:00:00Z',
      endsAt: '2026-01-01T00:10:00Z',
      createdBy: 'me',
      comment: 'known',
    };
    const silences = 'http://alertmanager:9093/api/v2/silences';
    expect(ask('POST', silences, JSON.stringify(silence)).status).toBe(200);
    ask('POST', 'http://world/clock?advance=300');
    expect(inbox().notifications).toEqual([]);
    ask('POST', 'http://world/clock?advance=900');
    expect(inbox().notifications).toMatchObject([{ subject: '[FIRING:1]  (Always a)', text: 'for a' }]);
  });

  test('says where a file is wrong', async () => {
    const engine = await load();
    const open = (name: string, text: string) =>
      engine.openWorld('web-shop', 7, 0, { ...files, [name]: text });
    expect(open('alertmanager.yml', 'route: {}')).toMatchObject({
      status: 400,
      body: expect.stringContaining('alertmanager.yml:1:8: ') as string,
    });
    expect(open('rules.yml', 'groups:\n- name: g\n  rules: [{alert: A, expr: "sum("}]')).toMatchObject({
      status: 400,
      body: expect.stringContaining('rules.yml:3:') as string,
    });
  });
});
