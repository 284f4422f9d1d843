// tests/unit/tsdb/head_snapshot_test.cc
// A snapshot stays as it was, whatever is appended and truncated meanwhile; what it holds back is
// let go with it.
#include "tsdb/head_snapshot.h"

#include <gtest/gtest.h>

#include <memory>

#include "base/random.h"
#include "model/histogram.h"
#include "tsdb/head.h"

namespace promenade::tsdb {
namespace {

const Labels kUp{{"__name__", "up"}, {"job", "x"}};
const Labels kDown{{"__name__", "down"}, {"job", "x"}};

Selection selection(const std::string& metric, TimeRange range = kAllTime) {
  return {{Matcher::equal("__name__", metric)}, range};
}

void append(Head& head, const Labels& labels, int64_t time_ms, double value) {
  Appender appender = head.appender();
  ASSERT_EQ(appender.append(appender.series(labels), {time_ms}, value), AppendOutcome::Appended);
  appender.commit();
}

std::unique_ptr<HeadSnapshot> snapshot(const Head& head, const std::vector<Selection>& selections) {
  return std::move(*head.snapshot(selections));
}

SampleColumns samples(const SampleSource& source, const std::string& metric,
                      TimeRange range = kAllTime) {
  SampleColumns out;
  const Selection asked = selection(metric, range);
  const auto series = source.select(asked.matchers, range);
  EXPECT_TRUE(series);
  for (const SelectedSeries& one : *series) EXPECT_TRUE(source.read(one.ref, range, out));
  return out;
}

TEST(HeadSnapshot, DoesNotSeeWhatIsAppendedLater) {
  Head head;
  for (int64_t i = 0; i < 500; ++i) append(head, kUp, i * 1000, static_cast<double>(i));
  const auto taken = snapshot(head, {selection("up")});
  for (int64_t i = 500; i < 1000; ++i) append(head, kUp, i * 1000, static_cast<double>(i));
  const SampleColumns out = samples(*taken, "up");
  ASSERT_EQ(out.values.size(), 500u);
  EXPECT_EQ(out.values.back(), 499);
  EXPECT_EQ(samples(head, "up").values.size(), 1000u);
}

TEST(HeadSnapshot, GoesOnReadingWhatIsTruncated) {
  Head head;
  for (int64_t i = 0; i < 500; ++i) append(head, kUp, i * 1000, static_cast<double>(i));
  auto taken = snapshot(head, {selection("up")});
  head.truncate({600'000});
  EXPECT_EQ(head.series_count(), 0u);
  EXPECT_EQ(samples(*taken, "up").values.size(), 500u);
  EXPECT_EQ(taken->select(selection("up").matchers, kAllTime)->front().labels->to_string(),
            "up{job=\"x\"}");
}

TEST(HeadSnapshot, MayOutliveItsHead) {
  auto head = std::make_unique<Head>();
  append(*head, kUp, 1000, 1);
  const auto taken = snapshot(*head, {selection("up")});
  head.reset();
  EXPECT_EQ(taken->series_count(), 1u);
}

TEST(HeadSnapshot, KeepsSelectionsApartAndSeriesOnce) {
  Head head;
  append(head, kUp, 1000, 1);
  append(head, kDown, 2000, 2);
  const auto taken =
      snapshot(head, {selection("down"), selection("up"), selection("up", {{0}, {500}})});
  EXPECT_EQ(taken->series_count(), 2u);
  EXPECT_EQ(samples(*taken, "down").values, std::vector<double>{2});
  EXPECT_EQ(samples(*taken, "up").values, std::vector<double>{1});
  EXPECT_TRUE(samples(*taken, "up", {{0}, {500}}).values.empty());
}

TEST(HeadSnapshot, RefusesWhatWasNotForeseen) {
  Head head;
  append(head, kUp, 1000, 1);
  const auto taken = snapshot(head, {selection("up", {{500}, {1500}})});
  EXPECT_EQ(taken->select(selection("down").matchers, {{500}, {1500}}).error().code,
            ErrorCode::Internal);
  EXPECT_EQ(taken->select(selection("up").matchers, {{0}, {1500}}).error().code,
            ErrorCode::Internal);
}

TEST(HeadSnapshot, MakesSelectionsWithTheSameMatchersOnce) {
  Head head;
  append(head, kUp, 1000, 1);
  append(head, kDown, 1000, 1);
  int selections = 0;
  const std::vector<Selection> asked(100, selection("up"));
  const auto count = [&selections]() -> Result<void> {
    ++selections;
    return {};
  };
  const auto taken = head.snapshot(asked, {.selected_max = 1, .check = count});
  ASSERT_TRUE(taken);
  EXPECT_EQ(selections, 1);
  EXPECT_EQ(samples(**taken, "up").values, std::vector<double>{1});
}

TEST(HeadSnapshot, CountsASeriesForEverySelectionAndRange) {
  Head head;
  append(head, kUp, 1000, 1);
  const Matcher job = Matcher::equal("job", "x");
  const TimeRange early{{0}, {2000}};
  const TimeRange late{{5000}, {6000}};
  const std::vector<Selection> asked = {
      selection("up", early), selection("up", late), {{job}, early}};
  EXPECT_TRUE(head.snapshot(asked, {.selected_max = 3}));
  const auto refused = head.snapshot(asked, {.selected_max = 2});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::Limit);
}

TEST(HeadSnapshot, StopsWhenItIsToldTo) {
  Head head;
  append(head, kUp, 1000, 1);
  int selections = 0;
  const auto stop = [&selections]() -> Result<void> {
    if (++selections == 2) return fail(ErrorCode::Canceled, "enough");
    return {};
  };
  const std::vector<Selection> asked = {selection("a"), selection("b"), selection("c")};
  EXPECT_EQ(head.snapshot(asked, {.check = stop}).error().code, ErrorCode::Canceled);
  EXPECT_EQ(selections, 2);
}

TEST(HeadSnapshot, HoldsHistogramsBesideFloats) {
  Head head;
  append(head, kUp, 1000, 1);
  auto histogram = std::make_shared<FloatHistogram>();
  histogram->count = 7;
  Appender appender = head.appender();
  appender.append(appender.series(kUp), {2000}, histogram);
  appender.commit();
  const SampleColumns out = samples(*snapshot(head, {selection("up")}), "up");
  EXPECT_EQ(out.times_ms, std::vector<int64_t>{1000});
  ASSERT_EQ(out.histograms.size(), 1u);
  EXPECT_EQ(out.histograms[0].histogram->count, 7);
}

TEST(HeadSnapshot, HoldsNothingBetweenTheRangesOfOneSeries) {
  Head head;
  for (int64_t i = 0; i < 5000; ++i) append(head, kUp, i * 1000, static_cast<double>(i * i));
  const TimeRange old{{10'000}, {30'000}};
  const TimeRange middle{{20'000}, {40'000}};
  const TimeRange recent{{4'900'000}, {5'000'000}};
  const auto taken =
      snapshot(head, {selection("up", recent), selection("up", old), selection("up", middle)});
  const uint64_t whole = snapshot(head, {selection("up")})->byte_count();
  EXPECT_LT(taken->byte_count(), whole / 5);
  for (const TimeRange range : {old, middle, recent}) {
    const SampleColumns read = samples(*taken, "up", range);
    const SampleColumns expected = samples(head, "up", range);
    EXPECT_EQ(read.times_ms, expected.times_ms);
    EXPECT_EQ(read.values, expected.values);
  }
}

TEST(HeadSnapshot, HoldsAChunkOnceThatTwoRangesTouch) {
  Head head;
  for (int64_t i = 0; i < 100; ++i) append(head, kUp, i * 1000, static_cast<double>(i));
  Appender appender = head.appender();
  const auto histogram = std::make_shared<FloatHistogram>();
  for (int64_t i = 100; i < 200; ++i) appender.append(appender.series(kUp), {i * 1000}, histogram);
  appender.commit();
  const TimeRange all{{0}, {200'000}};
  const auto taken = snapshot(head, {selection("up", {{0}, {120'000}}), selection("up", all),
                                     selection("up", {{10'000}, {110'000}})});
  const SampleColumns read = samples(*taken, "up", all);
  EXPECT_EQ(read.values.size(), 100u);
  EXPECT_EQ(read.histograms.size(), 100u);
  EXPECT_EQ(taken->byte_count(), snapshot(head, {selection("up")})->byte_count());
}

// Any part of the range reads like the head did at the moment the snapshot was taken.
TEST(HeadSnapshot, EqualsTheHeadOfItsMoment) {
  Random random(11);
  Head head;
  int64_t now_ms = 0;
  for (int round = 0; round < 40; ++round) {
    for (int i = 0; i < 50; ++i) {
      now_ms += random.between(1, 40'000);
      append(head, random.chance(0.5) ? kUp : kDown, now_ms, random.uniform());
    }
    if (random.chance(0.3)) head.truncate({now_ms - 20'000'000});
    const int64_t from_ms = random.between(0, now_ms);
    const TimeRange range{{from_ms}, {random.between(from_ms, now_ms)}};
    const SampleColumns expected = samples(head, "up", range);
    const auto taken = snapshot(head, {selection("up"), selection("down")});
    append(head, kUp, ++now_ms, 1);
    const SampleColumns read = samples(*taken, "up", range);
    EXPECT_EQ(read.times_ms, expected.times_ms);
    EXPECT_EQ(read.values, expected.values);
  }
}

TEST(Retirement, FreesAtOnceWhenNobodyCanBeReading) {
  Retirement retirement;
  retirement.retire(std::make_unique<int>(1));
  EXPECT_EQ(retirement.kept_count(), 0u);
}

TEST(Retirement, WaitsForTheSnapshotsThatWereOpen) {
  Retirement retirement;
  const uint64_t first = retirement.open();
  retirement.retire(std::make_unique<int>(1));
  const uint64_t second = retirement.open();
  retirement.retire(std::make_unique<int>(2));
  EXPECT_EQ(retirement.kept_count(), 2u);
  retirement.close(first);
  EXPECT_EQ(retirement.kept_count(), 1u);
  retirement.close(second);
  EXPECT_EQ(retirement.kept_count(), 0u);
}

}  // namespace
}  // namespace promenade::tsdb
