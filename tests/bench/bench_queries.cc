// tests/bench/bench_queries.cc
// Times the queries of a file over the fleet, in process and on one thread: from the request to the
// whole response, as the page and the server do it. Built natively and as WebAssembly.
//
//   bench_queries QUERIES END_MS ROUNDS [NAME ...]
//
// A line a query: name, microseconds of the fastest round, bytes of the response, hash of the
// response. Rounds go through all queries, so that a slow moment of the machine doesn't fall on a
// single one.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

#include "api/api.h"
#include "base/hash.h"
#include "base/strings.h"
#include "fleet.h"
#include "query_list.h"
#include "tsdb/head.h"

namespace promenade::bench {
namespace {

class FixedClock final : public Clock {
 public:
  explicit FixedClock(Timestamp now) : now_(now) {}
  Timestamp now() const override { return now_; }
  int64_t monotonic_ns() const override { return 0; }
  TimerId call_at(Timestamp, std::function<void()>) override { return {}; }
  void cancel(TimerId) override {}

 private:
  Timestamp now_;
};

void load(Timestamp end, tsdb::Head& head) {
  FleetOptions options;
  options.end = end;
  Fleet fleet(options);
  std::vector<SeriesRef> refs;
  while (fleet.scrape()) {
    tsdb::Appender appender = head.appender();
    if (refs.empty()) {
      for (const Labels& labels : fleet.series()) refs.push_back(appender.series(labels));
    }
    for (const Fleet::Sample& sample : fleet.samples()) {
      appender.append(refs[sample.series], Timestamp{sample.time_ms}, sample.value);
    }
    appender.commit();
  }
}

double microseconds_since(std::chrono::steady_clock::time_point begun) {
  return std::chrono::duration<double, std::micro>(std::chrono::steady_clock::now() - begun)
      .count();
}

int run(const std::vector<ListedQuery>& queries, Timestamp end, int rounds) {
  tsdb::Head head;
  load(end, head);
  FixedClock clock(end);
  InlineExecutor executor;
  api::ApiContext context;
  context.clock = &clock;
  context.executor = &executor;
  context.store = &head;
  context.engine_options = [] { return promql::EngineOptions{.windows_closed_left = true}; };
  const api::Api api(context);

  std::vector<std::vector<double>> times(queries.size());
  std::vector<std::string> bodies(queries.size());
  for (int round = 0; round < rounds; ++round) {
    for (size_t i = 0; i < queries.size(); ++i) {
      HttpRequest request;
      request.url = request_url(queries[i], end);
      const auto begun = std::chrono::steady_clock::now();
      HttpResponse response = api.handle(request);
      times[i].push_back(microseconds_since(begun));
      bodies[i] = std::move(response.body);
    }
  }
  for (size_t i = 0; i < queries.size(); ++i) {
    std::printf("%s %.0f %zu %016llx\n", queries[i].name.c_str(),
                *std::min_element(times[i].begin(), times[i].end()), bodies[i].size(),
                static_cast<unsigned long long>(xxh64(bodies[i])));
    if (bodies[i].find("\"status\":\"success\"") == std::string::npos) {
      std::fprintf(stderr, "%s: %s\n", queries[i].name.c_str(), bodies[i].c_str());
      return 1;
    }
  }
  return 0;
}

}  // namespace
}  // namespace promenade::bench

int main(int argc, char** argv) {
  using namespace promenade;
  if (argc < 4) {
    std::fprintf(stderr, "usage: bench_queries QUERIES END_MS ROUNDS [NAME ...]\n");
    return 2;
  }
  std::ifstream file(argv[1]);
  std::vector<bench::ListedQuery> queries = bench::read_queries(file);
  const std::vector<std::string> wanted(argv + 4, argv + argc);
  if (!wanted.empty()) {
    std::erase_if(queries, [&](const bench::ListedQuery& query) {
      return std::find(wanted.begin(), wanted.end(), query.name) == wanted.end();
    });
  }
  return bench::run(queries, Timestamp{std::atoll(argv[2])}, std::atoi(argv[3]));
}
