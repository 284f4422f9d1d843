// tests/unit/model/histogram_test.cc
// Layouts and arithmetic of native histograms, printed and compared as text.
#include "model/histogram.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace promenade {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

// Positive buckets in a row from index `offset`; count and sum as given.
FloatHistogram exponential(int32_t schema, int32_t offset, std::vector<double> buckets,
                           double count = 0, double sum = 0) {
  FloatHistogram histogram;
  histogram.schema = schema;
  histogram.count = count;
  histogram.sum = sum;
  histogram.positive_spans = {{offset, static_cast<uint32_t>(buckets.size())}};
  histogram.positive_buckets = std::move(buckets);
  return histogram;
}

FloatHistogram custom(std::vector<double> bounds, std::vector<double> buckets) {
  FloatHistogram histogram = exponential(kCustomBucketsSchema, 0, std::move(buckets));
  histogram.custom_values = std::move(bounds);
  return histogram;
}

FloatHistogram with_zero(FloatHistogram histogram, double threshold, double count) {
  histogram.zero_threshold = threshold;
  histogram.zero_count = count;
  return histogram;
}

FloatHistogram with_hint(FloatHistogram histogram, CounterResetHint hint) {
  histogram.counter_reset_hint = hint;
  return histogram;
}

TEST(Histogram, BucketBoundsFollowTheSchema) {
  struct Case {
    int32_t schema;
    int32_t index;
    double lower;
    double upper;
  };
  const Case cases[] = {
      {0, 0, 0.5, 1},
      {0, 1, 1, 2},
      {0, -1, 0.25, 0.5},
      {1, 1, 1, std::sqrt(2.0)},
      {1, 2, std::sqrt(2.0), 2},
      {-1, 1, 1, 4},
      {-2, 0, 1.0 / 16, 1},
      {0, 1024, 0x1p1023, std::numeric_limits<double>::max()},
      {0, 1025, std::numeric_limits<double>::max(), kInfinity},
      {8, 256 * 1024, std::ldexp(std::exp2(255.0 / 256), 1023), std::numeric_limits<double>::max()},
  };
  for (const Case& entry : cases) {
    const auto buckets = exponential(entry.schema, entry.index, {1}).buckets();
    ASSERT_EQ(buckets.size(), 1u);
    EXPECT_DOUBLE_EQ(buckets[0].lower, entry.lower) << entry.schema << " " << entry.index;
    EXPECT_DOUBLE_EQ(buckets[0].upper, entry.upper) << entry.schema << " " << entry.index;
    EXPECT_EQ(buckets[0].index, entry.index);
  }
}

TEST(Histogram, PrintsBucketsInAscendingOrder) {
  FloatHistogram histogram = with_zero(exponential(0, 0, {3, 0, 1}, 8, 2.5), 0.001, 2);
  histogram.negative_spans = {{0, 1}, {1, 1}};
  histogram.negative_buckets = {1, 1};
  EXPECT_EQ(histogram.to_string(),
            "{count:8, sum:2.5, [-4,-2):1, [-1,-0.5):1, [-0.001,0.001]:2, (0.5,1]:3, (2,4]:1}");
  EXPECT_EQ(custom({5, 10}, {1, 0, 2}).to_string(), "{count:0, sum:0, [-Inf,5]:1, (10,+Inf]:2}");
  EXPECT_EQ(FloatHistogram().to_string(), "{count:0, sum:0}");
}

TEST(Histogram, CutsBucketsAtTheZeroBucket) {
  const auto buckets = with_zero(exponential(0, 0, {1}), 0.75, 2).buckets();
  ASSERT_EQ(buckets.size(), 2u);
  EXPECT_EQ(buckets[0].upper, 0.75);
  EXPECT_EQ(buckets[1].lower, 0.75);
  EXPECT_EQ(buckets[1].upper, 1);
}

TEST(Histogram, CompactLeavesNoEmptyBuckets) {
  FloatHistogram histogram = exponential(0, -1, {0, 1, 0, 0, 2, 3, 0});
  histogram.compact();
  EXPECT_EQ(histogram.positive_spans, (std::vector<BucketSpan>{{0, 1}, {2, 2}}));
  EXPECT_EQ(histogram.positive_buckets, (std::vector<double>{1, 2, 3}));
  histogram.compact(2);
  EXPECT_EQ(histogram.positive_spans, (std::vector<BucketSpan>{{0, 5}}));
  EXPECT_EQ(histogram.positive_buckets, (std::vector<double>{1, 0, 0, 2, 3}));
  histogram = exponential(0, 0, {0, 0});
  histogram.compact();
  EXPECT_TRUE(histogram.positive_spans.empty());
}

