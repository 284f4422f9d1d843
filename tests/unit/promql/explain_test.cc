// explain(): every node's result is what the query works with, and failures stay where they are.
#include "promql/explain.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "promql/explain/node_result.h"
#include "query_fixture.h"

namespace promenade::promql {
namespace {

using testing::Store;

Store shop() {
  Store store;
  store.load(15, R"(requests_total{job="api",code="200"})", "0 10 20 30 40 50 60 70 80 90 100")
      .load(15, R"(requests_total{job="api",code="500"})", "0 1 2 0 1 2 3 4 5 6 7")
      .load(15, R"(requests_total{job="web",code="200"})", "5 5 5 5 5 5 5 5 5 5 5")
      .load(15, R"(up{job="api"})", "1 1 1 1 1 1 1 1 1 1 1")
      .load(15, R"(up{job="web"})", "1 1 1 1 1 1 1 1 1 0 0")
      .load(15, R"(gone{job="api"})", "1 1 1 1 1 1 1 stale")
      .load(15, R"(bucket{le="0.1"})", "0 1 2 3 4 5 6 7 8 9 10")
      .load(15, R"(bucket{le="1"})", "0 2 4 6 8 10 12 14 16 18 20")
      .load(15, R"(bucket{le="+Inf"})", "0 3 6 9 12 15 18 21 24 27 30");
  return store;
}

// Keeps the tree that the explanation points into.
struct Explained {
  ExprPtr expr;
  Result<Explanation> explanation;
  const ExplainNode& operator[](size_t id) const { return explanation->nodes[id]; }
  size_t count() const { return explanation->nodes.size(); }
};

Explained explain_range(const Store& store, const std::string& query, int64_t start, int64_t end,
                        int64_t step, const EngineOptions& options = {},
                        const ExplainOptions& shown = {}) {
  InlineExecutor executor;
  ExprPtr expr = parse(query).value();
  const QueryRange range{Timestamp::from_seconds(start), Timestamp::from_seconds(end),
                         Duration::seconds(step)};
  auto explanation = explain(*expr, range, store.queryable(), executor, options, shown);
  return {std::move(expr), std::move(explanation)};
}

Explained explain_at(const Store& store, const std::string& query, int64_t seconds,
                     const EngineOptions& options = {}, const ExplainOptions& shown = {}) {
  return explain_range(store, query, seconds, seconds, 1, options, shown);
}

std::string result_of(const ExplainNode& node) {
  return testing::text_of(Result<QueryResult>(node.result));
}

const char* const kQueries[] = {
    "requests_total",
    "(requests_total)",
    "rate(requests_total[1m])",
    "sum by (job) (rate(requests_total[1m]))",
    "sum(requests_total) / count(requests_total)",
    "topk(2, rate(requests_total[1m]))",
    "count_values(\"v\", up)",
    "quantile(0.5, requests_total)",
    "-requests_total",
    "up and requests_total",
    "requests_total and on (job) up == 1",
    "rate(requests_total[1m]) * on (job) group_left up",
    "histogram_quantile(0.9, rate(bucket[1m]))",
    "max_over_time(sum(rate(requests_total[30s]))[1m:15s])",
    "max_over_time((sum(requests_total))[1m:15s] offset 15s)",
    "sum(requests_total @ 60) + requests_total{code=\"500\"}",
    "sum_over_time(sum by (job) (up)[1m:20s] @ 100)",
    "absent(nothing) or absent_over_time(up[1m])",
    "timestamp(up) - timestamp(up * 1)",
    "label_replace(up, \"j\", \"$1\", \"job\", \"(.).*\")",
    "scalar(sum(up)) + time()",
    "hour(vector(time())) + day_of_week()",
    "quantile_over_time(scalar(avg(up)), requests_total[1m])",
    "predict_linear(requests_total[1m], 60) > bool 100",
    "info(up)",
    "increase(requests_total[1m] smoothed)",
    "2 ^ 3",
};

TEST(Explain, TheRootHasTheResultOfTheQuery) {
  const Store store = shop();
  EngineOptions options;
  for (const bool is_delayed : {false, true}) {
    options.delayed_name_removal = is_delayed;
    for (const char* query : kQueries) {
      const Explained explained = explain_at(store, query, 150, options);
      ASSERT_EQ(explained[0].status, NodeStatus::Evaluated) << query << explained[0].error.message;
      EXPECT_EQ(result_of(explained[0]),
                testing::text_of(testing::instant(store, query, 150, options)))
          << query;
    }
  }
}

TEST(Explain, TheRootHasTheResultOfTheRangeQuery) {
  const Store store = shop();
  for (const char* query : kQueries) {
    const Explained explained = explain_range(store, query, 60, 150, 30);
    ASSERT_EQ(explained[0].status, NodeStatus::Evaluated) << query << explained[0].error.message;
    // What is the same at all steps is shown at the first one only.
    if (explained[0].is_constant) continue;
    EXPECT_EQ(result_of(explained[0]), testing::text_of(testing::range(store, query, 60, 150, 30)))
        << query;
  }
}

TEST(Explain, NodesAreInReadingOrderWithTheirPlacesInTheQuery) {
  const std::string query = "topk(2, rate(requests_total[1m])) + (up)";
  const Explained explained = explain_at(shop(), query, 150);
  std::string text;
  for (size_t id = 0; id < explained.count(); ++id) {
    const SourceSpan span = explained[id].expr->span;
    text += query.substr(span.begin, span.end - span.begin) + "|";
  }
  EXPECT_EQ(text, query +
                      "|topk(2, rate(requests_total[1m]))|2|rate(requests_total[1m])|"
                      "requests_total[1m]|(up)|up|");
  EXPECT_EQ(explained[0].children, (std::vector<size_t>{1, 5}));
  EXPECT_EQ(explained[3].parent, 1u);
}

TEST(Explain, SeriesLabelsAndBytesAreOfAllSeriesThoughFewAreShown) {
  const Explained explained = explain_at(shop(), "requests_total", 150, {}, {2});
  const ExplainNode& node = explained[0];
  EXPECT_EQ(std::get<Vector>(node.result.value).size(), 2u);
  EXPECT_EQ(node.series_count, 3u);
  EXPECT_EQ(node.series_left_out, 1u);
  ASSERT_EQ(node.labels.size(), 3u);
  EXPECT_EQ(node.labels[1].name, "code");
  EXPECT_EQ(node.labels[1].value_count, 2u);
  EXPECT_EQ(node.labels[1].examples, (std::vector<std::string>{"200", "500"}));
  EXPECT_GT(node.bytes, 3 * 8u);
}

TEST(Explain, SamplesAreCountedForTheNodeThatReadThem) {
  const Explained explained = explain_at(shop(), "sum(rate(requests_total[1m])) + sum(up)", 150);
  EXPECT_EQ(explained[0].samples_read, 0u);   // +
  EXPECT_EQ(explained[1].samples_read, 0u);   // sum
  EXPECT_EQ(explained[2].samples_read, 0u);   // rate
  EXPECT_EQ(explained[3].samples_read, 12u);  // requests_total[1m]: 3 series, 4 samples each.
  EXPECT_EQ(explained[4].samples_read, 0u);   // sum
  EXPECT_EQ(explained[5].samples_read, 22u);  // up: the look-back reaches over all 11 samples.
}

TEST(Explain, ANodeInASubqueryIsShownOverItsSteps) {
  const Explained explained = explain_at(shop(), "max_over_time(sum(up)[1m:15s])", 150);
  const ExplainNode& sum = explained[2];
  EXPECT_TRUE(sum.is_in_subquery);
  EXPECT_FALSE(explained[1].is_in_subquery);
  EXPECT_EQ(sum.steps.start.ms, 105'000);
  EXPECT_EQ(sum.steps.end.ms, 150'000);
  EXPECT_EQ(result_of(sum), "{} 2@105 2@120 1@135 1@150\n");
  EXPECT_EQ(result_of(explained[1]), "{} 2@105 2@120 1@135 1@150\n");
  ASSERT_TRUE(explained[1].window);
  EXPECT_EQ(explained[1].window->start_ms, 90'000);
}

TEST(Explain, ARangeVectorShowsItsSamples) {
  const Store store = shop();
  EXPECT_EQ(result_of(explain_at(store, "up{job=\"web\"}[30s]", 150)[0]),
            "up{job=\"web\"} 0@135 0@150\n");
  EXPECT_EQ(result_of(explain_range(store, "rate(up{job=\"web\"}[30s])", 120, 150, 15)[1]),
            "up{job=\"web\"} 1@105 1@120 0@135 0@150\n");
}

TEST(Explain, WhatIsTheSameAtEveryStepIsShownOnce) {
  const Explained explained = explain_range(shop(), "up * sum(up @ 60)", 60, 120, 30);
  EXPECT_FALSE(explained[0].is_constant);
  EXPECT_TRUE(explained[2].is_constant);
  EXPECT_TRUE(explained[3].is_constant);
  EXPECT_EQ(result_of(explained[2]), "{} 2\n");
}

TEST(Explain, AFailureBlocksTheNodesAboveAndNoOthers) {
  const Explained explained =
      explain_at(shop(), "sum(up + on (nothing) up) / count(requests_total)", 150);
  EXPECT_EQ(explained[0].status, NodeStatus::Blocked);
  EXPECT_EQ(explained[0].blocked_on, 1u);
  EXPECT_EQ(explained[1].status, NodeStatus::Blocked);
  EXPECT_EQ(explained[1].blocked_on, 2u);
  EXPECT_EQ(explained[2].status, NodeStatus::Failed);
  EXPECT_NE(explained[2].error.message.find("many-to-many matching not allowed"),
            std::string::npos);
  EXPECT_TRUE(explained[2].matching);
  EXPECT_EQ(explained[3].status, NodeStatus::Evaluated);
  EXPECT_EQ(result_of(explained[5]), "{} 3\n");
}

TEST(Explain, RemarksStayWithTheNodeThatMadeThem) {
  const Explained explained = explain_at(shop(), "sum(rate(up[1m])) + quantile(2, up)", 150);
  EXPECT_TRUE(explained[0].annotations.empty());
  EXPECT_TRUE(explained[1].annotations.empty());
  EXPECT_EQ(explained[2].annotations.infos().size(), 1u);  // Might not be a counter.
  EXPECT_EQ(explained[4].annotations.warnings().size(), 1u);
  EXPECT_EQ(explained.explanation->annotations.infos().size(), 1u);
  EXPECT_EQ(explained.explanation->annotations.warnings().size(), 1u);
}

TEST(Explain, WhatInfoLooksUpItselfIsNotEvaluated) {
  const Explained explained = explain_at(shop(), "info(up, {data=~\".+\"})", 150);
  EXPECT_EQ(explained[0].status, NodeStatus::Evaluated);
  EXPECT_EQ(explained[2].status, NodeStatus::Skipped);
  EXPECT_FALSE(explained[2].note.empty());
}

TEST(Explain, ASubqueryWithoutStepsSkipsWhatIsInIt) {
  const Explained explained = explain_at(shop(), "max_over_time(sum(up)[10s:1h])", 150);
  EXPECT_EQ(explained[0].status, NodeStatus::Evaluated);
  EXPECT_EQ(explained[2].status, NodeStatus::Skipped);
  EXPECT_EQ(explained[3].status, NodeStatus::Skipped);
}

TEST(Explain, ASelectorKnowsTheAgeOfItsSamples) {
  const Explained explained = explain_at(shop(), "up offset 10s", 157);
  ASSERT_TRUE(explained[0].selector);
  EXPECT_EQ(explained[0].selector->reference_ms, 147'000);
  EXPECT_EQ(explained[0].selector->lookback_ms, 300'000);
  EXPECT_EQ(explained[0].selector->sample_ms, (std::vector<int64_t>{135'000, 135'000}));
}

TEST(Explain, AnEmptySelectorSaysWhatItWouldHaveFound) {
  const Store store = shop();
  const Explained stale = explain_at(store, "gone", 150);
  EXPECT_EQ(stale[0].selector->stale_count, 1u);
  const Explained older = explain_at(store, "up", 1000);
  EXPECT_EQ(older[0].series_count, 0u);
  EXPECT_EQ(older[0].selector->older_count, 2u);
  EXPECT_EQ(older[0].selector->newest_older_ms, 150'000);
  const Explained never = explain_at(store, "nothing", 150);
  EXPECT_EQ(never[0].selector->older_count, 0u);
  EXPECT_FALSE(never[0].selector->newest_older_ms);
}

TEST(Explain, NodesAfterTheBudgetFailWithTheLimit) {
  EngineOptions options;
  options.samples_max = 50;
  const Explained explained =
      explain_at(shop(), "sum(requests_total) + sum(requests_total) + sum(up)", 150, options);
  EXPECT_EQ(explained[3].status, NodeStatus::Evaluated);
  EXPECT_EQ(explained[7].status, NodeStatus::Failed);
  EXPECT_EQ(explained[7].error.code, ErrorCode::Limit);
  EXPECT_EQ(explained[0].status, NodeStatus::Blocked);
}

TEST(Explain, ATimeoutFailsTheNodesThatAreLeft) {
  EngineOptions options;
  int64_t now_ns = 0;
  options.timeout = Duration::seconds(1);
  options.monotonic_ns = [&] { return now_ns += 100'000'000; };
  const Explained explained = explain_at(shop(), "sum(up) + sum(up) + sum(up)", 150, options);
  const ExplainNode& last = explained[explained.count() - 1];
  EXPECT_EQ(last.status, NodeStatus::Failed);
  EXPECT_EQ(last.error.code, ErrorCode::Timeout);
}

TEST(Explain, ASubqueryThatIsTooLongIsNotBegun) {
  EngineOptions options;
  options.samples_max = 1000;
  const Explained explained = explain_at(shop(), "max_over_time(up[1y:1s])", 150, options);
  EXPECT_EQ(explained[1].status, NodeStatus::Failed);
  EXPECT_EQ(explained[1].error.code, ErrorCode::Limit);
  EXPECT_EQ(explained[2].status, NodeStatus::Skipped);
}

TEST(Explain, DeepQueriesCostNoMoreThanTheirNodes) {
  std::string query = "requests_total";
  for (int i = 0; i < kQueryDepthMax - 2; ++i) query = "abs(" + query + ")";
  EngineOptions options;
  options.samples_max = 2000;
  const Explained explained = explain_at(shop(), query, 150, options);
  ASSERT_TRUE(explained.explanation);
  EXPECT_EQ(explained[0].status, NodeStatus::Evaluated) << explained[0].error.message;
}

TEST(Explain, MoreNodesThanAnybodyReadsAreRefused) {
  std::string query = "label_join(up, \"a\", \"b\"";
  for (size_t i = 4; i < kExplainNodesMax; ++i) query += ", \"c\"";
  EXPECT_TRUE(explain_at(shop(), query + ")", 150).explanation);
  const Explained refused = explain_at(shop(), query + ", \"c\")", 150);
  ASSERT_FALSE(refused.explanation);
  EXPECT_EQ(refused.explanation.error().code, ErrorCode::Limit);
  // Before anything is selected.
  const auto expr = parse(query + ", \"c\")").value();
  EXPECT_EQ(explain_selections(*expr, {}, {}).error().code, ErrorCode::Limit);
}

TEST(Explain, ARangeOverWhatHasNoStepsIsRefusedAsInAQuery) {
  const Explained explained = explain_range(shop(), "up[5m]", 0, 60, 15);
  ASSERT_FALSE(explained.explanation);
  EXPECT_EQ(explained.explanation.error().code, ErrorCode::BadData);
}

TEST(Explain, LongSeriesAreThinnedButKeepTheirExtremes) {
  std::vector<Point> points;
  for (int64_t i = 0; i < 10'000; ++i) points.push_back({i, 0.001 * static_cast<double>(i % 7)});
  points[1234].value = 99;
  points[5678].value = -99;
  EXPECT_TRUE(thin_out(points));
  EXPECT_LE(points.size(), kExplainPointsMax);
  const auto has = [&](int64_t time) {
    return std::any_of(points.begin(), points.end(),
                       [&](const Point& point) { return point.time_ms == time; });
  };
  EXPECT_TRUE(has(1234) && has(5678) && has(9999));
  EXPECT_FALSE(thin_out(points));
}

}  // namespace
}  // namespace promenade::promql
