// tests/unit/tsdb/head_test.cc
// The head's promises: order rules, commits, truncation, statistics; then a random history of all
// of them against a std::map.
#include "tsdb/head.h"

#include <gtest/gtest.h>

#include <map>

#include "base/bits.h"
#include "base/random.h"
#include "model/histogram.h"

namespace promenade::tsdb {
namespace {

const Labels kUp{{"__name__", "up"}, {"job", "x"}};

HistogramPtr histogram(double count) {
  auto made = std::make_shared<FloatHistogram>();
  made->count = count;
  made->zero_count = count;
  return made;
}

std::vector<SelectedSeries> select(const Head& head, const std::vector<Matcher>& matchers,
                                   TimeRange range) {
  return *head.select(matchers, range);
}

// "10=1 20=2 30=h": all samples of the series with these labels.
std::string dump(const Head& head, const Labels& labels, TimeRange range = kAllTime) {
  std::map<int64_t, std::string> samples;
  for (const SelectedSeries& series : select(head, {}, range)) {
    if (*series.labels != labels) continue;
    SampleColumns out;
    EXPECT_TRUE(head.read(series.ref, range, out));
    for (size_t i = 0; i < out.times_ms.size(); ++i) {
      samples[out.times_ms[i]] = std::to_string(static_cast<int64_t>(out.values[i]));
    }
    for (const HistogramSample& sample : out.histograms) samples.emplace(sample.time_ms, "h");
  }
  std::string text;
  for (const auto& [time_ms, value] : samples) {
    if (!text.empty()) text += ' ';
    text += std::to_string(time_ms);
    text += '=';
    text += value;
  }
  return text;
}

void append_all(Head& head, const Labels& labels,
                const std::vector<std::pair<int64_t, double>>& samples) {
  Appender appender = head.appender();
  const SeriesRef series = appender.series(labels);
  for (const auto& [time_ms, value] : samples) {
    EXPECT_EQ(appender.append(series, {time_ms}, value), AppendOutcome::Appended);
  }
  appender.commit();
}

// "10<5": the start time of each sample, floats and histograms in one order of time.
std::string dump_starts(const Head& head, TimeRange range = kAllTime) {
  SampleColumns out;
  EXPECT_TRUE(head.read(select(head, {}, range).at(0).ref, range, out));
  std::map<int64_t, int64_t> starts;
  for (size_t i = 0; i < out.start_times_ms.size(); ++i) {
    starts[out.times_ms[i]] = out.start_times_ms[i];
  }
  for (const HistogramSample& sample : out.histograms) starts[sample.time_ms] = sample.start_ms;
  std::string text;
  for (const auto& [time_ms, start_ms] : starts) {
    text += std::to_string(time_ms) + "<" + std::to_string(start_ms) + " ";
  }
  return text;
}

TEST(Head, KeepsWhenCountersBegan) {
  Head head;
  {
    Appender appender = head.appender();
    const SeriesRef series = appender.series(kUp);
    appender.append(series, {10}, 1.0);
    appender.append(series, {20}, 2.0, {15});
    appender.append(series, {30}, 3.0, {15});
    appender.append(series, {40}, 4.0);
    appender.append(series, {50}, histogram(1), {45});
    appender.append(series, {60}, 5.0, {55});
    appender.commit();
  }
  {
    Appender appender = head.appender();
    appender.append(appender.series(kUp), {70}, 6.0, {65});
    appender.rollback();
  }
  {
    Appender appender = head.appender();
    appender.append(appender.series(kUp), {70}, 6.0);
    appender.commit();
  }
  EXPECT_EQ(dump_starts(head), "10<0 20<15 30<15 40<0 50<45 60<55 70<0 ");
  EXPECT_EQ(dump_starts(head, {{25}, {60}}), "30<15 40<0 50<45 60<55 ");
}

TEST(Head, ASeriesWithoutStartTimesReadsNone) {
  Head head;
  append_all(head, kUp, {{10, 1}, {20, 2}});
  EXPECT_EQ(dump_starts(head), "");
}

TEST(Head, SamplesAppearWithTheCommit) {
  Head head;
  Appender appender = head.appender();
  const SeriesRef series = appender.series(kUp);
  EXPECT_EQ(appender.append(series, {10}, 1), AppendOutcome::Appended);
  EXPECT_EQ(dump(head, kUp), "");
  EXPECT_TRUE(select(head, {}, kAllTime).empty());
  appender.commit();
  EXPECT_EQ(dump(head, kUp), "10=1");
  EXPECT_EQ(appender.append(series, {20}, 2), AppendOutcome::Appended);
  appender.commit();
  EXPECT_EQ(dump(head, kUp), "10=1 20=2");
}

TEST(Head, RollbackAndDestructionForgetSamples) {
  Head head;
  append_all(head, kUp, {{10, 1}});
  {
    Appender appender = head.appender();
    const SeriesRef series = appender.series(kUp);
    EXPECT_EQ(appender.append(series, {20}, 2), AppendOutcome::Appended);
    EXPECT_EQ(appender.append(series, {25}, histogram(1)), AppendOutcome::Appended);
    appender.rollback();
    EXPECT_EQ(appender.append(series, {15}, 3), AppendOutcome::Appended);
  }
  EXPECT_EQ(dump(head, kUp), "10=1");
  append_all(head, kUp, {{12, 4}});
  EXPECT_EQ(dump(head, kUp), "10=1 12=4");
}

TEST(Head, AMovedAppenderStillCounts) {
  Head head;
  {
    Appender first = head.appender();
    Appender second = std::move(first);
    second.append(second.series(kUp), {1}, 1);
    second.commit();
  }
  EXPECT_EQ(dump(head, kUp), "1=1");
  append_all(head, kUp, {{2, 2}});
}

TEST(Head, OrderIsCheckedAgainstPendingAndCommitted) {
  const auto check = [](Appender& appender, SeriesRef series) {
    EXPECT_EQ(appender.append(series, {10}, 1), AppendOutcome::Appended) << "same value again";
    EXPECT_EQ(appender.append(series, {10}, 2), AppendOutcome::DuplicateTimestamp);
    EXPECT_EQ(appender.append(series, {10}, histogram(1)), AppendOutcome::DuplicateTimestamp);
    EXPECT_EQ(appender.append(series, {9}, 1), AppendOutcome::OutOfOrder);
    EXPECT_EQ(appender.append(series, {9}, histogram(1)), AppendOutcome::OutOfOrder);
  };
  Head head;
  Appender appender = head.appender();
  const SeriesRef series = appender.series(kUp);
  EXPECT_EQ(appender.append(series, {10}, 1), AppendOutcome::Appended);
  check(appender, series);
  appender.commit();
  check(appender, series);
  appender.commit();
  EXPECT_EQ(dump(head, kUp), "10=1");
}

TEST(Head, NaNsAreComparedByTheirBits) {
  Head head;
  Appender appender = head.appender();
  const SeriesRef series = appender.series(kUp);
  EXPECT_EQ(appender.append(series, {10}, stale_nan()), AppendOutcome::Appended);
  EXPECT_EQ(appender.append(series, {10}, stale_nan()), AppendOutcome::Appended);
  EXPECT_EQ(appender.append(series, {10}, normal_nan()), AppendOutcome::DuplicateTimestamp);
  EXPECT_EQ(appender.append(series, {20}, 0.0), AppendOutcome::Appended);
  EXPECT_EQ(appender.append(series, {20}, -0.0), AppendOutcome::DuplicateTimestamp);
}

TEST(Head, HistogramsFollowTheSameRules) {
  Head head;
  Appender appender = head.appender();
  const SeriesRef series = appender.series(kUp);
  EXPECT_EQ(appender.append(series, {10}, histogram(1)), AppendOutcome::Appended);
  EXPECT_EQ(appender.append(series, {10}, histogram(1)), AppendOutcome::Appended);
  EXPECT_EQ(appender.append(series, {10}, histogram(2)), AppendOutcome::DuplicateTimestamp);
  EXPECT_EQ(appender.append(series, {10}, 1.0), AppendOutcome::DuplicateTimestamp);
  EXPECT_EQ(appender.append(series, {20}, 1.0), AppendOutcome::Appended);
  EXPECT_EQ(appender.append(series, {30}, histogram(3)), AppendOutcome::Appended);
  appender.commit();
  EXPECT_EQ(appender.append(series, {30}, histogram(3)), AppendOutcome::Appended);
  EXPECT_EQ(appender.append(series, {30}, histogram(4)), AppendOutcome::DuplicateTimestamp);
  appender.commit();
  EXPECT_EQ(dump(head, kUp), "10=h 20=1 30=h");
  EXPECT_EQ(dump(head, kUp, {{11}, {30}}), "20=1 30=h");
  EXPECT_EQ(dump(head, kUp, {{10}, {10}}), "10=h");
}

TEST(Head, ASeriesIsItsLabels) {
  Head head;
  Appender appender = head.appender();
  const SeriesRef series = appender.series(kUp);
  EXPECT_EQ(appender.series(Labels{{"job", "x"}, {"__name__", "up"}}), series);
  EXPECT_NE(appender.series(Labels{{"job", "y"}, {"__name__", "up"}}), series);
  EXPECT_EQ(head.series_count(), 2u);
}

TEST(Head, FindsOnlyWhatIsThere) {
  Head head;
  Appender appender = head.appender();
  EXPECT_FALSE(appender.find(kUp));
  const SeriesRef series = appender.series(kUp);
  EXPECT_EQ(appender.find(kUp), series);
  EXPECT_FALSE(appender.find(Labels{{"__name__", "up"}}));
}

TEST(Head, TheMinimumValidTimeFollowsTheNewestSample) {
  Head head;
  EXPECT_EQ(head.min_valid_time().ms, INT64_MIN);
  append_all(head, kUp, {{10'000'000, 1}});
  EXPECT_EQ(head.min_valid_time().ms, 10'000'000 - 3'600'000);
  append_all(head, {{"__name__", "older"}}, {{9'000'000, 1}});
  EXPECT_EQ(head.min_valid_time().ms, 10'000'000 - 3'600'000);
}

TEST(Head, ReadsExactlyTheRangeAcrossChunks) {
  Head head;
  std::vector<std::pair<int64_t, double>> samples;
  for (int64_t i = 0; i < 1000; ++i) samples.push_back({i * 15'000, static_cast<double>(i)});
  append_all(head, kUp, samples);
  for (const int64_t first : {0, 1, 119, 120, 479, 480, 500, 999}) {
    for (const int64_t last : {0, 119, 120, 121, 481, 998, 999}) {
      const TimeRange range{{first * 15'000}, {last * 15'000 + 14'999}};
      SampleColumns out;
      out.times_ms = {-1};
      out.values = {-1};
      ASSERT_TRUE(head.read(SeriesRef{1}, range, out));
      const size_t expected = last < first ? 0 : static_cast<size_t>(last - first + 1);
      ASSERT_EQ(out.times_ms.size(), expected + 1) << first << " " << last;
      ASSERT_EQ(out.values.size(), expected + 1);
      if (expected == 0) continue;
      EXPECT_EQ(out.times_ms[1], first * 15'000);
      EXPECT_EQ(out.times_ms.back(), last * 15'000);
      EXPECT_EQ(out.values.back(), static_cast<double>(last));
    }
  }
}

TEST(Head, CutsChunksWherePrometheusDoes) {
  struct {
    int64_t interval_ms;
    int64_t count;
    uint64_t chunks;
  } const cases[] = {
      {15'000, 480, 4},    // Two hours at 15 s divide into 4 chunks of 120.
      {15'000, 481, 5},    // The next range starts a new one.
      {60'000, 120, 1},    // Two hours at 1 m fit into one.
      {10'000, 720, 6},    //
      {3'600'000, 10, 5},  // At most two samples fit between aligned boundaries.
  };
  for (const auto& test : cases) {
    Head head;
    std::vector<std::pair<int64_t, double>> samples;
    for (int64_t i = 0; i < test.count; ++i) samples.push_back({i * test.interval_ms, 1});
    append_all(head, kUp, samples);
    EXPECT_EQ(head.statistics(0).chunk_count, test.chunks) << test.interval_ms << " " << test.count;
  }
}

TEST(Head, ChunksStayBoundedWhenSamplesComeFasterOrLonger) {
  Head head;
  std::vector<std::pair<int64_t, double>> faster;
  for (int64_t i = 0; i < 30; ++i) faster.push_back({i * 200'000, 1});
  for (int64_t i = 0; i < 1000; ++i) faster.push_back({6'000'000 + i, 1});
  append_all(head, kUp, faster);
  EXPECT_EQ(head.statistics(0).chunk_count, 8u);  // 240 in the first, then 120 in each.

  Random random(5);
  std::vector<std::pair<int64_t, double>> incompressible;
  for (int64_t i = 0; i < 240; ++i)
    incompressible.push_back({i * 1000, bit_cast<double>(random.next() >> 2)});
  Head other;
  append_all(other, kUp, incompressible);
  EXPECT_GE(other.statistics(0).chunk_count, 2u);  // A chunk has a kibibyte at most.
}

TEST(Head, SelectsByMatchersAndTime) {
  Head head;
  append_all(head, {{"__name__", "a"}, {"x", "1"}}, {{100, 1}, {200, 1}});
  append_all(head, {{"__name__", "a"}, {"x", "2"}}, {{300, 1}});
  append_all(head, {{"__name__", "b"}, {"y", "1"}}, {{100, 1}});
  const auto found = [&](const std::vector<Matcher>& matchers, TimeRange range) {
    std::string text;
    for (const SelectedSeries& series : select(head, matchers, range))
      text += series.labels->to_string();
    return text;
  };
  EXPECT_EQ(found({}, kAllTime), "a{x=\"1\"}a{x=\"2\"}b{y=\"1\"}");
  EXPECT_EQ(found({Matcher::equal("__name__", "a")}, kAllTime), "a{x=\"1\"}a{x=\"2\"}");
  EXPECT_EQ(found({Matcher::equal("__name__", "a")}, {{0}, {250}}), "a{x=\"1\"}");
  EXPECT_EQ(found({}, {{201}, {299}}), "");
  EXPECT_EQ(found({Matcher::equal("x", "")}, kAllTime), "b{y=\"1\"}");
}

TEST(Head, ListsLabelNamesAndValues) {
  Head head;
  append_all(head, {{"__name__", "a"}, {"x", "2"}}, {{100, 1}});
  append_all(head, {{"__name__", "a"}, {"x", "1"}}, {{300, 1}});
  append_all(head, {{"__name__", "b"}, {"y", "1"}}, {{100, 1}});
  using Strings = std::vector<std::string>;
  const std::vector<Matcher> a = {Matcher::equal("__name__", "a")};
  EXPECT_EQ(*head.label_names({}, kAllTime), (Strings{"__name__", "x", "y"}));
  EXPECT_EQ(*head.label_names(a, kAllTime), (Strings{"__name__", "x"}));
  EXPECT_EQ(*head.label_values("x", {}, kAllTime), (Strings{"1", "2"}));
  EXPECT_EQ(*head.label_values("x", a, {{0}, {150}}), (Strings{"2"}));
  EXPECT_EQ(*head.label_values("y", a, kAllTime), Strings{});
  EXPECT_EQ(*head.label_values("missing", {}, kAllTime), Strings{});
}

TEST(Head, TruncationDropsChunksAndEmptySeries) {
  Head head;
  std::vector<std::pair<int64_t, double>> samples;
  for (int64_t i = 0; i < 481; ++i) samples.push_back({i * 15'000, 1});
  append_all(head, kUp, samples);
  const Labels old{{"__name__", "old"}};
  append_all(head, old, {{0, 1}});

  head.truncate({1'900'000});  // Within the second chunk, which begins at 120 * 15 s.
  EXPECT_EQ(dump(head, kUp).substr(0, 9), "1800000=1");
  EXPECT_EQ(dump(head, old), "");
  EXPECT_EQ(head.series_count(), 1u);
  EXPECT_EQ(*head.label_values("__name__", {}, kAllTime), std::vector<std::string>{"up"});

  Appender appender = head.appender();
  EXPECT_TRUE(appender.is_alive(SeriesRef{1}));
  EXPECT_FALSE(appender.is_alive(SeriesRef{2}));
  EXPECT_FALSE(appender.is_alive(SeriesRef{0}));
  EXPECT_FALSE(appender.is_alive(SeriesRef{99}));
  EXPECT_EQ(appender.series(old), SeriesRef{3}) << "numbers are not used again";
  SampleColumns out;
  const Result<void> gone = head.read(SeriesRef{2}, kAllTime, out);
  ASSERT_FALSE(gone);
  EXPECT_EQ(gone.error().code, ErrorCode::NotFound);
  EXPECT_EQ(gone.error().message, "series 2 is no longer in the head");
}

TEST(Head, TruncationSparesSeriesOfAnOpenAppender) {
  Head head;
  append_all(head, kUp, {{10, 1}});
  {
    Appender appender = head.appender();
    const SeriesRef series = appender.series(kUp);
    head.truncate({1000});
    ASSERT_TRUE(appender.is_alive(series));
    EXPECT_EQ(appender.append(series, {2000}, 2), AppendOutcome::Appended);
    appender.commit();
  }
  EXPECT_EQ(dump(head, kUp), "2000=2");
  head.truncate({5000});
  EXPECT_EQ(head.series_count(), 0u);
  head.truncate({5000});
  EXPECT_TRUE(head.label_names({}, kAllTime)->empty());
  append_all(head, kUp, {{1, 1}});
  EXPECT_EQ(dump(head, kUp), "1=1");
}

TEST(Head, CountsForTheStatusPage) {
  Head head;
  append_all(head, {{"__name__", "a"}, {"x", "10"}}, {{100, 1}, {200, 1}});
  append_all(head, {{"__name__", "a"}, {"x", "20"}}, {{300, 1}});
  append_all(head, {{"__name__", "b"}}, {{50, 1}});
  const auto text = [](const std::vector<LabelCount>& counts) {
    std::string out;
    for (const LabelCount& count : counts) {
      out += count.name;
      out += ':';
      out += std::to_string(count.value);
      out += ' ';
    }
    return out;
  };
  const HeadStatistics all = head.statistics(10);
  EXPECT_EQ(all.series_count, 3u);
  EXPECT_EQ(all.label_pair_count, 4u);
  EXPECT_EQ(all.chunk_count, 3u);
  EXPECT_EQ(all.sample_count, 4u);
  EXPECT_EQ(all.time_range.start.ms, 50);
  EXPECT_EQ(all.time_range.end.ms, 300);
  EXPECT_EQ(text(all.series_by_metric_name), "a:2 b:1 ");
  EXPECT_EQ(text(all.values_by_label_name), "__name__:2 x:2 ");
  EXPECT_EQ(text(all.memory_by_label_name), "x:4 __name__:3 ");
  EXPECT_EQ(text(all.series_by_label_pair), "__name__=a:2 __name__=b:1 x=10:1 x=20:1 ");
  EXPECT_EQ(text(head.statistics(1).series_by_label_pair), "__name__=a:2 ");
  const HeadStatistics empty = Head().statistics(10);
  EXPECT_GT(empty.time_range.start, empty.time_range.end);
}

// The whole store as a map; what the head must agree with.
struct ModelSeries {
  std::map<int64_t, double> committed;
  std::map<int64_t, double> pending;

  std::optional<std::pair<int64_t, double>> newest() const {
    if (!pending.empty()) return *pending.rbegin();
    if (!committed.empty()) return *committed.rbegin();
    return std::nullopt;
  }
  AppendOutcome append(int64_t time_ms, double value) {
    const auto last = newest();
    if (last && time_ms < last->first) return AppendOutcome::OutOfOrder;
    if (last && time_ms == last->first) {
      return value == last->second ? AppendOutcome::Appended : AppendOutcome::DuplicateTimestamp;
    }
    pending[time_ms] = value;
    return AppendOutcome::Appended;
  }
};

void expect_same(const Head& head, const std::map<std::string, ModelSeries>& model, TimeRange range,
                 uint64_t seed) {
  std::map<std::string, std::map<int64_t, double>> expected, actual;
  for (const auto& [name, series] : model) {
    for (const auto& [time_ms, value] : series.committed) {
      if (range.contains({time_ms})) expected[name][time_ms] = value;
    }
  }
  for (const SelectedSeries& series : select(head, {}, range)) {
    SampleColumns out;
    ASSERT_TRUE(head.read(series.ref, range, out));
    ASSERT_EQ(out.times_ms.size(), out.values.size());
    for (size_t i = 0; i < out.times_ms.size(); ++i) {
      actual[std::string(series.labels->metric_name())][out.times_ms[i]] = out.values[i];
    }
  }
  ASSERT_EQ(actual, expected) << "seed " << seed;
}

TEST(Head, ARandomHistoryAgreesWithAMap) {
  for (uint64_t seed = 0; seed < 40; ++seed) {
    Random random(seed);
    Head head({.samples_per_chunk = static_cast<uint32_t>(random.between(4, 120)),
               .chunk_range = Duration::seconds(random.between(1, 100))});
    std::map<std::string, ModelSeries> model;
    int64_t now_ms = random.between(-50'000, 50'000);
    for (int batch = 0; batch < 60; ++batch) {
      {
        Appender appender = head.appender();
        for (uint64_t count = random.below(40); count > 0; --count) {
          const std::string name(1, static_cast<char>('a' + random.below(5)));
          const int64_t time_ms = now_ms + random.between(-500, 500);
          const auto value = static_cast<double>(random.below(3));
          const SeriesRef series = appender.series(Labels{{"__name__", name}});
          ASSERT_EQ(appender.append(series, {time_ms}, value), model[name].append(time_ms, value))
              << "seed " << seed << " " << name << " at " << time_ms;
          now_ms += static_cast<int64_t>(random.below(50));
        }
        const bool is_kept = random.chance(0.7);
        if (is_kept) appender.commit();
        for (auto& [name, series] : model) {
          if (is_kept) series.committed.insert(series.pending.begin(), series.pending.end());
          series.pending.clear();
        }
      }
      expect_same(head, model, kAllTime, seed);
      const int64_t start_ms = now_ms - random.between(0, 20'000);
      expect_same(head, model, {{start_ms}, {start_ms + random.between(0, 20'000)}}, seed);
    }
  }
}

}  // namespace
}  // namespace promenade::tsdb
