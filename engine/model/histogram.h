#pragma once  // engine/model/histogram.h
// A native histogram with float counts: exponential buckets of a schema, or custom bounds.
// The arithmetic and the reset rules are those of Prometheus's model/histogram/float_histogram.go.
// Values are immutable once shared (HistogramPtr).
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "model/sample.h"

namespace promenade {

inline constexpr int32_t kCustomBucketsSchema = -53;
inline constexpr int32_t kExponentialSchemaMin = -4;
inline constexpr int32_t kExponentialSchemaMax = 8;

enum class CounterResetHint : uint8_t { Unknown, Reset, NotReset, Gauge };

// `length` consecutive buckets, starting `offset` after the end of the previous span (for the first
// span: at bucket index `offset`).
struct BucketSpan {
  int32_t offset = 0;
  uint32_t length = 0;

  friend bool operator==(const BucketSpan&, const BucketSpan&) = default;
};

// One bucket with its bounds; which of them belong to it depends on the sign.
struct Bucket {
  double lower;
  double upper;
  bool lower_inclusive;
  bool upper_inclusive;
  double count;
  int32_t index;  // Meaningless for the zero bucket.
};

class FloatHistogram {
 public:
  CounterResetHint counter_reset_hint = CounterResetHint::Unknown;
  int32_t schema = 0;
  double zero_threshold = 0;
  double zero_count = 0;
  double count = 0;
  double sum = 0;
  std::vector<BucketSpan> positive_spans;
  std::vector<BucketSpan> negative_spans;
  std::vector<double> positive_buckets;
  std::vector<double> negative_buckets;
  std::vector<double> custom_values;  // Upper bounds without +Inf, for kCustomBucketsSchema.

  bool uses_custom_buckets() const { return schema == kCustomBucketsSchema; }

  // Every bucket in ascending order of bounds, empty ones included; the zero bucket among them
  // unless it is empty.
  std::vector<Bucket> buckets() const;

  // What combining two histograms had to do; the evaluator turns it into annotations.
  struct CombineNotes {
    bool counter_reset_collision = false;
    bool custom_bounds_reconciled = false;
  };
  // this += / -= other, at the coarser layout of the two. Fails with Execution when one has
  // exponential and the other custom buckets; this is then unchanged. Both settle the hint by the
  // same rule; PromQL's "-" makes its result a gauge itself.
  Result<CombineNotes> add(const FloatHistogram& other);
  Result<CombineNotes> subtract(const FloatHistogram& other);
  void multiply(double factor);  // A negative factor makes it a gauge.
  void divide(double divisor);   // By zero: all buckets go, and the counts become Inf or NaN.
  // The canonical layout: no empty buckets, and a span for each run of others. Up to
  // `empty_run_max` empty buckets between two others are kept, if that saves a span.
  void compact(int empty_run_max = 0);
  // Re-buckets to a coarser exponential schema (<= the present one).
  void reduce_schema(int32_t target);

  // Whether a counter was reset between `previous` and this.
  bool detect_reset(const FloatHistogram& previous) const;

  // Bit-for-bit equality of schema, counts, sum, spans and buckets; the hint does not count.
  bool equals(const FloatHistogram& other) const;

  // {count:1, sum:2, (0.5,1]:3} as count_values and error texts print it.
  std::string to_string() const;
};

}  // namespace promenade
