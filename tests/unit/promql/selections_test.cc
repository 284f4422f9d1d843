// tests/unit/promql/selections_test.cc
// What a query will ask of the store, and that it never asks for more.
#include "promql/evaluator/selections.h"

#include <gtest/gtest.h>

#include "query_fixture.h"

namespace promenade::promql::testing {
namespace {

constexpr Duration kLookback = Duration::minutes(5);

Needs needs(const std::string& query, int64_t start_s, int64_t end_s, int64_t step_s = 60) {
  const auto expr = parse(query);
  EXPECT_TRUE(expr) << query;
  return *needs_of(
      **expr,
      {Timestamp::from_seconds(start_s), Timestamp::from_seconds(end_s), Duration::seconds(step_s)},
      kLookback);
}

// "up[700..1300] x[...]": metric names and ranges in seconds.
std::string described(const Needs& needs) {
  std::string text;
  for (const Selection& selection : needs.selections) {
    if (!text.empty()) text += ' ';
    text += selection.matchers.back().value() + "[" +
            std::to_string(selection.range.start.ms / 1000) + ".." +
            std::to_string(selection.range.end.ms / 1000) + "]";
  }
  return text;
}

struct Case {
  std::string query, needed;
};

TEST(Needs, ReachesALookBackBeyondWhatIsRead) {
  const Case cases[] = {
      {"1 + time()", ""},
      {"up", "up[700..2300]"},
      {"rate(up[10m])", "up[100..2300]"},
      {"up offset 5m", "up[400..2000]"},
      {"up offset -5m", "up[1000..2600]"},
      {"up @ 500", "up[200..800]"},
      {"up @ end()", "up[1700..2300]"},
      {"sum(up) / on() group_left topk(3, x)", "up[700..2300] x[700..2300]"},
      {"label_replace(-(up), \"a\", \"$1\", \"b\", \"c\")", "up[700..2300]"},
      {"quantile(scalar(x), up)", "x[700..2300] up[700..2300]"},
      {"max_over_time(rate(up[1m])[10m:1m])", "up[40..2300]"},
      {"max_over_time(up[10m:1m] offset 1m)", "up[40..2240]"},
  };
  for (const Case& test : cases) {
    EXPECT_EQ(described(needs(test.query, 1000, 2000)), test.needed) << test.query;
  }
}

TEST(Needs, KnowsSubqueries) {
  EXPECT_FALSE(needs("rate(up[1m])", 0, 0).has_subquery);
  EXPECT_TRUE(needs("sum(rate(up[5m:1m]))", 0, 0).has_subquery);
}

TEST(Needs, SelectsInfoSeriesAtAnyTime) {
  const Needs found = needs("info(up, {data=~\".+\"})", 1000, 1000);
  ASSERT_EQ(found.selections.size(), 2u);
  EXPECT_EQ(found.selections[0].matchers.front().value(), "target_info");
  EXPECT_EQ(found.selections[0].range.start, kAllTime.start);
}

TEST(Needs, FailsLikeTheEvaluation) {
  const auto expr = parse("rate(up[step()])");
  ASSERT_TRUE(expr);
  EXPECT_EQ(needs_of(**expr, {{0}, {0}}, kLookback).error().code, ErrorCode::BadData);
}

}  // namespace
}  // namespace promenade::promql::testing
