// Read into plain fields first, then checked, because fields may come in any order. The rules are
// Prometheus's (model/histogram, Validate).
#include "remote/histogram_message.h"

#include <cmath>

#include "model/histogram.h"
#include "remote/wire_field.h"

namespace promenade::remote {
namespace {

using protozero::pbf_reader;
using protozero::pbf_wire_type;

// Schemas that are no others' may be used later: those beyond ours are brought down to the finest.
constexpr int32_t kReservedSchemaMin = -9;
constexpr int32_t kReservedSchemaMax = 52;

// The buckets of one sign. Only the deltas or only the counts are there.
struct WireBuckets {
  std::vector<BucketSpan> spans;
  std::vector<int64_t> deltas;
  std::vector<double> counts;
};

struct WireHistogram {
  bool has_float_counts = false;
  uint64_t count = 0;
  uint64_t zero_count = 0;
  WireBuckets positive;
  WireBuckets negative;
  int64_t time_ms = 0;
};

tl::unexpected<Error> invalid(const std::string& cause) {
  return fail(ErrorCode::Execution, "invalid histogram: " + cause);
}

BucketSpan read_span(pbf_reader message) {
  BucketSpan span;
  while (message.next()) {
    switch (check_field(message, {varint_field(1), varint_field(2)})) {
      case 1:
        span.offset = message.get_sint32();
        break;
      case 2:
        span.length = message.get_uint32();
        break;
      default:
        message.skip();
    }
  }
  return span;
}

void read_deltas(pbf_reader& message, std::vector<int64_t>& deltas) {
  if (message.wire_type() == pbf_wire_type::varint) return deltas.push_back(message.get_sint64());
  for (const int64_t delta : message.get_packed_sint64()) deltas.push_back(delta);
}

void read_doubles(pbf_reader& message, std::vector<double>& values) {
  if (message.wire_type() == pbf_wire_type::fixed64) return values.push_back(message.get_double());
  for (const double value : message.get_packed_double()) values.push_back(value);
}

CounterResetHint to_hint(int32_t value) {
  constexpr int32_t kGauge = 3;  // Reset and NotReset are 1 and 2, as in CounterResetHint.
  return value >= 0 && value <= kGauge ? static_cast<CounterResetHint>(value)
                                       : CounterResetHint::Unknown;
}

void read_fields(pbf_reader message, WireHistogram& wire, FloatHistogram& histogram) {
  while (message.next()) {
    switch (check_field(message,
                        {varint_field(1), double_field(2), double_field(3), varint_field(4),
                         double_field(5), varint_field(6), double_field(7), length_field(8),
                         repeated(varint_field(9)), repeated(double_field(10)), length_field(11),
                         repeated(varint_field(12)), repeated(double_field(13)), varint_field(14),
                         varint_field(15), repeated(double_field(16))})) {
      case 1:
        wire.count = message.get_uint64();
        wire.has_float_counts = false;
        break;
      case 2:
        histogram.count = message.get_double();
        wire.has_float_counts = true;
        break;
      case 3:
        histogram.sum = message.get_double();
        break;
      case 4:
        histogram.schema = message.get_sint32();
        break;
      case 5:
        histogram.zero_threshold = message.get_double();
        break;
      case 6:
        wire.zero_count = message.get_uint64();
        break;
      case 7:
        histogram.zero_count = message.get_double();
        break;
      case 8:
        wire.negative.spans.push_back(read_span(message.get_message()));
        break;
      case 9:
        read_deltas(message, wire.negative.deltas);
        break;
      case 10:
        read_doubles(message, wire.negative.counts);
        break;
      case 11:
        wire.positive.spans.push_back(read_span(message.get_message()));
        break;
      case 12:
        read_deltas(message, wire.positive.deltas);
        break;
      case 13:
        read_doubles(message, wire.positive.counts);
        break;
      case 14:
        histogram.counter_reset_hint = to_hint(message.get_enum());
        break;
      case 15:
        wire.time_ms = message.get_int64();
        break;
      case 16:
        read_doubles(message, histogram.custom_values);
        break;
      default:
        message.skip();
    }
  }
}

// Deltas to counts; adds these to `total`.
Result<void> sum_up(WireBuckets& buckets, uint64_t& total) {
  uint64_t count = 0;
  for (const int64_t delta : buckets.deltas) {
    count += static_cast<uint64_t>(delta);
    if (static_cast<int64_t>(count) < 0) {
      return invalid("a bucket has a negative count");
    }
    total += count;
    buckets.counts.push_back(static_cast<double>(count));
  }
  return {};
}

// Integers become floats, once they are known to add up.
Result<void> take_integer_counts(WireHistogram& wire, FloatHistogram& histogram) {
  if (!wire.positive.counts.empty() || !wire.negative.counts.empty()) {
    return invalid("its count is an integer, its buckets are floats");
  }
  uint64_t total = wire.zero_count;
  TRY(sum_up(wire.positive, total));
  TRY(sum_up(wire.negative, total));
  // Observations of NaN are in the count and in no bucket.
  const bool adds_up = std::isnan(histogram.sum) ? total <= wire.count : total == wire.count;
  if (!adds_up) {
    return invalid("" + std::to_string(total) + " observations in its buckets, but its count is " +
                   std::to_string(wire.count));
  }
  histogram.count = static_cast<double>(wire.count);
  histogram.zero_count = static_cast<double>(wire.zero_count);
  return {};
}

Result<void> check_buckets(const WireBuckets& buckets) {
  uint64_t length = 0;
  int64_t index = 0;
  for (const BucketSpan& span : buckets.spans) {
    if (&span != &buckets.spans.front() && span.offset < 0) {
      return invalid("a span starts before the end of the one before it");
    }
    length += span.length;
    index += int64_t{span.offset} + span.length;
  }
  if (length != buckets.counts.size()) {
    return invalid("its spans hold " + std::to_string(length) + " buckets, but it has " +
                   std::to_string(buckets.counts.size()));
  }
  if (index > INT32_MAX) return invalid("a bucket lies beyond the last index");
  for (const double count : buckets.counts) {
    if (count < 0) return invalid("a bucket has a negative count");
  }
  return {};
}

Result<void> check_custom_bounds(const FloatHistogram& histogram) {
  const std::vector<double>& bounds = histogram.custom_values;
  for (size_t i = 0; i < bounds.size(); ++i) {
    const bool is_ascending = i == 0 ? !std::isnan(bounds[i]) : bounds[i] > bounds[i - 1];
    if (!is_ascending) return invalid("its custom bounds do not ascend");
  }
  if (!bounds.empty() && std::isinf(bounds.back()) && bounds.back() > 0) {
    return invalid("+Inf is among its custom bounds, where it goes unsaid");
  }
  if (histogram.zero_count != 0 || histogram.zero_threshold != 0 ||
      !histogram.negative_spans.empty() || !histogram.negative_buckets.empty()) {
    return invalid("custom buckets beside a zero bucket or negative ones");
  }
  int64_t end = 0;
  for (const BucketSpan& span : histogram.positive_spans) {
    if (span.offset < 0) return invalid("a span starts before the first bound");
    end += int64_t{span.offset} + span.length;
  }
  if (end > static_cast<int64_t>(bounds.size()) + 1) {
    return invalid("more buckets than its custom bounds make");
  }
  return {};
}

Result<void> check_layout(const FloatHistogram& histogram) {
  if (histogram.uses_custom_buckets()) return check_custom_bounds(histogram);
  if (histogram.schema < kReservedSchemaMin || histogram.schema > kReservedSchemaMax) {
    return invalid("there is no schema " + std::to_string(histogram.schema));
  }
  if (!histogram.custom_values.empty()) {
    return invalid("custom bounds beside an exponential schema");
  }
  const bool has_zero_bucket = histogram.zero_threshold >= 0 && histogram.zero_count >= 0;
  const bool counts = histogram.count >= 0 || std::isnan(histogram.count);
  if (has_zero_bucket && counts) return {};
  return invalid("its count, zero count or zero threshold is negative");
}

}  // namespace

Result<HistogramSample> read_histogram(std::string_view message) {
  WireHistogram wire;
  auto histogram = std::make_shared<FloatHistogram>();
  try {
    read_fields(pbf_reader(message.data(), message.size()), wire, *histogram);
  } catch (const protozero::exception& error) {
    return malformed_message(error);
  }
  if (!wire.has_float_counts) {
    TRY(take_integer_counts(wire, *histogram));
  } else if (!wire.positive.deltas.empty() || !wire.negative.deltas.empty()) {
    return invalid("its count is a float, its buckets are integers");
  }
  TRY(check_buckets(wire.positive));
  TRY(check_buckets(wire.negative));
  histogram->positive_spans = std::move(wire.positive.spans);
  histogram->positive_buckets = std::move(wire.positive.counts);
  histogram->negative_spans = std::move(wire.negative.spans);
  histogram->negative_buckets = std::move(wire.negative.counts);
  TRY(check_layout(*histogram));
  histogram->reduce_schema(kExponentialSchemaMax);
  return HistogramSample{wire.time_ms, std::move(histogram)};
}

}  // namespace promenade::remote
