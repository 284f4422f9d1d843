// tests/unit/promql/math_functions_test.cc
// Functions of single values: mathematics, the calendar, and the way between scalars and vectors.
#include <gtest/gtest.h>

#include <cmath>

#include "promql/functions/calendar.h"
#include "promql/functions/functions.h"
#include "promql/values.h"
#include "query_fixture.h"

namespace promenade::promql {
namespace {

using testing::instant;
using testing::Store;
using testing::text_of;

struct Case {
  const char* query;
  const char* expected;  // Of the only element, or the scalar.
};

const Case kCases[] = {
    {"abs(vector(-2.5))", "{} 2.5\n"},
    {"ceil(vector(-2.5))", "{} -2\n"},
    {"floor(vector(-2.5))", "{} -3\n"},
    {"exp(vector(0))", "{} 1\n"},
    {"ln(vector(-1))", "{} NaN\n"},
    {"ln(vector(0))", "{} -Inf\n"},
    {"log2(vector(8))", "{} 3\n"},
    {"log10(vector(1000))", "{} 3\n"},
    {"sqrt(vector(16))", "{} 4\n"},
    {"sgn(vector(-7))", "{} -1\n"},
    {"sgn(vector(0))", "{} 0\n"},
    {"sgn(vector(NaN))", "{} NaN\n"},
    {"cos(vector(0))", "{} 1\n"},
    {"atanh(vector(1))", "{} +Inf\n"},
    {"acosh(vector(0.5))", "{} NaN\n"},
    {"deg(vector(pi()))", "{} 180\n"},
    {"rad(vector(180)) - pi()", "{} 0\n"},
    // Ties go up.
    {"round(vector(2.5))", "{} 3\n"},
    {"round(vector(-2.5))", "{} -2\n"},
    {"round(vector(7), 5)", "{} 5\n"},
    {"round(vector(0.26), 0.1)", "{} 0.3\n"},
    {"clamp(vector(7), 0, 5)", "{} 5\n"},
    {"clamp(vector(-7), 0, 5)", "{} 0\n"},
    {"clamp(vector(7), 5, 0)", ""},
    {"clamp(vector(7), NaN, 5)", "{} NaN\n"},
    {"clamp_max(vector(7), 5)", "{} 5\n"},
    {"clamp_min(vector(7), 9)", "{} 9\n"},
    {"clamp_min(vector(NaN), 9)", "{} NaN\n"},
    {"max_of(1, 2)", "2"},
    {"min_of(1, 2)", "1"},
    {"max_of(NaN, Inf)", "+Inf"},
    {"min_of(NaN, 1)", "NaN"},
    {"scalar(vector(3))", "3"},
    {"scalar(gauge)", "NaN"},
    {"scalar(missing)", "NaN"},
    {"scalar(gauge{i=\"1\"})", "-1.5"},
    {"scalar({__name__=~\"histogram|single\"})", "4"},
    {"abs(single)", "{} 4\n"},
    {"abs(histogram)", ""},
    {"abs({__name__=~\"single|twin\"})",
     "error: vector cannot contain metrics with the same labelset"},
    // Time.
    {"time()", "300"},
    {"start() + end()", "600"},
    {"range() + step()", "0"},
    {"minute()", "{} 5\n"},
    {"hour(vector(86399))", "{} 23\n"},
    {"day_of_month(vector(-1))", "{} 31\n"},
    {"year(vector(-1))", "{} 1969\n"},
    {"minute(vector(119.9))", "{} 1\n"},
    {"month(vector(NaN))", "{} NaN\n"},
    {"year(vector(Inf))", "{} NaN\n"},
};

Store store_of_values() {
  Store store;
  store.load(300, R"(gauge{i="1"})", "0 -1.5").load(300, R"(gauge{i="2"})", "0 2.5");
  store.load(300, "single", "0 4").load(300, "twin", "0 4").load(300, "histogram", "h1 h2");
  return store;
}

TEST(MathFunctions, MapEachValue) {
  const Store store = store_of_values();
  for (const Case& test : kCases) {
    EXPECT_EQ(text_of(instant(store, test.query, 300)), test.expected) << test.query;
  }
}

TEST(MathFunctions, KnowTheQueryTheyAreIn) {
  const Store store = store_of_values();
  EXPECT_EQ(text_of(testing::range(store, "step() + range()", 0, 20, 10)), "{} 30@0 30@10 30@20\n");
  EXPECT_EQ(text_of(testing::range(store, "end() - time()", 0, 20, 10)), "{} 20@0 10@10 0@20\n");
}

struct Date {
  int64_t seconds;
  const char* text;
  int day_of_week;
  int day_of_year;
  int days_in_month;
};

const Date kDates[] = {
    {0, "1970-01-01T00:00:00Z", 4, 1, 31},
    {951'782'399, "2000-02-28T23:59:59Z", 1, 59, 29},
    {951'868'799, "2000-02-29T23:59:59Z", 2, 60, 29},
    {951'868'800, "2000-03-01T00:00:00Z", 3, 61, 31},
    {4'107'542'400, "2100-03-01T00:00:00Z", 1, 60, 31},
    {1'735'689'599, "2024-12-31T23:59:59Z", 2, 366, 31},
    {-1, "1969-12-31T23:59:59Z", 3, 365, 31},
    {-62'135'596'800, "0001-01-01T00:00:00Z", 1, 1, 31},
    {253'402'300'799, "9999-12-31T23:59:59Z", 5, 365, 31},
};

TEST(Calendar, KnowsTheDateOfUnixTimes) {
  for (const Date& date : kDates) {
    const CalendarTime time = CalendarTime::of(date.seconds);
    EXPECT_EQ(time.to_rfc3339(), date.text);
    EXPECT_EQ(time.day_of_week, date.day_of_week) << date.text;
    EXPECT_EQ(time.day_of_year(), date.day_of_year) << date.text;
    EXPECT_EQ(time.days_in_month(), date.days_in_month) << date.text;
  }
}

TEST(FunctionRegistry, KnowsEveryFunctionOfTheLanguage) {
  // These need more than their arguments' values: the evaluator does them itself.
  const std::vector<std::string_view> evaluators = {"absent", "absent_over_time", "info",
                                                    "timestamp"};
  for (const FunctionSignature& function : functions()) {
    const bool is_evaluators =
        std::find(evaluators.begin(), evaluators.end(), function.name) != evaluators.end();
    const int homes = (find_range_kernel(function.name) != nullptr ? 1 : 0) +
                      (find_vector_function(function.name) != nullptr ? 1 : 0) +
                      (is_evaluators ? 1 : 0);
    EXPECT_EQ(homes, 1) << function.name;
  }
  EXPECT_EQ(find_range_kernel("nonsense"), nullptr);
  EXPECT_EQ(find_vector_function("nonsense"), nullptr);
}

}  // namespace
}  // namespace promenade::promql
