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
  return { engine, loader, send, ask };
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
    return { name, text, ...(parse(text) as Exercise) };
  });

describe('the engine', () => {
  test('does the first lessons with its first part alone', { timeout: 60_000 }, async () => {
    const { engine, loader, send, ask } = await openShop();
    expect(exercises.length).toBeGreaterThanOrEqual(12);
    for (const { name, text, starter, reference } of exercises) {
      for (const query of [starter, reference]) {
        ask(instant(query));
        ask(`query_range?${new URLSearchParams({ query, start: '0', end: '600', step: '15' })}`);
        expect(engine.grade(text, query).status, name).toBe(200);
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
