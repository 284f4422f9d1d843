// Prometheus counts samples the same way (promql/engine.go), so the same queries pass the limit.
#include "promql/budget.h"

#include <algorithm>

#include "model/histogram.h"

namespace promenade::promql {

Error too_many_samples() {
  return {ErrorCode::Limit,
          "query processing would load too many samples into memory in query execution",
          std::nullopt};
}

QueryBudget::QueryBudget(const EngineOptions& options) : options_(options), whole_(*this) {
  if (options_.monotonic_ns) started_ns_ = options_.monotonic_ns();
}

QueryBudget::QueryBudget(PartOf part)
    : options_(part.whole.options_),
      started_ns_(part.whole.started_ns_),
      whole_(part.whole.whole_) {}

Result<void> QueryBudget::check_time() const {
  if (options_.is_canceled && options_.is_canceled()) {
    return fail(ErrorCode::Canceled, "query was canceled in expression evaluation");
  }
  if (elapsed_ns() > options_.timeout.ms * 1'000'000) {
    return fail(ErrorCode::Timeout, "query timed out in expression evaluation");
  }
  return {};
}

Result<void> RangeCall::check_time() const {
  return budget ? budget->check_time() : Result<void>();
}

Result<void> QueryBudget::hold(uint64_t samples) {
  raise_peak(held_.fetch_add(samples, std::memory_order_relaxed) + samples);
  whole_.held_by_all_.fetch_add(samples, std::memory_order_relaxed);
  return check_limit(0);
}

Result<void> QueryBudget::check_held_with(uint64_t samples) {
  raise_peak(held() + samples);
  return check_limit(samples);
}

void QueryBudget::set_held(uint64_t samples) {
  whole_.held_by_all_.fetch_add(samples - held(), std::memory_order_relaxed);
  held_.store(samples, std::memory_order_relaxed);
}

Result<void> QueryBudget::join(QueryBudget& part) {
  const uint64_t peak = held() + part.peak_.load(std::memory_order_relaxed);
  raise_peak(peak);
  if (peak > options_.samples_max) return tl::unexpected(too_many_samples());
  held_.fetch_add(part.held_.exchange(0, std::memory_order_relaxed), std::memory_order_relaxed);
  return {};
}

void QueryBudget::raise_peak(uint64_t held) {
  uint64_t peak = peak_.load(std::memory_order_relaxed);
  while (held > peak && !peak_.compare_exchange_weak(peak, held, std::memory_order_relaxed)) {
  }
}

Result<void> QueryBudget::check_limit(uint64_t more) const {
  const uint64_t held = whole_.held_by_all_.load(std::memory_order_relaxed) + more;
  if (held > options_.samples_max) return tl::unexpected(too_many_samples());
  return {};
}

int64_t QueryBudget::elapsed_ns() const {
  return options_.monotonic_ns ? options_.monotonic_ns() - started_ns_ : 0;
}

QueryStatistics QueryBudget::statistics() const {
  QueryStatistics statistics;
  statistics.samples_read = read_.load(std::memory_order_relaxed);
  statistics.samples_peak = peak_.load(std::memory_order_relaxed);
  return statistics;
}

uint64_t sample_weight(const FloatHistogram& histogram) {
  constexpr uint64_t kFixedBytes = 168;  // Of Prometheus's struct, slices and hint included.
  constexpr uint64_t kSampleBytes = 16;
  const uint64_t bytes =
      kFixedBytes + 8 * (histogram.positive_buckets.size() + histogram.negative_buckets.size() +
                         histogram.custom_values.size() + histogram.positive_spans.size() +
                         histogram.negative_spans.size());
  return (bytes + 8) / kSampleBytes;
}

uint64_t sample_count(const Row& row) {
  uint64_t count = 0;
  for (const double value : row.values) count += is_absent(value) ? 0 : 1;
  for (const HistogramPtr& histogram : row.histograms) {
    if (histogram) count += sample_weight(*histogram);
  }
  return std::max(count, column_weight(row.values.size()));
}

uint64_t sample_count(const Value& value) {
  if (const auto* scalar = std::get_if<ScalarValue>(&value)) return scalar->values.size();
  const auto* vector = std::get_if<VectorValue>(&value);
  if (!vector) return 0;
  uint64_t count = 0;
  for (const Row& row : vector->rows) count += sample_count(row);
  return count;
}

}  // namespace promenade::promql
