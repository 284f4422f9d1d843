// The engine in its two parts, as scripts/lib/build.mjs puts them into src/engine/generated.
import { readFileSync } from 'node:fs';
import { describe, expect, test, vi } from 'vitest';
import { EngineModule } from '../src/engine/module';

const compile = (name: string) =>
  new WebAssembly.Module(readFileSync(new URL(`../src/engine/generated/${name}`, import.meta.url)));

async function openShop(loadDeferred = () => compile('promenade.deferred.wasm')) {
  const loader = vi.fn(loadDeferred);
  const engine = await EngineModule.load(compile('promenade.wasm'), loader);
  const world = Number(engine.openWorld('web-shop', 1, 3600).body);
  const ask = (path: string) => engine.ask(world, 'GET', `http://prometheus:9090/api/v1/${path}`, '');
  return { engine, loader, ask };
}

const instant = (query: string) => `query?${new URLSearchParams({ query })}`;

describe('the engine', () => {
  test('does the first lessons with its first part alone', async () => {
    const { loader, ask } = await openShop();
    expect(ask(instant('sum by (job) (rate(http_requests_total[5m]))')).status).toBe(200);
    expect(ask(instant('rate(up')).status).toBe(400);
    expect(loader).not.toHaveBeenCalled();
  });

  test('links its second part in once, when it is called', async () => {
    const { loader, ask } = await openShop();
    const explained = ask(`explain?${new URLSearchParams({ query: 'rate(http_requests_total[5m])' })}`);
    expect(explained.status).toBe(200);
    expect(explained.body).toContain('per-second');
    expect(ask(`lint?${new URLSearchParams({ query: 'rate(http_requests_in_flight[5m])' })}`).status).toBe(
      200,
    );
    expect(ask(instant('quantile_over_time(0.9, http_requests_in_flight[10m])')).body).toContain('success');
    expect(loader).toHaveBeenCalledTimes(1);
  });

  test('keeps its state when the second part comes', async () => {
    const { ask } = await openShop();
    const before = ask(instant('sum(http_requests_total)')).body;
    ask(`explain?${new URLSearchParams({ query: 'up' })}`);
    expect(ask(instant('sum(http_requests_total)')).body).toBe(before);
  });

  test('says what went wrong when the second part can not be had', async () => {
    const { ask } = await openShop(() => {
      throw new Error('promenade.deferred.wasm answered 404');
    });
    expect(() => ask(`explain?${new URLSearchParams({ query: 'up' })}`)).toThrow('answered 404');
  });
});