TEST(Histogram, ReducesItsSchemaByJoiningBuckets) {
  FloatHistogram histogram = exponential(1, -1, {1, 2, 3, 4, 5});
  histogram.reduce_schema(0);
  EXPECT_EQ(histogram.schema, 0);
  EXPECT_EQ(histogram.to_string(), "{count:0, sum:0, (0.5,1]:3, (1,2]:7, (2,4]:5}");
  histogram.reduce_schema(3);
  EXPECT_EQ(histogram.schema, 0);
}

TEST(Histogram, AddsBucketByBucket) {
  FloatHistogram sum = exponential(0, 0, {1, 2}, 3, 10);
  ASSERT_TRUE(sum.add(exponential(0, 1, {3, 4}, 7, 20)));
  EXPECT_EQ(sum.to_string(), "{count:10, sum:30, (0.5,1]:1, (1,2]:5, (2,4]:4}");
  ASSERT_TRUE(sum.subtract(exponential(0, 1, {3, 4}, 7, 20)));
  EXPECT_EQ(sum.to_string(), "{count:3, sum:10, (0.5,1]:1, (1,2]:2}");
}

TEST(Histogram, AddsAtTheCoarserSchema) {
  const FloatHistogram fine = exponential(1, 1, {1, 2});
  const FloatHistogram coarse = exponential(0, 1, {10});
  for (auto [a, b] : {std::pair{fine, coarse}, std::pair{coarse, fine}}) {
    ASSERT_TRUE(a.add(b));
    EXPECT_EQ(a.to_string(), "{count:0, sum:0, (1,2]:13}");
  }
}

TEST(Histogram, WidensTheZeroBucketOverPopulatedBuckets) {
  // 0.75 lies in (0.5,1], which is populated, so the zero bucket must reach 1.
  const FloatHistogram narrow = with_zero(exponential(0, -1, {1, 2, 4}), 0.001, 8);
  const FloatHistogram wide = with_zero(exponential(0, 1, {16}), 0.75, 32);
  for (auto [a, b] : {std::pair{narrow, wide}, std::pair{wide, narrow}}) {
    ASSERT_TRUE(a.add(b));
    EXPECT_EQ(a.to_string(), "{count:0, sum:0, [-1,1]:43, (1,2]:20}");
  }
}

TEST(Histogram, AddsCustomBucketsAtTheirCommonBounds) {
  FloatHistogram sum = custom({1, 2, 3}, {1, 1, 1, 1});
  const auto notes = sum.add(custom({2, 4}, {10, 10, 10}));
  ASSERT_TRUE(notes);
  EXPECT_TRUE(notes->custom_bounds_reconciled);
  EXPECT_EQ(sum.to_string(), "{count:0, sum:0, [-Inf,2]:12, (2,+Inf]:22}");
  EXPECT_FALSE(custom({1}, {1, 1}).add(custom({1}, {1}))->custom_bounds_reconciled);
}

TEST(Histogram, RefusesToMixExponentialAndCustomBuckets) {
  FloatHistogram histogram = exponential(0, 0, {1}, 1, 1);
  const auto notes = histogram.add(custom({1}, {1, 1}));
  ASSERT_FALSE(notes);
  EXPECT_EQ(notes.error().code, ErrorCode::Execution);
  EXPECT_TRUE(histogram.equals(exponential(0, 0, {1}, 1, 1)));
}

TEST(Histogram, SettlesTheCounterResetHint) {
  using Hint = CounterResetHint;
  struct Case {
    Hint a;
    Hint b;
    Hint sum;
    bool collision;
  };
  const Case cases[] = {
      {Hint::Unknown, Hint::Unknown, Hint::Unknown, false},
      {Hint::Reset, Hint::Reset, Hint::Reset, false},
      {Hint::NotReset, Hint::NotReset, Hint::NotReset, false},
      {Hint::Gauge, Hint::Reset, Hint::Gauge, false},
      {Hint::NotReset, Hint::Gauge, Hint::Gauge, false},
      {Hint::Unknown, Hint::Gauge, Hint::Gauge, false},
      {Hint::Unknown, Hint::NotReset, Hint::Unknown, false},
      {Hint::Reset, Hint::Unknown, Hint::Unknown, false},
      {Hint::Reset, Hint::NotReset, Hint::Unknown, true},
      {Hint::NotReset, Hint::Reset, Hint::Unknown, true},
  };
  for (const Case& entry : cases) {
    FloatHistogram sum = with_hint({}, entry.a);
    const auto notes = sum.add(with_hint({}, entry.b));
    ASSERT_TRUE(notes);
    EXPECT_EQ(sum.counter_reset_hint, entry.sum);
    EXPECT_EQ(notes->counter_reset_collision, entry.collision);
  }
}

