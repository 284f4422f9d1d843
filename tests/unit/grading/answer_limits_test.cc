// tests/unit/grading/answer_limits_test.cc
#include "grading/answer_limits.h"

#include <gtest/gtest.h>

#include "promql/parser/parser.h"

namespace promenade::grading {
namespace {

bool is_allowed(std::string_view query, Duration length = {}) {
  const auto expr = promql::parse(query);
  EXPECT_TRUE(expr) << query;
  const promql::QueryRange range{Timestamp{0}, Timestamp{} + length, Duration::minutes(1)};
  const auto allowed = check_subquery_steps(**expr, range, Duration::minutes(1));
  EXPECT_TRUE(allowed || allowed.error().code == ErrorCode::Limit);
  return allowed.has_value();
}

TEST(AnswerLimits, ASubqueryMayHaveTenThousandSteps) {
  EXPECT_TRUE(is_allowed("max_over_time(up[10000s:1s])"));
  EXPECT_FALSE(is_allowed("max_over_time(up[10001s:1s])"));
  EXPECT_TRUE(is_allowed("max_over_time(up[20000h])"));
}

TEST(AnswerLimits, CountTheDefaultStepTheQuerysLengthAndOuterSubqueries) {
  EXPECT_TRUE(is_allowed("max_over_time(up[10000m:])"));
  EXPECT_FALSE(is_allowed("max_over_time(up[10001m:])"));
  EXPECT_FALSE(is_allowed("max_over_time(up[10000s:1s])", Duration::hours(1)));
  EXPECT_FALSE(is_allowed("max_over_time(max_over_time(up[9000s:1s])[9000s:9000s])"));
  EXPECT_FALSE(is_allowed("1 + sum(rate(up[100 * 100d:1s])) by (job)"));
}

TEST(AnswerLimits, SayWhatToDo) {
  const auto expr = promql::parse("rate(up[20000h:1s])");
  ASSERT_TRUE(expr);
  const auto allowed = check_subquery_steps(**expr, {}, Duration::minutes(1));
  ASSERT_FALSE(allowed);
  EXPECT_EQ(allowed.error().message,
            "the subquery would have 72000000 steps, and an answer may have 10000; choose a longer "
            "step or a shorter range");
  EXPECT_EQ(allowed.error().span, (SourceSpan{5, 18}));
}

}  // namespace
}  // namespace promenade::grading
