// The engine as a whole: types, limits, ordering, what is evaluated once, and the law that a range
// query is the instant query at every step.
#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <set>

#include "base/random.h"
#include "query_fixture.h"

namespace promenade::promql::testing {
namespace {

TEST(Engine, RangeQueriesTakeScalarsAndVectorsOnly) {
  Store store;
  store.load(10, "m", "1 2");
  EXPECT_EQ(
      text_of(range(store, "m[1m]", 0, 10, 10)),
      "error: invalid expression type \"range vector\" for range query, must be Scalar or instant "
      "Vector");
  EXPECT_EQ(text_of(range(store, "\"x\"", 0, 10, 10)),
            "error: invalid expression type \"string\" for range query, must be Scalar or instant "
            "Vector");
  EXPECT_EQ(text_of(range(store, "1 + time()", 0, 10, 10)), "{} 1@0 11@10\n");
  EXPECT_EQ(text_of(range(store, "m", 0, 19, 10)), "m 1@0 2@10\n");
}

TEST(Engine, RangeResultsAreSortedByLabels) {
  Store store;
  store.load(10, R"(m{i="2"})", "1").load(10, R"(m{i="1"})", "2").load(10, "m", "3");
  EXPECT_EQ(text_of(range(store, "m", 0, 0, 10)), "m 3@0\nm{i=\"1\"} 2@0\nm{i=\"2\"} 1@0\n");
  EXPECT_EQ(text_of(instant(store, "m", 0)), "m{i=\"2\"} 1\nm{i=\"1\"} 2\nm 3\n");
}

TEST(Engine, DurationsMayDependOnTheQuery) {
  Store store;
  store.load(1, "m", "0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20");
  EXPECT_EQ(text_of(range(store, "count_over_time(m[step()])", 10, 20, 5)), "{} 5@10 5@15 5@20\n");
  EXPECT_EQ(text_of(range(store, "count_over_time(m[range()/2])", 10, 20, 10)), "{} 5@10 5@20\n");
  EXPECT_EQ(text_of(instant(store, "m offset (2 ^ 2)", 10)), "m 6\n");
  EXPECT_EQ(text_of(instant(store, "count_over_time(m[step()+1])", 10)), "{} 1\n");
  const auto zero = instant(store, "count_over_time(m[step()])", 10);
  ASSERT_FALSE(zero);
  EXPECT_EQ(zero.error().code, ErrorCode::BadData);
  EXPECT_EQ(zero.error().message, "18:24: duration must be greater than 0");
  EXPECT_EQ(instant(store, "m offset (1 / step())", 10).error().message, "9:21: division by zero");
  EXPECT_EQ(instant(store, "m offset (1 % step())", 10).error().message, "9:21: modulo by zero");
  EXPECT_EQ(instant(store, "m offset (2 ^ 9999)", 10).error().message,
            "9:19: duration is NaN or infinite");
}

TEST(Engine, StopsAtTheSampleLimit) {
  Store store;
  for (int i = 0; i < 10; ++i) store.load(10, "m{i=\"" + std::to_string(i) + "\"}", "1 2 3 4");
  EngineOptions options;
  options.samples_max = 40;
  EXPECT_TRUE(range(store, "m", 0, 30, 10, options));
  EXPECT_TRUE(range(store, "sum(m) + sum(m)", 0, 30, 10, options));
  options.samples_max = 39;
  const auto result = range(store, "m", 0, 30, 10, options);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, ErrorCode::Limit);
  EXPECT_EQ(result.error().message,
            "query processing would load too many samples into memory in query execution");
  options.samples_max = 10;
  // Folding holds a row at a time: 4 samples, and the 4 of the group.
  EXPECT_TRUE(range(store, "sum(m)", 0, 30, 10, options));
  EXPECT_FALSE(range(store, "m > 0", 0, 30, 10, options));
}

// Columns take memory where they are empty, too: 72 million steps of one series are no small query.
TEST(Engine, RefusesASubqueryWhoseColumnsWouldNotFit) {
  Store store;
  store.load(10, "m", "1 2 3 4");
  const auto result = instant(store, "rate(m[20000h:1s])", 30);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, ErrorCode::Limit);
  EXPECT_TRUE(instant(store, "rate(m[200h:1s])", 30));
}

