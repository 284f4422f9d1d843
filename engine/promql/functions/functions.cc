// engine/promql/functions.cc
// Every function of Prometheus 3.14, a line each (after promql/parser/functions.go there). Kernels
// are found by name elsewhere; this table is all that parsing, completion and help need.
#include "promql/functions/functions.h"

#include <algorithm>

namespace promenade::promql {
namespace {

constexpr ValueType kScalar = ValueType::Scalar;
constexpr ValueType kVector = ValueType::Vector;
constexpr ValueType kMatrix = ValueType::Matrix;
constexpr ValueType kString = ValueType::String;

using Types = std::vector<ValueType>;

FunctionSignature stable(std::string_view name, Types args, ValueType returns,
                         std::string_view help) {
  const size_t required = args.size();
  return {name, std::move(args), 0, required, returns, false, help};
}
// The last argument type may be missing, and stand up to `variadic` times (-1: any number).
FunctionSignature variadic(std::string_view name, Types args, int variadic, std::string_view help) {
  const size_t required = args.size() - 1;
  return {name, std::move(args), variadic, required, kVector, false, help};
}
FunctionSignature experimental(FunctionSignature signature) {
  signature.experimental = true;
  return signature;
}

FunctionSignature of_vector(std::string_view name, std::string_view help) {
  return stable(name, {kVector}, kVector, help);
}
FunctionSignature of_range(std::string_view name, std::string_view help) {
  return stable(name, {kMatrix}, kVector, help);
}
// The calendar functions: a vector of Unix times, or nothing for the evaluation time.
FunctionSignature of_time(std::string_view name, std::string_view help) {
  return variadic(name, {kVector}, 1, help);
}

void add_maths(std::vector<FunctionSignature>& table) {
  table.insert(
      table.end(),
      {
          of_vector("abs", "The absolute value of each element."),
          of_vector("acos", "The arc cosine of each element, in radians."),
          of_vector("acosh", "The inverse hyperbolic cosine of each element."),
          of_vector("asin", "The arc sine of each element, in radians."),
          of_vector("asinh", "The inverse hyperbolic sine of each element."),
          of_vector("atan", "The arc tangent of each element, in radians."),
          of_vector("atanh", "The inverse hyperbolic tangent of each element."),
          of_vector("ceil", "Each element rounded up to a whole number."),
          of_vector("cos", "The cosine of each element, taken as radians."),
          of_vector("cosh", "The hyperbolic cosine of each element."),
          of_vector("deg", "Radians turned into degrees."),
          of_vector("exp", "e to the power of each element."),
          of_vector("floor", "Each element rounded down to a whole number."),
          of_vector("ln", "The natural logarithm of each element."),
          of_vector("log10", "The decimal logarithm of each element."),
          of_vector("log2", "The binary logarithm of each element."),
          of_vector("rad", "Degrees turned into radians."),
          of_vector("sgn", "The sign of each element: 1, 0 or -1."),
          of_vector("sin", "The sine of each element, taken as radians."),
          of_vector("sinh", "The hyperbolic sine of each element."),
          of_vector("sqrt", "The square root of each element."),
          of_vector("tan", "The tangent of each element, taken as radians."),
          of_vector("tanh", "The hyperbolic tangent of each element."),
          stable("pi", {}, kScalar, "The number pi."),
          stable("clamp", {kVector, kScalar, kScalar}, kVector,
                 "Each element, but at least the first and at most the second limit."),
          stable("clamp_max", {kVector, kScalar}, kVector, "Each element, but at most the limit."),
          stable("clamp_min", {kVector, kScalar}, kVector, "Each element, but at least the limit."),
          variadic("round", {kVector, kScalar}, 1,
                   "Each element rounded to the nearest multiple of the second argument, or of 1."),
          experimental(
              stable("max_of", {kScalar, kScalar}, kScalar, "The greater of two scalars.")),
          experimental(
              stable("min_of", {kScalar, kScalar}, kScalar, "The smaller of two scalars.")),
      });
}

void add_rates(std::vector<FunctionSignature>& table) {
  table.insert(
      table.end(),
      {
          of_range("rate", "How fast a counter grew per second, on average over the range."),
          of_range("increase", "By how much a counter grew over the range."),
          of_range("irate", "How fast a counter grew per second between its last two samples."),
          of_range("delta",
                   "The difference between the end and the start of the range, for gauges."),
          of_range("idelta", "The difference between the last two samples."),
          of_range("deriv",
                   "How fast a gauge changes per second, by a straight line through its samples."),
          of_range("changes", "How many times the value changed within the range."),
          of_range("resets", "How many times a counter started again from a lower value."),
          stable("predict_linear", {kMatrix, kScalar}, kVector,
                 "The value so many seconds from now, if the range's straight line goes on."),
          experimental(
              stable("double_exponential_smoothing", {kMatrix, kScalar, kScalar}, kVector,
                     "A smoothed value that follows the level and the trend of the range.")),
      });
}

void add_over_time(std::vector<FunctionSignature>& table) {
  table.insert(
      table.end(),
      {
          of_range("avg_over_time", "The mean of each series' samples in the range."),
          of_range("sum_over_time", "The sum of each series' samples in the range."),
          of_range("min_over_time", "The smallest sample of each series in the range."),
          of_range("max_over_time", "The greatest sample of each series in the range."),
          of_range("count_over_time", "The number of samples of each series in the range."),
          of_range("present_over_time", "1 for each series that has a sample in the range."),
          of_range("absent_over_time", "1 when no series has a sample in the range, else nothing."),
          of_range("first_over_time", "The oldest sample of each series in the range."),
          of_range("last_over_time", "The newest sample of each series in the range."),
          of_range("stddev_over_time",
                   "The standard deviation of each series' samples in the range."),
          of_range("stdvar_over_time", "The variance of each series' samples in the range."),
          stable("quantile_over_time", {kScalar, kMatrix}, kVector,
                 "The value below which the given share of each series' samples lies."),
          experimental(
              of_range("mad_over_time", "The median distance of the samples from their median.")),
          experimental(
              of_range("ts_of_first_over_time", "When the oldest sample in the range was taken.")),
          experimental(
              of_range("ts_of_last_over_time", "When the newest sample in the range was taken.")),
          experimental(
              of_range("ts_of_max_over_time", "When the greatest sample in the range was taken.")),
          experimental(
              of_range("ts_of_min_over_time", "When the smallest sample in the range was taken.")),
      });
}

void add_time(std::vector<FunctionSignature>& table) {
  table.insert(
      table.end(),
      {
          stable("time", {}, kScalar, "The evaluation time in seconds since 1970."),
          of_vector("timestamp", "When each sample was taken, in seconds since 1970."),
          of_time("minute", "The minute of the hour (0 to 59, UTC)."),
          of_time("hour", "The hour of the day (0 to 23, UTC)."),
          of_time("day_of_week", "The day of the week (0 is Sunday, UTC)."),
          of_time("day_of_month", "The day of the month (1 to 31, UTC)."),
          of_time("day_of_year", "The day of the year (1 to 366, UTC)."),
          of_time("days_in_month", "How many days the month has (28 to 31)."),
          of_time("month", "The month of the year (1 to 12, UTC)."),
          of_time("year", "The year (UTC)."),
          experimental(of_vector("start_timestamp",
                                 "When each sample's counter started, in seconds since 1970.")),
          experimental(
              stable("start", {}, kScalar, "The first time of the query, in seconds since 1970.")),
          experimental(
              stable("end", {}, kScalar, "The last time of the query, in seconds since 1970.")),
          experimental(
              stable("range", {}, kScalar, "The length of the query's time range, in seconds.")),
          experimental(stable("step", {}, kScalar, "The step of the query, in seconds.")),
      });
}

void add_vectors(std::vector<FunctionSignature>& table) {
  table.insert(
      table.end(),
      {
          of_vector("absent",
                    "1 when the vector is empty, else nothing: for alerts on missing series."),
          stable("scalar", {kVector}, kScalar, "The value of a vector with one element, else NaN."),
          stable("vector", {kScalar}, kVector,
                 "A scalar as a vector with one element without labels."),
          of_vector("sort", "The elements by value, smallest first (instant queries only)."),
          of_vector("sort_desc", "The elements by value, greatest first (instant queries only)."),
          experimental(variadic("sort_by_label", {kVector, kString}, -1,
                                "The elements ordered by the values of the given labels.")),
          experimental(
              variadic("sort_by_label_desc", {kVector, kString}, -1,
                       "The elements ordered by the values of the given labels, last first.")),
          stable("label_replace", {kVector, kString, kString, kString, kString}, kVector,
                 "Sets a label from another one, by a regular expression and its groups."),
          variadic("label_join", {kVector, kString, kString, kString}, -1,
                   "Sets a label to the values of other labels, joined with a separator."),
          experimental(variadic("info", {kVector, kVector}, 1,
                                "Adds the labels of matching info metrics such as target_info.")),
      });
}

void add_histograms(std::vector<FunctionSignature>& table) {
  table.insert(
      table.end(),
      {
          stable("histogram_quantile", {kScalar, kVector}, kVector,
                 "The value below which the given share of a histogram's observations lies."),
          experimental(
              variadic("histogram_quantiles", {kVector, kString, kScalar, kScalar}, 9,
                       "Several quantiles of a histogram at once, told apart by a label.")),
          stable("histogram_fraction", {kScalar, kScalar, kVector}, kVector,
                 "The share of a histogram's observations between two values."),
          of_vector("histogram_avg", "The mean of a native histogram's observations."),
          of_vector("histogram_count", "The number of a native histogram's observations."),
          of_vector("histogram_sum", "The sum of a native histogram's observations."),
          of_vector("histogram_stddev", "The estimated standard deviation of a native histogram."),
          of_vector("histogram_stdvar", "The estimated variance of a native histogram."),
      });
}

bool by_name(const FunctionSignature& a, const FunctionSignature& b) {
  return a.name < b.name;
}

std::vector<FunctionSignature> make_table() {
  std::vector<FunctionSignature> table;
  add_maths(table);
  add_rates(table);
  add_over_time(table);
  add_time(table);
  add_vectors(table);
  add_histograms(table);
  std::sort(table.begin(), table.end(), by_name);
  return table;
}

}  // namespace

std::span<const FunctionSignature> functions() {
  static const std::vector<FunctionSignature> table = make_table();
  return table;
}

const FunctionSignature* find_function(std::string_view name) {
  const auto table = functions();
  const auto at = std::lower_bound(table.begin(), table.end(), name,
                                   [](const FunctionSignature& signature, std::string_view key) {
                                     return signature.name < key;
                                   });
  return at != table.end() && at->name == name ? &*at : nullptr;
}

}  // namespace promenade::promql
