// tests/unit/tsdb/histogram_chunks_test.cc
#include "tsdb/histogram_chunks.h"

#include <gtest/gtest.h>

#include <functional>

namespace promenade::tsdb {
namespace {

using Hint = CounterResetHint;
using Change = std::function<void(FloatHistogram&)>;

FloatHistogram made(const Change& change = nullptr) {
  FloatHistogram histogram;
  histogram.count = 5;
  histogram.sum = 9;
  histogram.zero_threshold = 0.5;
  histogram.zero_count = 1;
  histogram.positive_spans = {{0, 2}};
  histogram.positive_buckets = {1, 3};
  if (change) change(histogram);
  return histogram;
}

Hint hint_after(const FloatHistogram* previous, const FloatHistogram& histogram) {
  return as_read_back(std::make_shared<const FloatHistogram>(histogram), previous)
      ->counter_reset_hint;
}

void stale(FloatHistogram& histogram) {
  histogram = {};
  histogram.sum = stale_nan();
}
void gauge(FloatHistogram& histogram) {
  histogram.counter_reset_hint = Hint::Gauge;
}
Change hinted(Hint hint) {
  return [hint](FloatHistogram& histogram) { histogram.counter_reset_hint = hint; };
}

TEST(HistogramChunks, TheFirstSampleSaysNothing) {
  EXPECT_EQ(hint_after(nullptr, made()), Hint::Unknown);
  EXPECT_EQ(hint_after(nullptr, made(hinted(Hint::Reset))), Hint::Unknown);
  EXPECT_EQ(hint_after(nullptr, made(hinted(Hint::NotReset))), Hint::Unknown);
}

TEST(HistogramChunks, ASampleThatContinuesTheChunkWasNotReset) {
  const FloatHistogram first = made();
  const Change changes[] = {
      nullptr,
      [](FloatHistogram& h) { h.count = 6; },
      [](FloatHistogram& h) { h.sum = -3; },
      [](FloatHistogram& h) { h.zero_count = 2; },
      [](FloatHistogram& h) { h.positive_buckets[1] = 4; },
      [](FloatHistogram& h) {
        h.positive_spans = {{0, 3}};
        h.positive_buckets = {1, 3, 7};
      },
      hinted(Hint::NotReset),
      stale,
  };
  for (const Change& change : changes) EXPECT_EQ(hint_after(&first, made(change)), Hint::NotReset);
}

TEST(HistogramChunks, AResetOrAnotherLayoutBeginsAChunk) {
  const FloatHistogram first = made();
  const Change changes[] = {
      [](FloatHistogram& h) { h.count = 4; },
      [](FloatHistogram& h) { h.zero_count = 0; },
      [](FloatHistogram& h) { h.positive_buckets[1] = 2; },
      [](FloatHistogram& h) {
        h.positive_spans = {{1, 2}};
      },
      [](FloatHistogram& h) { h.schema = -1; },
      [](FloatHistogram& h) { h.zero_threshold = 1; },
      hinted(Hint::Reset),
      [](FloatHistogram& h) {
        h.counter_reset_hint = Hint::NotReset;  // The buckets say otherwise.
        h.count = 4;
      },
  };
  for (const Change& change : changes) EXPECT_EQ(hint_after(&first, made(change)), Hint::Unknown);
}

TEST(HistogramChunks, CustomBoundsAreALayout) {
  const auto bounded = [](std::vector<double> bounds) {
    return made([&](FloatHistogram& h) {
      h.schema = kCustomBucketsSchema;
      h.custom_values = std::move(bounds);
    });
  };
  const FloatHistogram first = bounded({1, 2});
  EXPECT_EQ(hint_after(&first, bounded({1, 2})), Hint::NotReset);
  EXPECT_EQ(hint_after(&first, bounded({1, 2, 3})), Hint::Unknown);
}

TEST(HistogramChunks, GaugesStayGaugesAndEndCounters) {
  const FloatHistogram counter = made();
  const FloatHistogram gauges = made(gauge);
  EXPECT_EQ(hint_after(&counter, gauges), Hint::Gauge);
  EXPECT_EQ(hint_after(&gauges, gauges), Hint::Gauge);
  EXPECT_EQ(hint_after(&gauges, counter), Hint::Unknown);
}

TEST(HistogramChunks, AfterAStaleMarkerAChunkBegins) {
  const FloatHistogram end = made(stale);
  EXPECT_EQ(hint_after(&end, made()), Hint::Unknown);
}

}  // namespace
}  // namespace promenade::tsdb