TEST(Engine, StopsAtTheTimeoutAndOnCancellation) {
  Store store;
  store.load(10, "m", "1");
  EngineOptions options;
  int64_t now_ns = 0;
  options.monotonic_ns = [&] { return now_ns += 1'000'000'000; };
  options.timeout = Duration::milliseconds(1500);
  const auto late = instant(store, "m + m", 0, options);
  ASSERT_FALSE(late);
  EXPECT_EQ(late.error().code, ErrorCode::Timeout);
  EXPECT_EQ(late.error().message, "query timed out in expression evaluation");
  EngineOptions canceled;
  canceled.is_canceled = [] { return true; };
  const auto stopped = instant(store, "m", 0, canceled);
  ASSERT_FALSE(stopped);
  EXPECT_EQ(stopped.error().code, ErrorCode::Canceled);
  EXPECT_EQ(stopped.error().message, "query was canceled in expression evaluation");
}

TEST(Engine, CountsWhatItRead) {
  Store store;
  store.load(10, "m", "1 2 3");
  const auto result = instant(store, "sum_over_time(m[1m])", 20);
  ASSERT_TRUE(result);
  EXPECT_EQ(result->statistics.samples_read, 3u);
  EXPECT_EQ(result->statistics.samples_peak, 3u);
}

// A store that fails to read, or counts how often it is asked.
class WrappedStore final : public Queryable {
 public:
  explicit WrappedStore(const Queryable& inner) : inner_(inner) {}
  Result<std::vector<SelectedSeries>> select(std::span<const Matcher> matchers,
                                             TimeRange range) const override {
    if (fails_select) return fail(ErrorCode::Internal, "index is gone");
    return inner_.select(matchers, range);
  }
  Result<void> read(SeriesRef series, TimeRange range, SampleColumns& out) const override {
    ++reads;
    if (fails_read) return fail(ErrorCode::Internal, "disk is gone");
    return inner_.read(series, range, out);
  }
  Result<std::vector<std::string>> label_names(std::span<const Matcher> matchers,
                                               TimeRange range) const override {
    return inner_.label_names(matchers, range);
  }
  Result<std::vector<std::string>> label_values(std::string_view name,
                                                std::span<const Matcher> matchers,
                                                TimeRange range) const override {
    return inner_.label_values(name, matchers, range);
  }
  mutable int reads = 0;
  bool fails_select = false;
  bool fails_read = false;

 private:
  const Queryable& inner_;
};

TEST(Engine, PassesErrorsOfTheStoreOn) {
  Store store;
  store.load(10, "m", "1 2 3");
  InlineExecutor executor;
  for (const char* query : {"m", "sum(m)", "rate(m[1m])", "m[1m]", "absent_over_time(m[1m])",
                            "info(m)", "timestamp(m)", "max_over_time(m[1m:10s])"}) {
    const auto expr = parse(query).value();
    WrappedStore failing(store.queryable());
    failing.fails_read = true;
    EXPECT_EQ(text_of(evaluate_instant(*expr, Timestamp{0}, failing, executor, {})),
              "error: disk is gone")
        << query;
    failing.fails_select = true;
    EXPECT_EQ(text_of(evaluate_instant(*expr, Timestamp{0}, failing, executor, {})),
              "error: index is gone")
        << query;
  }
}

TEST(Engine, ReadsEachSeriesOnceWhateverTheNumberOfSteps) {
  Store store;
  store.load(10, R"(m{i="1"})", "1 2 3 4 5").load(10, R"(m{i="2"})", "1 2 3 4 5");
  WrappedStore counting(store.queryable());
  InlineExecutor executor;
  const auto expr = parse("sum(rate(m[20s]))").value();
  ASSERT_TRUE(evaluate_range(*expr, {Timestamp{0}, Timestamp{40'000}, Duration{1000}}, counting,
                             executor, {}));
  EXPECT_EQ(counting.reads, 2);
}

TEST(Info, AddsTheLabelsOfTheNewestInfoSeries) {
  Store store;
  store.load(10, R"(m{instance="a",job="1"})", "1 2 3");
  store.load(10, R"(m{instance="b",job="1"})", "4 5 6");
  store.load(10, R"(target_info{instance="a",job="1",version="old"})", "1 1 stale");
  store.load(10, R"(target_info{instance="a",job="1",version="new"})", "_ _ 1");
  EXPECT_EQ(text_of(range(store, "info(m)", 0, 20, 10)),
            "m{instance=\"a\", job=\"1\", version=\"new\"} 3@20\n"
            "m{instance=\"a\", job=\"1\", version=\"old\"} 1@0 2@10\n"
            "m{instance=\"b\", job=\"1\"} 4@0 5@10 6@20\n");
  EXPECT_EQ(text_of(instant(store, R"(info(m, {version=~".+"}))", 0)),
            "m{instance=\"a\", job=\"1\", version=\"old\"} 1\n");
  store.load(10, R"(other_info{instance="a",job="1",version="x"})", "1 1 1");
  EXPECT_EQ(text_of(instant(store, R"(info(m, {__name__=~".+_info"}))", 0)),
            "error: conflicting label: version");
  store.load(10, R"(target_info{instance="a",job="1",version="twin"})", "1 1 1");
  EXPECT_EQ(text_of(instant(store, "info(m)", 0)).substr(0, 53),
            "error: found duplicate series for info metric: existi");
}

// Runs the shards of a query in reverse order: results must not notice.
class ReverseExecutor final : public Executor {
 public:
  size_t concurrency() const override { return 4; }
  void parallel_for(size_t count, const std::function<void(size_t)>& work) override {
    for (size_t i = count; i-- > 0;) work(i);
  }
};

TEST(Engine, ResultsDoNotDependOnTheOrderOfShards) {
  Store store;
  Random random(7);
  for (int i = 0; i < 700; ++i) {
    std::string values;
    for (int k = 0; k < 6; ++k) values += std::to_string(random.below(1000)) + ".37 ";
    store.load(10, "m_total{i=\"" + std::to_string(i) + "\",g=\"" + std::to_string(i % 7) + "\"}",
               values);
  }
  InlineExecutor inline_executor;
  ReverseExecutor reverse_executor;
  for (const char* query :
       {"sum by (g) (rate(m_total[30s]))", "avg(m_total)", "stddev by (g) (m_total)",
        "topk(3, m_total)", "rate(m_total[30s])", "count_values(\"v\", m_total)"}) {
    const auto expr = parse(query).value();
    const QueryRange steps{Timestamp{0}, Timestamp{50'000}, Duration::seconds(10)};
    EXPECT_EQ(text_of(evaluate_range(*expr, steps, store.queryable(), inline_executor, {})),
              text_of(evaluate_range(*expr, steps, store.queryable(), reverse_executor, {})))
        << query;
  }
}

// As a large store: worth sharing the sides of an operator out.
class LargeStore final : public SampleSource {
 public:
  explicit LargeStore(const Queryable& inner) : inner_(inner) {}
  Result<std::vector<SelectedSeries>> select(std::span<const Matcher> matchers,
                                             TimeRange range) const override {
    return inner_.select(matchers, range);
  }
  Result<void> read(SeriesRef series, TimeRange range, SampleColumns& out) const override {
    return inner_.read(series, range, out);
  }
  uint64_t sample_estimate() const override { return 1'000'000; }

 private:
  const Queryable& inner_;
};

// Values, remarks and counts of a query over 0 to 50 s.
std::string outcome(const std::string& query, const SampleSource& store, Executor& executor,
                    const EngineOptions& options = {}) {
  const auto expr = parse(query).value();
  const QueryRange steps{Timestamp{0}, Timestamp{50'000}, Duration::seconds(10)};
  const auto result = evaluate_range(*expr, steps, store, executor, options);
  std::string text = text_of(result) + remarks_of(result, query);
  if (!result) return text;
  text += " read " + std::to_string(result->statistics.samples_read);
  return text + " peak " + std::to_string(result->statistics.samples_peak);
}

Store two_metrics() {
  Store store;
  for (const std::string name : {"a", "b"}) {
    for (const std::string job : {"x", "y", "z"}) {
      store.load(10, name + "{job=\"" + job + "\"}", "1 2 3 2 1 5");
    }
  }
  store.load(10, "h", "h1 h2 h3 h4 h5 h6");
  return store;
}

const char* const kTwoSided[] = {
    "a + b",
    "rate(a[30s]) / rate(b[20s])",
    "(a > 1) or (b < 3) or h",
    "sum(a) - sum by (job) (b)",
    "max_over_time((a * b)[20s:5s]) unless on (job) (b > 4)",
    "rate(h[30s]) * on () group_right () (sum(a) + sum(b))",
    "a + on () b",
    "quantile(7, a) + quantile(8, b)",
    "label_replace(a, \"job\", \"$1\", \"job\", \"(\") + (b + on () b)",
    "((a + b) + (a - b)) * ((a * b) + (a / b)) ^ ((a % b) + (b > a))",
};

TEST(Engine, SidesGiveTheSameAtOnceAndOneByOne) {
  const Store store = two_metrics();
  const LargeStore large(store.queryable());
  InlineExecutor one_by_one;
  ReverseExecutor at_once;
  for (const char* query : kTwoSided) {
    EXPECT_EQ(outcome(query, large, at_once), outcome(query, large, one_by_one)) << query;
  }
}

// At once they hold more than one after the other.
TEST(Engine, LimitsDoNotDependOnWhetherSidesAreEvaluatedAtOnce) {
  const Store store = two_metrics();
  const LargeStore large(store.queryable());
  InlineExecutor one_by_one;
  ReverseExecutor at_once;
  int refused = 0;
  for (const char* query : kTwoSided) {
    for (uint64_t samples_max = 3; samples_max < 120; samples_max += 3) {
      EngineOptions options;
      options.samples_max = samples_max;
      const std::string expected = outcome(query, large, one_by_one, options);
      EXPECT_EQ(outcome(query, large, at_once, options), expected)
          << query << " with " << samples_max;
      refused += expected.find("too many samples") != std::string::npos ? 1 : 0;
    }
  }
  EXPECT_GT(refused, 50);
}

TEST(Engine, SharesOutTheSidesOfALargeStoreOnly) {
  class CountingExecutor final : public Executor {
   public:
    size_t concurrency() const override { return 2; }
    void parallel_for(size_t count, const std::function<void(size_t)>& work) override {
      pairs += count == 2 ? 1 : 0;
      for (size_t i = 0; i < count; ++i) work(i);
    }
    int pairs = 0;
  };
  const Store store = two_metrics();
  const LargeStore large(store.queryable());
  const auto pairs_of = [&](const std::string& query, const SampleSource& source) {
    CountingExecutor executor;
    outcome(query, source, executor);
    return executor.pairs;
  };
  EXPECT_EQ(pairs_of("a + b", store.queryable()), 0);
  EXPECT_EQ(pairs_of("a + b", large), 1);
  EXPECT_EQ(pairs_of("(a + b) * (a - b)", large), 3);
  EXPECT_EQ(pairs_of("a + 1", large), 0);
  EXPECT_EQ(pairs_of("a + time()", large), 0);
  EXPECT_EQ(pairs_of("sum(a) / (sum(a) + sum(b))", large), 0) << "a sum would be made twice";
}

TEST(Engine, NumbersAreWorkedOutOnceAndTakeNoColumn) {
  Store store;
  store.load(10, "m", "1 2 3");
  for (const char* query :
       {"m * 1024", "1024 * m", "m * (-(2 ^ 5) * -(30 + 2))", "m * (1023 + (2 > bool 1))"}) {
    const auto result = range(store, query, 0, 20, 10);
    EXPECT_EQ(text_of(result), "{} 1024@0 2048@10 3072@20\n") << query;
    EXPECT_EQ(result->statistics.samples_peak, 3u) << query;
  }
  EXPECT_EQ(text_of(range(store, "2 * (3 + 4)", 0, 10, 10)), "{} 14@0 14@10\n");
}

TEST(Engine, EvaluatesARepeatedAggregationOnce) {
  Store store;
  store.load(10, "m_total{job=\"x\"}", "0 10 20 30 40 50 60 70 80 90 100");
  WrappedStore wrapped(store.queryable());
  InlineExecutor executor;
  const auto expr = parse("(sum(rate(m_total[1m])) - sum(m_total)) / (sum ( rate(m_total[1m]) ))");
  ASSERT_TRUE(expr);
  const auto result = evaluate_instant(**expr, {100'000}, wrapped, executor, {});
  ASSERT_TRUE(result);
  EXPECT_EQ(wrapped.reads, 2);
  EXPECT_NEAR(std::get<Vector>(result->value).front().point.value, -99, 1e-9);
}

TEST(Engine, MakesTheRemarksOfARepeatedAggregationWhereItStandsLast) {
  Store store;
  store.load(10, "m{job=\"x\"}", "0 10 20 30 40 50 60 70 80 90 100");
  const auto result = instant(store, "sum(rate(m[1m])) / sum(rate(m[1m]))", 100);
  ASSERT_TRUE(result);
  ASSERT_EQ(result->annotations.infos().size(), 1u);
  EXPECT_EQ(result->annotations.infos().begin()->second, 28u);
}

}  // namespace
}  // namespace promenade::promql::testing
