// How long a day of alerts takes: the web shop for 24 virtual hours, watched by 50 rules, its
// alerts routed to five receivers (day_of_alerts/, which the browser test runs as well). Prints
// hashes of what came of it, so that a change which is only to be faster can be seen to be nothing
// else.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <sstream>
#include <string>

#include "base/hash.h"
#include "sim/world.h"

namespace {

using promenade::Duration;
using promenade::HttpRequest;
using promenade::sim::World;
using promenade::sim::WorldOptions;

std::string read_file(const std::string& path) {
  std::ifstream file(path);
  std::ostringstream text;
  text << file.rdbuf();
  if (!file) {
    std::fprintf(stderr, "cannot read %s\n", path.c_str());
    std::exit(1);
  }
  return text.str();
}

std::string get(World& world, const std::string& url) {
  return world.handle(HttpRequest{.method = "GET", .url = url}).body;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    std::fprintf(stderr, "usage: bench_day tests/bench/day_of_alerts [RUNS]\n");
    return 1;
  }
  WorldOptions options;
  options.history = Duration::minutes(10);
  for (const char* name : {"prometheus.yml", "rules.yml", "alertmanager.yml"}) {
    options.files[name] = read_file(std::string(argv[1]) + "/" + name);
  }
  const int runs = argc > 2 ? std::atoi(argv[2]) : 3;
  double best = 1e9;
  for (int run = 0; run < runs; ++run) {
    auto world = World::create(options);
    if (!world) {
      std::fprintf(stderr, "%s\n", world.error().message.c_str());
      return 1;
    }
    const auto begin = std::chrono::steady_clock::now();
    (*world)->run_until((*world)->now() + Duration::hours(24));
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
    best = std::min(best, took.count());
    std::printf("%.3f s; state %016llx, inbox %016llx, rules %016llx\n", took.count(),
                static_cast<unsigned long long>((*world)->state_hash()),
                static_cast<unsigned long long>(
                    promenade::xxh64(get(**world, "http://inbox/notifications"))),
                static_cast<unsigned long long>(
                    promenade::xxh64(get(**world, "http://prometheus:9090/api/v1/rules"))));
  }
  std::printf("a day of alerts, the least of %d runs: %.3f s\n", runs, best);
  return 0;
}
