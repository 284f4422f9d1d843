// tests/bench/bench_worlds.cc
// How long worlds take: one hour of 1,000 series at 15 s, simulated, scraped through real
// exposition text, parsed and stored; the worlds of the first lessons; and going back in time.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>

#include "sim/world.h"

namespace {

using promenade::Duration;
using promenade::sim::World;
using promenade::sim::WorldOptions;

// Ten instances with a hundred series each: 5 endpoints x (2 statuses + 11 buckets + sum + count +
// +Inf), and 20 others.
constexpr const char* kThousandSeries = R"yaml(
world: thousand
values:
  load: 40 * (1 + 0.2 * noise(5m))
services:
  app:
    instances: 10
    requests:
      slow_at_cores: 2
      failures: {"500": 0.2%}
      endpoints:
        - {labels: {handler: /a}, rate: load, median: 20ms, cpu: 2ms}
        - {labels: {handler: /b}, rate: load, median: 40ms, cpu: 2ms}
        - {labels: {handler: /c}, rate: load, median: 80ms, cpu: 2ms}
        - {labels: {handler: /d}, rate: load, median: 160ms, cpu: 2ms}
        - {labels: {handler: /e}, rate: load, median: 320ms, cpu: 2ms}
    metrics:
      - {counter: jobs_total, labels: {kind: {count: 10}}, rate: 3}
      - {gauge: depth, labels: {kind: {count: 9}}, value: "10 + 5 * noise(2m)"}
prometheus: {scrapes_itself: false}
)yaml";

double seconds_of(auto work) {
  const auto begin = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

double best_of(int runs, auto work) {
  double best = 1e9;
  for (int i = 0; i < runs; ++i) best = std::min(best, seconds_of(work));
  return best;
}

std::unique_ptr<World> open(const WorldOptions& options) {
  auto world = World::create(options);
  if (!world) {
    std::fprintf(stderr, "%s\n", world.error().message.c_str());
    std::exit(1);
  }
  return std::move(*world);
}

}  // namespace

int main() {
  WorldOptions thousand;
  thousand.workload = "thousand.yaml";
  thousand.definition = kThousandSeries;
  thousand.history = Duration::hours(1);
  std::unique_ptr<World> world;
  const double hour = best_of(3, [&] { world = open(thousand); });
  const auto series = world->prometheus().head().select({}, promenade::kAllTime);
  std::printf("one hour of %zu series at 15 s, simulated, scraped and stored: %.3f s\n",
              series ? series->size() : 0, hour);

  WorldOptions shop;
  const double two_hours = best_of(3, [&] { world = open(shop); });
  std::printf("two hours of the web shop: %.3f s\n", two_hours);
  const uint64_t before = world->state_hash();
  const auto end = world->now();
  const double rewind = seconds_of([&] {
    if (!world->rewind(end - Duration::minutes(30))) std::exit(1);
  });
  world->run_until(end);
  std::printf("rewinding it by half an hour: %.3f s; the state afterwards is %s\n", rewind,
              world->state_hash() == before ? "identical" : "DIFFERENT");
  return world->state_hash() == before ? 0 : 1;
}
