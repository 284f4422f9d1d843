// tests/unit/remote/histogram_message_test.cc
// Native histograms on the wire: integer and float counts, custom buckets, and each rule that a
// histogram must keep.
#include "remote/histogram_message.h"

#include <gtest/gtest.h>

#include <functional>
#include <limits>

#include "model/histogram.h"
#include "remote/write_request.h"
#include "remote_write/write_request_builder.h"

namespace promenade::remote {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

FloatHistogram exponential() {
  FloatHistogram histogram;
  histogram.schema = 1;
  histogram.zero_threshold = 0.001;
  histogram.zero_count = 2;
  histogram.count = 12;
  histogram.sum = 18.5;
  histogram.positive_spans = {{0, 2}, {1, 1}};
  histogram.positive_buckets = {1, 3, 2};
  histogram.negative_spans = {{-1, 1}};
  histogram.negative_buckets = {4};
  return histogram;
}

FloatHistogram custom() {
  FloatHistogram histogram;
  histogram.schema = kCustomBucketsSchema;
  histogram.count = 3;
  histogram.sum = 7;
  histogram.positive_spans = {{0, 3}};
  histogram.positive_buckets = {1, 0, 2};
  histogram.custom_values = {0.5, 5};
  return histogram;
}

std::string wire(const TimedHistogram& sample) {
  WriteRequestBuilder builder;
  builder.add({{"__name__", "h"}}, {}, {sample});
  const std::string message = builder.take_message();
  WireSeries series;
  EXPECT_TRUE(*WriteRequestReader(message).next(series));
  return std::string(series.histograms.at(0));
}

// The histogram's text and time, or the error.
std::string read(const std::string& message) {
  const Result<HistogramSample> sample = read_histogram(message);
  if (!sample) return sample.error().message;
  return sample->histogram->to_string() + " at " + std::to_string(sample->time_ms);
}

TEST(HistogramMessage, IntegerAndFloatCountsAreReadAlike) {
  for (const FloatHistogram& histogram : {exponential(), custom()}) {
    for (const bool has_float_counts : {false, true}) {
      const auto sample = read_histogram(wire({1000, histogram, has_float_counts}));
      ASSERT_TRUE(sample) << sample.error().message;
      EXPECT_TRUE(sample->histogram->equals(histogram)) << sample->histogram->to_string();
      EXPECT_EQ(sample->time_ms, 1000);
    }
  }
}

TEST(HistogramMessage, TheHintIsKept) {
  for (const auto hint : {CounterResetHint::Unknown, CounterResetHint::Reset,
                          CounterResetHint::NotReset, CounterResetHint::Gauge}) {
    FloatHistogram histogram = exponential();
    histogram.counter_reset_hint = hint;
    EXPECT_EQ(read_histogram(wire({1, histogram}))->histogram->counter_reset_hint, hint);
  }
}

TEST(HistogramMessage, AStaleMarkerIsAnEmptyHistogram) {
  FloatHistogram histogram;
  histogram.sum = stale_nan();
  EXPECT_TRUE(is_stale_nan(read_histogram(wire({1, histogram}))->histogram->sum));
}

TEST(HistogramMessage, FinerSchemasAreReduced) {
  FloatHistogram histogram = exponential();
  histogram.schema = 9;
  const auto sample = read_histogram(wire({1, histogram}));
  ASSERT_TRUE(sample);
  EXPECT_EQ(sample->histogram->schema, 8);
  EXPECT_EQ(sample->histogram->positive_buckets, (std::vector<double>{1, 3, 2}));
  histogram.schema = 52;
  EXPECT_EQ(read_histogram(wire({1, histogram}))->histogram->positive_buckets,
            (std::vector<double>{1, 5}));
}

TEST(HistogramMessage, NumbersMayComeUnpacked) {
  // Count 1, a span of 1 at 0, and the delta 1 as a varint by itself.
  const std::string message("\x08\x01\x5a\x04\x08\x00\x10\x01\x60\x02", 10);
  EXPECT_EQ(read(message), "{count:1, sum:0, (0.5,1]:1} at 0");
}

struct InvalidCase {
  std::function<void(TimedHistogram&)> change;
  const char* error;
};

TEST(HistogramMessage, WhatIsNoHistogramIsNamed) {
  const InvalidCase cases[] = {
      {[](auto& s) { s.histogram.count = 11; },
       "12 observations in its buckets, but its count is 11"},
      {[](auto& s) { s.histogram.count = 13; },
       "12 observations in its buckets, but its count is 13"},
      {[](auto& s) { s.histogram.positive_buckets[1] = -3; }, "a bucket has a negative count"},
      {[](auto& s) {
         s.has_float_counts = true;
         s.histogram.positive_buckets[1] = -0.5;
       },
       "a bucket has a negative count"},
      {[](auto& s) { s.histogram.positive_spans[1].offset = -1; },
       "a span starts before the end of the one before it"},
      {[](auto& s) { s.histogram.positive_spans[1].length = 2; },
       "its spans hold 4 buckets, but it has 3"},
      {[](auto& s) { s.histogram.positive_spans[1].offset = INT32_MAX; },
       "a bucket lies beyond the last index"},
      {[](auto& s) { s.histogram.schema = 53; }, "there is no schema 53"},
      {[](auto& s) { s.histogram.schema = -10; }, "there is no schema -10"},
      {[](auto& s) { s.histogram.zero_threshold = -1; },
       "its count, zero count or zero threshold is negative"},
      {[](auto& s) { s.histogram.custom_values = {1}; },
       "custom bounds beside an exponential schema"},
      {[](auto& s) {
         s.histogram = custom();
         s.histogram.custom_values = {5, 5};
       },
       "its custom bounds do not ascend"},
      {[](auto& s) {
         s.histogram = custom();
         s.histogram.custom_values = {kNaN, 5};
       },
       "its custom bounds do not ascend"},
      {[](auto& s) {
         s.histogram = custom();
         s.histogram.custom_values = {5, kInfinity};
       },
       "+Inf is among its custom bounds, where it goes unsaid"},
      {[](auto& s) {
         s.histogram = custom();
         s.histogram.custom_values = {5};
       },
       "more buckets than its custom bounds make"},
      {[](auto& s) {
         s.histogram = custom();
         s.histogram.positive_spans = {{-1, 3}};
       },
       "a span starts before the first bound"},
      {[](auto& s) {
         s.histogram = custom();
         s.histogram.zero_threshold = 1;
       },
       "custom buckets beside a zero bucket or negative ones"},
  };
  for (const auto& [change, error] : cases) {
    TimedHistogram sample{1000, exponential()};
    change(sample);
    const auto result = read_histogram(wire(sample));
    ASSERT_FALSE(result) << error;
    EXPECT_EQ(result.error().message, std::string("invalid histogram: ") + error);
    EXPECT_EQ(result.error().code, ErrorCode::Execution);
  }
}

TEST(HistogramMessage, ObservationsOfNaNAreInNoBucket) {
  FloatHistogram histogram = exponential();
  histogram.count = 15;
  histogram.sum = kNaN;
  EXPECT_TRUE(read_histogram(wire({1, histogram})));
}

// A cut between two fields may leave a histogram, and the error then is what its rules say of it;
// no cut may be read as the whole one.
TEST(HistogramMessage, TruncationAtEveryByte) {
  for (const bool has_float_counts : {false, true}) {
    FloatHistogram histogram = exponential();
    histogram.counter_reset_hint = CounterResetHint::Gauge;
    const std::string message = wire({1'700'000'000'000, histogram, has_float_counts});
    for (size_t size = 0; size < message.size(); ++size) {
      const auto cut = read_histogram(std::string(message, 0, size));
      EXPECT_FALSE(cut && cut->time_ms != 0) << size;
    }
  }
}

}  // namespace
}  // namespace promenade::remote
