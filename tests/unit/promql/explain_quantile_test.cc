// histogram_quantile() step by step: the result is the function's, and every rule is told.
#include <gtest/gtest.h>

#include <cmath>

#include "promql/explain.h"
#include "query_fixture.h"

namespace promenade::promql {
namespace {

using testing::Store;

std::vector<QuantileSteps> steps_of(const Store& store, const std::string& query) {
  InlineExecutor executor;
  const ExprPtr expr = parse(query).value();
  const auto explanation = explain(*expr, {{}, {}}, store.queryable(), executor, {});
  return explanation.value().nodes[0].quantiles;
}

Store latencies() {
  Store store;
  store.load(15, R"(full_bucket{le="0.1"})", "5")
      .load(15, R"(full_bucket{le="0.5"})", "9")
      .load(15, R"(full_bucket{le="1"})", "9")
      .load(15, R"(full_bucket{le="+Inf"})", "10")
      .load(15, R"(cut_bucket{le="0.1"})", "5")
      .load(15, R"(cut_bucket{le="0.5"})", "9")
      .load(15, R"(lone_bucket{le="+Inf"})", "9")
      .load(15, R"(none_bucket{le="1"})", "0")
      .load(15, R"(none_bucket{le="+Inf"})", "0")
      .load(15, R"(below_bucket{le="-1"})", "5")
      .load(15, R"(below_bucket{le="1"})", "6")
      .load(15, R"(below_bucket{le="+Inf"})", "6")
      .load(15, R"(odd_bucket{le="0.1"})", "5")
      .load(15, R"(odd_bucket{le="0.5"})", "3")
      .load(15, R"(odd_bucket{le="+Inf"})", "10")
      .load(15, "native", "h10");
  return store;
}

struct Case {
  std::string query;
  std::string rule;  // A part of it.
};

TEST(QuantileSteps, NameTheRule) {
  const Store store = latencies();
  const Case cases[] = {
      {"histogram_quantile(0.7, full_bucket)", "evenly between"},
      {"histogram_quantile(0.2, full_bucket)", "evenly between"},
      {"histogram_quantile(0.95, full_bucket)", "without an upper bound"},
      {"histogram_quantile(0, full_bucket)", "evenly between"},
      {"histogram_quantile(1, below_bucket)", "evenly between"},
      {"histogram_quantile(0.5, below_bucket)", "no lower bound"},
      {"histogram_quantile(0.5, cut_bucket)", "no bucket with le=\"+Inf\""},
      {"histogram_quantile(0.5, lone_bucket)", "A single bucket"},
      {"histogram_quantile(0.5, none_bucket)", "no observations"},
      {"histogram_quantile(1.5, full_bucket)", "not between 0 and 1"},
      {"histogram_quantile(NaN, full_bucket)", "not between 0 and 1"},
      {"histogram_quantile(0.4, odd_bucket)", "evenly between"},
      {"histogram_quantile(0.7, native)", "logarithmic"},
      {"histogram_quantile(2, native)", "not between 0 and 1"},
  };
  for (const Case& test : cases) {
    const auto steps = steps_of(store, test.query);
    ASSERT_EQ(steps.size(), 1u) << test.query;
    EXPECT_NE(steps[0].rule.find(test.rule), std::string::npos) << test.query << steps[0].rule;
    const auto result = testing::instant(store, test.query, 0);
    const double real = std::get<Vector>(result.value().value)[0].point.value;
    EXPECT_TRUE(steps[0].result == real || (std::isnan(steps[0].result) && std::isnan(real)))
        << test.query << ": " << steps[0].result << " is not " << real;
    if (!steps[0].fraction) continue;
    const QuantileBucket& bucket = steps[0].buckets[*steps[0].bucket];
    EXPECT_EQ(bucket.lower + (bucket.upper - bucket.lower) * *steps[0].fraction, real)
        << test.query;
  }
}

TEST(QuantileSteps, ShowTheNumbers) {
  const auto all = steps_of(latencies(), "histogram_quantile(0.7, full_bucket)");
  const QuantileSteps& steps = all[0];
  EXPECT_EQ(steps.total, 10);
  EXPECT_EQ(steps.rank, 7);
  EXPECT_EQ(steps.bucket, 1u);
  ASSERT_EQ(steps.buckets.size(), 4u);
  EXPECT_EQ(steps.buckets[1].lower, 0.1);
  EXPECT_EQ(steps.buckets[1].upper, 0.5);
  EXPECT_EQ(steps.buckets[1].cumulative, 9);
  EXPECT_EQ(steps.fraction, 0.5);
  EXPECT_FALSE(steps.is_native);
}

TEST(QuantileSteps, TellOfCountsThatHadToBeRaised) {
  const auto all = steps_of(latencies(), "histogram_quantile(0.4, odd_bucket)");
  EXPECT_EQ(all[0].monotonicity_fix, 2);
  EXPECT_EQ(all[0].buckets[1].cumulative, 5);
}

}  // namespace
}  // namespace promenade::promql
