// tests/unit/grading/outcome_test.cc
#include "grading/outcome.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>

#include "grading/difference.h"

namespace promenade::grading {
namespace {

using promql::MatrixSeries;

constexpr double kInfinity = std::numeric_limits<double>::infinity();

Outcome of(std::vector<MatrixSeries> series) {
  Outcome outcome;
  outcome.series = std::move(series);
  return outcome;
}

MatrixSeries series(Labels labels, double value) {
  return {std::move(labels), {{1000, value, nullptr}}};
}
Outcome one(double value) {
  return of({series({{"a", "1"}}, value)});
}

TEST(Outcome, ValuesAreEqualToNineDigits) {
  const double nan = normal_nan();
  EXPECT_TRUE(same_outcome(one(1e9), one(1e9 + 0.5), {}));
  EXPECT_FALSE(same_outcome(one(1e9), one(1e9 + 5), {}));
  EXPECT_TRUE(same_outcome(one(-3e-30), one(-3e-30 * (1 + 1e-10)), {}));
  EXPECT_FALSE(same_outcome(one(0), one(1e-300), {}));
  EXPECT_TRUE(same_outcome(one(nan), one(nan), {}));
  EXPECT_FALSE(same_outcome(one(nan), one(0), {}));
  EXPECT_TRUE(same_outcome(one(kInfinity), one(kInfinity), {}));
  EXPECT_FALSE(same_outcome(one(kInfinity), one(-kInfinity), {}));
  EXPECT_FALSE(same_outcome(one(kInfinity), one(1e308), {}));
}

TEST(Outcome, NothingIsNotZero) {
  EXPECT_FALSE(same_outcome(of({}), one(0), {}));
  EXPECT_TRUE(same_outcome(of({}), of({}), {}));
}

TEST(Outcome, OrderCountsOnlyWhereItShould) {
  const MatrixSeries a = series({{"a", "1"}}, 1);
  const MatrixSeries b = series({{"a", "2"}}, 2);
  EXPECT_TRUE(same_outcome(of({a, b}), of({b, a}), {}));
  EXPECT_FALSE(same_outcome(of({a, b}), of({b, a}), {.ordered = true}));
  EXPECT_TRUE(same_outcome(of({a, b}), of({a, b}), {.ordered = true}));
}

TEST(Outcome, TheNameCountsUnlessItIsIgnored) {
  const Outcome named = of({series({{"__name__", "x"}, {"a", "1"}}, 1)});
  EXPECT_FALSE(same_outcome(named, one(1), {}));
  EXPECT_TRUE(same_outcome(named, one(1), {.ignore_metric_name = true}));
  // Two names with the same labels stay two series.
  const Outcome two = of({series({{"__name__", "x"}}, 2), series({{"__name__", "y"}}, 1)});
  const Outcome nameless = of({series({}, 1), series({}, 2)});
  EXPECT_TRUE(same_outcome(two, nameless, {.ignore_metric_name = true}));
}

TEST(Outcome, NanIsInOrderAmongEqualLabels) {
  std::vector<MatrixSeries> all;
  for (const double value : {1.0, normal_nan(), 2.0}) all.push_back(series({}, value));
  const Outcome sorted = of({series({}, 1), series({}, 2), series({}, normal_nan())});
  for (size_t i = 0; i < all.size(); ++i) {
    std::rotate(all.begin(), all.begin() + 1, all.end());
    EXPECT_TRUE(same_outcome(of(all), sorted, {})) << i;
    EXPECT_TRUE(same_outcome(of({all[1], all[0], all[2]}), sorted, {})) << i;
  }
}

TEST(Outcome, PointsCompareByTime) {
  const Outcome early = of({{Labels{{"a", "1"}}, {{1000, 1, nullptr}}}});
  const Outcome late = of({{Labels{{"a", "1"}}, {{2000, 1, nullptr}}}});
  const Outcome both = of({{Labels{{"a", "1"}}, {{1000, 1, nullptr}, {2000, 1, nullptr}}}});
  EXPECT_FALSE(same_outcome(early, late, {}));
  EXPECT_FALSE(same_outcome(early, both, {}));
}

TEST(Outcome, AFailureEqualsOnlyAFailure) {
  const Outcome failed = make_outcome(fail(ErrorCode::Limit, "too much"));
  EXPECT_EQ(failed.error->message, "too much");
  EXPECT_TRUE(same_outcome(failed, failed, {}));
  EXPECT_FALSE(same_outcome(failed, of({}), {}));
}

TEST(Outcome, AScalarIsASeriesWithoutLabels) {
  promql::QueryResult result;
  result.value = 4.5;
  result.time = Timestamp{1000};
  EXPECT_TRUE(same_outcome(make_outcome(result), of({series({}, 4.5)}), {}));
}

struct Described {
  Outcome expected;
  Outcome found;
  const char* text;
};

TEST(Difference, IsSaidInPlainWords) {
  const Labels x{{"__name__", "x"}, {"job", "a"}};
  const Labels y{{"__name__", "x"}, {"job", "b"}};
  const Labels z{{"__name__", "x"}, {"job", "c"}};
  const Described table[] = {
      {of({series(x, 1), series(y, 2)}), of({}),
       "2 series expected, none found. Expected is, for example, `x{job=\"a\"}`."},
      {of({}), of({series(x, 0)}),
       "At that moment nothing is the right answer, but yours finds 1 series, for example "
       "`x{job=\"a\"}`. No series is not the same as 0."},
      {of({series(x, 1), series(y, 2)}), of({series(x, 1), series(y, 3)}),
       "The series are right, but 1 of 2 have other values: `x{job=\"b\"}` should be 2 and is 3."},
      {of({series(x, 1)}), of({series(x, 123456.789)}),
       "The series are right, but their values are not: `x{job=\"a\"}` should be 1 and is 123457."},
      {of({series(x, 1)}), of({series(x, 1), series(y, 2), series(z, 2)}),
       "1 series expected, 3 found. Too many by 2, for example `x{job=\"b\"}`."},
      {of({series(x, 1), series(z, 2)}), of({series(x, 1), series(y, 2)}),
       "2 series expected, 2 found. Too many by 1, for example `x{job=\"b\"}`. Missing: 1, for "
       "example `x{job=\"c\"}`."},
      {of({series(x, 1)}), of({series(x.without_name(), 1)}),
       "The values are right, but your result has lost the metric's name: something in the query "
       "computes with the series, and plain series are asked for."},
      {of({series(x.without_name(), 1)}), of({series(x, 1)}),
       "The values are right, but your result still carries the metric's name, which a computed "
       "value should not."},
      {of({series({{"job", "a"}}, 1)}), of({series({}, 5)}),
       "1 series expected, 1 found. The expected ones carry `job`; yours carry no label."},
      {of({{x, {{1000, 1, nullptr}, {2000, 1, nullptr}}}}), of({{x, {{1000, 1, nullptr}}}}),
       "The series are right, but their values are not: `x{job=\"a\"}` should have 2 points over "
       "time and has 1."},
  };
  for (const Described& row : table) {
    EXPECT_EQ(describe_difference(row.expected, row.found, {}), row.text);
  }
}

TEST(Difference, OfOrderIsNamed) {
  const MatrixSeries a = series({{"a", "1"}}, 1);
  const MatrixSeries b = series({{"a", "2"}}, 2);
  EXPECT_EQ(describe_difference(of({a, b}), of({b, a}), {.ordered = true}),
            "The right series with the right values, but in another order.");
}

TEST(Difference, OfTypesExplainsBoth) {
  EXPECT_EQ(describe_type_difference(promql::ValueType::Vector, promql::ValueType::Matrix),
            "Your query gives a range vector (a list of samples for each series); wanted is an "
            "instant vector (one value for each series).");
  EXPECT_EQ(describe_type_difference(promql::ValueType::Scalar, promql::ValueType::String),
            "Your query gives a string (a piece of text); wanted is a scalar (a single number "
            "without labels).");
}

}  // namespace
}  // namespace promenade::grading
