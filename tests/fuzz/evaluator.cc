// tests/fuzz/evaluator.cc
// Any query over a small fixed store ends soon, in a result or an error: as an instant query, as a
// range query and explained, at times that the input chooses, within tight budgets.
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "base/executor.h"
#include "check.h"
#include "model/histogram.h"
#include "promql/engine.h"
#include "promql/explain.h"
#include "promql/parser/parser.h"
#include "tsdb/head.h"

namespace promenade::promql {
namespace {

constexpr int64_t kSampleIntervalMs = 15'000;
constexpr int kSampleCount = 60;

HistogramPtr histogram(int i) {
  auto result = std::make_shared<FloatHistogram>();
  result->count = i + 1;
  result->sum = i;
  result->positive_spans = {{0, 2}};
  result->positive_buckets = {static_cast<double>(i), 1};
  return result;
}

// A counter with resets, a gauge with gaps and special values, classic buckets, a native histogram.
void fill(tsdb::Head& head) {
  tsdb::Appender appender = head.appender();
  const auto series = [&](const char* text) { return appender.series(*parse_metric(text)); };
  const SeriesRef counter_a = series(R"(requests_total{job="api",instance="a",code="200"})");
  const SeriesRef counter_b = series(R"(requests_total{job="api",instance="b",code="500"})");
  const SeriesRef gauge = series(R"(temperature{job="api",instance="a"})");
  const SeriesRef up = series(R"(up{job="api",instance="a"})");
  const SeriesRef native = series(R"(latency{job="api",instance="a"})");
  const SeriesRef info = series(R"(target_info{job="api",instance="a",version="1"})");
  SeriesRef buckets[3] = {series(R"(latency_bucket{job="api",le="0.1"})"),
                          series(R"(latency_bucket{job="api",le="1"})"),
                          series(R"(latency_bucket{job="api",le="+Inf"})")};
  for (int i = 0; i < kSampleCount; ++i) {
    const Timestamp at{i * kSampleIntervalMs};
    appender.append(counter_a, at, i % 20 * 3.5);
    if (i > 10) appender.append(counter_b, at, i * 1e15);
    if (i % 7 != 0) appender.append(gauge, at, i % 5 == 0 ? -1e300 : i * 0.1 - 2);
    appender.append(up, at, i == 30 ? stale_nan() : i % 2);
    appender.append(native, at, histogram(i));
    appender.append(info, at, 1);
    for (int b = 0; b < 3; ++b) appender.append(buckets[b], at, i * (b + 1));
  }
  appender.commit();
}

EngineOptions tight_options(int& patience) {
  EngineOptions options;
  options.samples_max = 20'000;
  options.is_canceled = [&patience] { return --patience < 0; };
  return options;
}

// Eight bytes of the input say when and how finely; the rest is the query.
struct Plan {
  QueryRange range;
  std::string_view query;
};
Plan plan_of(const uint8_t* data, size_t size) {
  constexpr size_t kHeader = 4;
  Plan plan{{Timestamp{0}, Timestamp{0}, Duration::seconds(15)}, {}};
  if (size < kHeader) return plan;
  plan.range.start = Timestamp{data[0] * 5'000};
  plan.range.end = plan.range.start + Duration{data[1] * 5'000};
  plan.range.step = Duration{1'000 + data[2] * 500};
  // Now and then the ends of time.
  if (data[3] == 0xff) plan.range.start = plan.range.end = Timestamp{INT64_MAX};
  if (data[3] == 0xfe) plan.range.start = plan.range.end = Timestamp{INT64_MIN};
  plan.query = {reinterpret_cast<const char*>(data) + kHeader, size - kHeader};
  return plan;
}

}  // namespace
}  // namespace promenade::promql

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace promenade;
  using namespace promenade::promql;
  static const tsdb::Head* const head = [] {
    auto* filled = new tsdb::Head();
    fill(*filled);
    return filled;
  }();
  const Plan plan = plan_of(data, size);
  const auto expr = parse(plan.query);
  if (!expr) return 0;
  InlineExecutor executor;
  int patience = 10'000;
  const EngineOptions options = tight_options(patience);
  const auto instant = evaluate_instant(**expr, plan.range.start, *head, executor, options);
  if (!instant) fuzz::require(!instant.error().message.empty(), "an error says nothing");
  patience = 10'000;
  const auto ranged = evaluate_range(**expr, plan.range, *head, executor, options);
  if (!ranged) fuzz::require(!ranged.error().message.empty(), "an error says nothing");
  patience = 10'000;
  const auto explained = explain(**expr, plan.range, *head, executor, options);
  if (explained) fuzz::require(!explained->nodes.front().reading.empty(), "a node says nothing");
  return 0;
}