TEST(Histogram, ScalesAllItsCounts) {
  FloatHistogram histogram = with_zero(exponential(0, 0, {2, 4}, 8, 3), 0.001, 2);
  histogram.multiply(-0.5);
  EXPECT_EQ(histogram.to_string(), "{count:-4, sum:-1.5, [-0.001,0.001]:-1, (0.5,1]:-1, (1,2]:-2}");
  EXPECT_EQ(histogram.counter_reset_hint, CounterResetHint::Gauge);
  histogram.divide(-0.5);
  EXPECT_EQ(histogram.to_string(), "{count:8, sum:3, [-0.001,0.001]:2, (0.5,1]:2, (1,2]:4}");
}

TEST(Histogram, DivisionByZeroRemovesTheBuckets) {
  FloatHistogram histogram = exponential(0, 0, {2, 4}, 6, 0);
  histogram.divide(0);
  EXPECT_EQ(histogram.count, kInfinity);
  EXPECT_TRUE(std::isnan(histogram.sum));
  EXPECT_TRUE(histogram.positive_spans.empty());
  EXPECT_TRUE(histogram.positive_buckets.empty());
}

TEST(Histogram, DetectsResets) {
  const FloatHistogram before = with_zero(exponential(1, 1, {1, 2}, 5, 9), 0.5, 2);
  struct Case {
    const char* why;
    FloatHistogram now;
    bool is_reset;
  };
  const Case cases[] = {
      {"the same", before, false},
      {"a smaller sum is none", with_zero(exponential(1, 1, {1, 2}, 5, 1), 0.5, 2), false},
      {"more of all", with_zero(exponential(1, 1, {1, 3, 1}, 8, 9), 0.5, 3), false},
      {"less in all", with_zero(exponential(1, 1, {1, 2}, 4, 9), 0.5, 2), true},
      {"less in a bucket", with_zero(exponential(1, 1, {2, 1}, 5, 9), 0.5, 2), true},
      {"a bucket is gone", with_zero(exponential(1, 2, {9}, 12, 9), 0.5, 2), true},
      {"less in the zero bucket", with_zero(exponential(1, 1, {2, 2}, 5, 9), 0.5, 1), true},
      {"a narrower zero bucket", with_zero(exponential(1, 1, {1, 2}, 5, 9), 0.25, 2), true},
      {"a coarser schema", with_zero(exponential(0, 1, {3}, 5, 9), 0.5, 2), false},
      {"a coarser schema with less", with_zero(exponential(0, 1, {2}, 5, 9), 0.5, 3), true},
      {"a finer schema", with_zero(exponential(2, 1, {1, 1, 1, 1}, 6, 9), 0.5, 2), true},
      {"a zero bucket that ate buckets", with_zero(exponential(1, 3, {1}, 6, 9), 2, 5), false},
      {"a zero bucket that cuts a bucket", with_zero(exponential(1, 2, {2}, 6, 9), 1.2, 4), true},
      {"custom buckets", custom({1}, {50, 50}), true},
      {"the hint says so", with_hint(before, CounterResetHint::Reset), true},
      {"the hint denies it", with_hint(exponential(1, 1, {0}), CounterResetHint::NotReset), false},
  };
  for (const Case& entry : cases) {
    FloatHistogram now = entry.now;
    if (now.uses_custom_buckets()) now.count = 100;
    EXPECT_EQ(now.detect_reset(before), entry.is_reset) << entry.why;
  }
}

TEST(Histogram, DetectsResetsOfCustomBucketsAtCommonBounds) {
  const FloatHistogram before = custom({1, 2}, {1, 1, 1});
  EXPECT_FALSE(custom({2}, {2, 1}).detect_reset(before));
  EXPECT_TRUE(custom({2}, {1, 2}).detect_reset(before));
}

TEST(Histogram, EqualityIgnoresTheHintAndTheDivisionIntoSpans) {
  const FloatHistogram histogram = exponential(0, 0, {1, 2}, 3, 4);
  FloatHistogram other = with_hint(histogram, CounterResetHint::Gauge);
  other.positive_spans = {{0, 1}, {0, 1}};
  EXPECT_TRUE(histogram.equals(other));
  other.sum = 5;
  EXPECT_FALSE(histogram.equals(other));
  EXPECT_FALSE(histogram.equals(exponential(0, 1, {1, 2}, 3, 4)));
  EXPECT_FALSE(custom({1}, {1, 2}).equals(custom({2}, {1, 2})));
}

}  // namespace
}  // namespace promenade
