// tests/unit/promql/histogram_functions_test.cc
// What is read out of histograms, classic and native ones.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "promql/functions/classic_histograms.h"
#include "promql/functions/native_histograms.h"
#include "query_fixture.h"

namespace promenade::promql {
namespace {

using testing::instant;
using testing::remarks_of;
using testing::Store;
using testing::text_of;

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

void expect_same(double actual, double expected) {
  if (std::isnan(expected)) {
    EXPECT_TRUE(std::isnan(actual)) << actual;
  } else {
    EXPECT_DOUBLE_EQ(actual, expected);
  }
}

struct ClassicCase {
  const char* claim;
  ClassicBuckets buckets;
  double q;
  double expected;
};

const ClassicBuckets kLatencies = {{0.1, 50}, {0.5, 90}, {1, 100}, {kInfinity, 100}};

const ClassicCase kClassicQuantiles[] = {
    {"lies within the lowest bucket above zero", kLatencies, 0.25, 0.05},
    {"lies on a bound", kLatencies, 0.5, 0.1},
    {"interpolates linearly", kLatencies, 0.7, 0.3},
    {"never exceeds the highest finite bound", {{1, 10}, {kInfinity, 100}}, 0.9, 1},
    {"is the lowest bound when that is not above zero",
     {{-1, 10}, {1, 20}, {kInfinity, 20}},
     0.1,
     -1},
    {"needs the bucket of all", {{1, 10}, {2, 20}}, 0.5, kNaN},
    {"needs two buckets", {{kInfinity, 20}}, 0.5, kNaN},
    {"needs observations", {{1, 0}, {kInfinity, 0}}, 0.5, kNaN},
};

TEST(ClassicHistograms, Quantile) {
  for (const ClassicCase& test : kClassicQuantiles) {
    SCOPED_TRACE(test.claim);
    expect_same(classic_quantile(test.q, test.buckets), test.expected);
  }
}

struct FractionCase {
  double lower;
  double upper;
  double expected;
};

const FractionCase kFractions[] = {
    {-kInfinity, 0.1, 0.5}, {-kInfinity, kInfinity, 1}, {0.1, 0.5, 0.4}, {0.1, 0.3, 0.2},
    {0.5, 0.1, 0},          {2, kInfinity, 0},          {kNaN, 1, kNaN}, {1, kNaN, kNaN},
};

TEST(ClassicHistograms, Fraction) {
  for (const FractionCase& test : kFractions) {
    SCOPED_TRACE(::testing::Message() << test.lower << " to " << test.upper);
    expect_same(classic_fraction(test.lower, test.upper, kLatencies), test.expected);
  }
  expect_same(classic_fraction(0, 1, {{1, 1}, {2, 2}}), kNaN);
  // Below a lowest bound that is not above zero nothing is known: all of it counts.
  expect_same(classic_fraction(-5, 1, {{-1, 1}, {1, 2}, {kInfinity, 4}}), 0.25);
}

TEST(ClassicHistograms, EqualBoundsAreOneBucket) {
  ClassicBuckets buckets = {{1, 2}, {1, 3}, {2, 7}};
  merge_equal_bounds(buckets);
  ASSERT_EQ(buckets.size(), 2u);
  EXPECT_EQ(buckets[0].count, 5);
  EXPECT_EQ(buckets[1].count, 7);
}

TEST(ClassicHistograms, CountsThatFallAreRaisedAndReported) {
  ClassicBuckets buckets = {{1, 10}, {2, 8}, {3, 9}, {4, 12}, {kInfinity, 11}};
  const MonotonicityFix fix = make_monotonic(buckets);
  EXPECT_TRUE(fix.was_needed);
  EXPECT_EQ(fix.lowest_bound, 2);
  EXPECT_EQ(fix.highest_bound, kInfinity);
  EXPECT_EQ(fix.largest_difference, 2);
  const double expected[] = {10, 10, 10, 12, 12};
  for (size_t i = 0; i < buckets.size(); ++i) EXPECT_EQ(buckets[i].count, expected[i]);
}

TEST(ClassicHistograms, RoundingErrorsAreMendedInSilence) {
  ClassicBuckets buckets = {{1, 10}, {2, 10 * (1 - 1e-14)}, {kInfinity, 10}};
  EXPECT_FALSE(make_monotonic(buckets).was_needed);
  EXPECT_EQ(buckets[1].count, 10);
}

// 4 observations in (0.5, 1], 4 in (1, 2].
FloatHistogram exponential() {
  FloatHistogram histogram;
  histogram.positive_spans = {{0, 2}};
  histogram.positive_buckets = {4, 4};
  histogram.count = 8;
  histogram.sum = 9;
  return histogram;
}

// 3 in [-0.5, 0.5], 1 in (0.5, 1].
FloatHistogram with_zero_bucket() {
  FloatHistogram histogram;
  histogram.zero_threshold = 0.5;
  histogram.zero_count = 3;
  histogram.positive_spans = {{0, 1}};
  histogram.positive_buckets = {1};
  histogram.count = 4;
  histogram.sum = 1;
  return histogram;
}

// 5 up to 10, 3 up to 20, 2 above.
FloatHistogram custom() {
  FloatHistogram histogram;
  histogram.schema = kCustomBucketsSchema;
  histogram.custom_values = {10, 20};
  histogram.positive_spans = {{0, 3}};
  histogram.positive_buckets = {5, 3, 2};
  histogram.count = 10;
  histogram.sum = 100;
  return histogram;
}

// As exponential(), with two NaNs observed.
FloatHistogram with_nans() {
  FloatHistogram histogram = exponential();
  histogram.count = 10;
  histogram.sum = kNaN;
  return histogram;
}

struct NativeCase {
  const char* claim;
  FloatHistogram histogram;
  double q;
  double expected;
  NanRemark remark = NanRemark::None;
};

const NativeCase kNativeQuantiles[] = {
    {"lies on a bound", exponential(), 0.5, 1},
    {"interpolates on a logarithmic scale", exponential(), 0.75, std::sqrt(2.0)},
    {"counts from above for high quantiles", exponential(), 1, 2},
    {"takes the zero bucket for positive beside positive buckets", with_zero_bucket(), 0.25,
     1.0 / 6},
    {"interpolates custom buckets linearly", custom(), 0.65, 15},
    {"takes the lowest custom bucket to begin at zero", custom(), 0.25, 5},
    {"never exceeds the highest custom bound", custom(), 0.95, 20},
    {"is nothing without observations", FloatHistogram(), 0.5, kNaN},
    {"is infinite out of range", exponential(), 2, kInfinity},
    {"is pushed up by NaNs", with_nans(), 0.4, 1, NanRemark::SkewedHigher},
    {"is NaN among NaNs", with_nans(), 0.9, kNaN, NanRemark::ResultIsNan},
};

TEST(NativeHistograms, Quantile) {
  for (const NativeCase& test : kNativeQuantiles) {
    SCOPED_TRACE(test.claim);
    const HistogramReading reading = native_quantile(test.q, test.histogram);
    expect_same(reading.value, test.expected);
    EXPECT_EQ(reading.remark, test.remark);
  }
}

TEST(NativeHistograms, NegativeBucketsMirrorPositiveOnes) {
  FloatHistogram negative = exponential();
  std::swap(negative.positive_spans, negative.negative_spans);
  std::swap(negative.positive_buckets, negative.negative_buckets);
  EXPECT_DOUBLE_EQ(native_quantile(0.25, negative).value, -std::sqrt(2.0));
  EXPECT_DOUBLE_EQ(native_quantile(1, negative).value, -0.5);
  EXPECT_DOUBLE_EQ(native_fraction(-kInfinity, -std::sqrt(2.0), negative).value, 0.25);
}

TEST(NativeHistograms, Fraction) {
  EXPECT_DOUBLE_EQ(native_fraction(1, 2, exponential()).value, 0.5);
  EXPECT_DOUBLE_EQ(native_fraction(-kInfinity, std::sqrt(2.0), exponential()).value, 0.75);
  EXPECT_DOUBLE_EQ(native_fraction(0, 15, custom()).value, 0.65);
  EXPECT_DOUBLE_EQ(native_fraction(25, kInfinity, custom()).value, 0.2);
  EXPECT_DOUBLE_EQ(native_fraction(3, 2, exponential()).value, 0);
  expect_same(native_fraction(kNaN, 2, exponential()).value, kNaN);
  expect_same(native_fraction(0, 1, FloatHistogram()).value, kNaN);
  const HistogramReading with_nan = native_fraction(-kInfinity, kInfinity, with_nans());
  EXPECT_DOUBLE_EQ(with_nan.value, 0.8);
  EXPECT_EQ(with_nan.remark, NanRemark::Excluded);
}

TEST(NativeHistograms, VarianceRepresentsBucketsByTheirMean) {
  FloatHistogram histogram = custom();
  histogram.positive_buckets = {0, 10, 0};
  histogram.sum = 150;
  EXPECT_DOUBLE_EQ(native_variance(histogram), 0);
  histogram.sum = 130;
  EXPECT_DOUBLE_EQ(native_variance(histogram), 4);
}

Store store_of_histograms() {
  Store store;
  store.load(60, R"(latency_bucket{job="a", le="0.1"})", "50 50");
  store.load(60, R"(latency_bucket{job="a", le="+Inf"})", "100 100");
  store.load(60, R"(latency_bucket{job="a", le="0.5"})", "90 40");
  store.load(60, R"(odd_bucket{le="much"})", "1").load(60, "odd_bucket", "1");
  store.load(60, "native", "h8");
  store.load(60, R"(both{le="1"})", "1").load(60, R"(both{le="+Inf"})", "2").load(60, "both", "h4");
  return store;
}

struct QueryCase {
  const char* query;
  const char* expected;
  const char* remarks = "";
};

const QueryCase kQueries[] = {
    {"histogram_quantile(0.9, latency_bucket)", "{job=\"a\"} 0.5\n"},
    {"histogram_quantile(0.5, native)", "{} 0.7071067811865476\n"},
    {"histogram_fraction(0, 0.1, latency_bucket)", "{job=\"a\"} 0.5\n"},
    {"histogram_quantiles(latency_bucket, \"q\", 0.5, 1)",
     "{job=\"a\", q=\"0.5\"} 0.1\n{job=\"a\", q=\"1.0\"} 0.5\n"},
    {"histogram_count(native)", "{} 8\n"},
    {"histogram_sum(native)", "{} 8\n"},
    {"histogram_avg(native)", "{} 1\n"},
    {"histogram_count(latency_bucket)", ""},
    {"histogram_quantile(2, latency_bucket)", "{job=\"a\"} +Inf\n",
     "PromQL warning: quantile value should be between 0 and 1, got 2 (1:20)\n"},
    {"histogram_quantile(0.5, odd_bucket)", "",
     "PromQL warning: bucket label \"le\" is missing or has a malformed value of \"\" (1:25)\n"
     "PromQL warning: bucket label \"le\" is missing or has a malformed value of \"much\" "
     "(1:25)\n"},
    {"histogram_quantile(0.5, both)", "",
     "PromQL warning: vector contains a mix of classic and native histograms (1:25)\n"},
};

TEST(HistogramFunctions, ReadClassicAndNativeHistograms) {
  const Store store = store_of_histograms();
  for (const QueryCase& test : kQueries) {
    SCOPED_TRACE(test.query);
    const auto result = instant(store, test.query, 0);
    EXPECT_EQ(text_of(result), test.expected);
    EXPECT_EQ(remarks_of(result, test.query), test.remarks);
  }
}

TEST(HistogramFunctions, ReportTheRepairOfBucketsOnceForAllSteps) {
  const Store store = store_of_histograms();
  const std::string query = "histogram_quantile(0.7, latency_bucket)";
  EXPECT_EQ(
      remarks_of(testing::range(store, query, 0, 120, 60), query),
      "PromQL info: input to histogram_quantile needed to be fixed for monotonicity (see "
      "https://prometheus.io/docs/prometheus/latest/querying/functions/#histogram_quantile), from "
      "buckets 0.5 to 0.5, with a max diff of 10, over 2 samples from 1970-01-01T00:01:00Z to "
      "1970-01-01T00:02:00Z (1:25)\n");
}

}  // namespace
}  // namespace promenade::promql
