// tests/bench/bench_engine.cc
// What a page waits for: making a world's history, and queries over it.
#include <benchmark/benchmark.h>

#include <memory>
#include <string>

#include "base/executor.h"
#include "promql/engine.h"
#include "promql/parser/parser.h"
#include "sim/world.h"

namespace {

using promenade::sim::World;

promenade::sim::WorldOptions web_shop() {
  promenade::sim::WorldOptions options;
  options.history = promenade::Duration::hours(2);
  return options;
}

void world_with_two_hours_of_history(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(World::create(web_shop()));
}
BENCHMARK(world_with_two_hours_of_history)->Unit(benchmark::kMillisecond);

// One hour at a step of 15 s: 241 steps.
void range_query(benchmark::State& state, const std::string& query) {
  static const std::unique_ptr<World> world = std::move(*World::create(web_shop()));
  const auto expression = promenade::promql::parse(query);
  const promenade::promql::QueryRange range{world->now() - promenade::Duration::hours(1),
                                            world->now(), promenade::Duration::seconds(15)};
  promenade::InlineExecutor executor;
  for (auto _ : state) {
    auto result = promenade::promql::evaluate_range(**expression, range, world->prometheus().head(),
                                                    executor, world->prometheus().engine_options());
    if (!result) state.SkipWithError(result.error().message.c_str());
    benchmark::DoNotOptimize(result);
  }
}
BENCHMARK_CAPTURE(range_query, selector, "http_requests_total")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(range_query, rate, "rate(http_requests_total[5m])")
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(range_query, sum_rate, "sum by (job) (rate(http_requests_total[5m]))")
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(
    range_query, quantile,
    "histogram_quantile(0.9, sum by (le) (rate(http_request_duration_seconds_bucket[5m])))")
    ->Unit(benchmark::kMillisecond);

}  // namespace

BENCHMARK_MAIN();
