// engine/promql/explain/operator_phrases.cc
// A sentence for every function and every aggregation. The marks:
//   %e  each element of the vector ("each of the rates", "each value of `up`")
//   %a  all elements of the vector          %b  its elements, to be counted ("series of `up`")
//   %n  "none of the rates exists"          %y  "any of the rates exists"
//   %s  each series of the range vector     %W  its window ("the last 5 minutes")
//   %h  each histogram in the vector        %g  for an aggregation, its grouping (" for each
//   `job`") %0  to %9: an argument                  %d  argument 1, as a length of time in seconds
//   %q  the quantile asked for, argument 0  %Q  the quantiles from argument 2 on
//   %L  the labels from argument 1 on       %p  an aggregation's parameter
//   %o  "no series of `up` has a sample", of the range vector
// Of two sentences, the second is for a call with its optional arguments, for timestamp() and
// start_timestamp() of anything but a selector, and for scalar() of one element at most.
#include <algorithm>

#include "base/check.h"
#include "promql/explain/phrases.h"

namespace promenade::promql {
namespace {

// Sorted by name.
constexpr OperatorPhrase kFunctions[] = {
    {"abs", "the absolute value of %e", "absolute value"},
    {"absent", "the value 1 if %n, otherwise nothing", "absence marker"},
    {"absent_over_time", "the value 1 if %o in %W, otherwise nothing", "absence marker"},
    {"acos", "the arc cosine of %e, in radians", "angle"},
    {"acosh", "the inverse hyperbolic cosine of %e", "result"},
    {"asin", "the arc sine of %e, in radians", "angle"},
    {"asinh", "the inverse hyperbolic sine of %e", "result"},
    {"atan", "the arc tangent of %e, in radians", "angle"},
    {"atanh", "the inverse hyperbolic tangent of %e", "result"},
    {"avg_over_time", "the average of all samples of %s in %W", "average"},
    {"ceil", "%e rounded up to a whole number", "rounded value"},
    {"changes", "how many times the value of %s changed in %W", "change count"},
    {"clamp", "%e, but at least %1 and at most %2", "clamped value"},
    {"clamp_max", "%e, but at most %1", "clamped value"},
    {"clamp_min", "%e, but at least %1", "clamped value"},
    {"cos", "the cosine of %e, taken as radians", "cosine"},
    {"cosh", "the hyperbolic cosine of %e", "result"},
    {"count_over_time", "the number of samples of %s in %W", "count"},
    {"day_of_month",
     "the day of the month (1 to 31, UTC) at the evaluation time|the day of the month (1 to 31, "
     "UTC) of %e, taken as seconds since 1970",
     "day"},
    {"day_of_week",
     "the day of the week (0 is Sunday, UTC) at the evaluation time|the day of the week (0 is "
     "Sunday, UTC) of %e, taken as seconds since 1970",
     "day"},
    {"day_of_year",
     "the day of the year (1 to 366, UTC) at the evaluation time|the day of the year (1 to 366, "
     "UTC) of %e, taken as seconds since 1970",
     "day"},
    {"days_in_month",
     "the number of days in the month (UTC) of the evaluation time|the number of days in the month "
     "(UTC) of %e, taken as seconds since 1970",
     "day count"},
    {"deg", "%e converted from radians to degrees", "angle"},
    {"delta", "how much %s changed from the start to the end of %W, up or down", "change"},
    {"deriv", "the per-second slope of the straight line fitted to the samples of %s in %W",
     "slope"},
    {"double_exponential_smoothing",
     "a smoothed value of %s in %W, with smoothing factor %1 and trend factor %2",
     "smoothed value"},
    {"end", "the end of the query's time range, in seconds since 1970", "time"},
    {"exp", "the number e to the power of %e", "power"},
    {"first_over_time", "the oldest sample of %s in %W", "oldest sample"},
    {"floor", "%e rounded down to a whole number", "rounded value"},
    {"histogram_avg", "the average of the observations in %e; only native histograms count",
     "average"},
    {"histogram_count", "the number of observations in %e; only native histograms count", "count"},
    {"histogram_fraction",
     "the share of observations between %0 and %1 in %h, estimated from its "
     "buckets",
     "share"},
    {"histogram_quantile", "the %q of the observations in %h, estimated from its buckets",
     "quantile"},
    {"histogram_quantiles",
     "%Q of the observations in %h, estimated from its buckets and told apart by the label %1",
     "quantile"},
    {"histogram_stddev",
     "the estimated standard deviation of the observations in %e; only native "
     "histograms count",
     "standard deviation"},
    {"histogram_stdvar",
     "the estimated variance of the observations in %e; only native histograms count", "variance"},
    {"histogram_sum", "the sum of the observations in %e; only native histograms count", "sum"},
    {"hour",
     "the hour of the day (0 to 23, UTC) at the evaluation time|the hour of the day (0 to 23, UTC) "
     "of %e, taken as seconds since 1970",
     "hour"},
    {"idelta", "the difference between the last two samples of %s in %W", "difference"},
    {"increase", "the increase of %s over %W, counter resets allowed for", "increase"},
    {"info",
     "%a, with labels added from the `target_info` series of the same `instance` and `job`|%a, "
     "with "
     "those labels added that %1 describes, from info series of the same `instance` and `job`",
     ""},
    {"irate",
     "the per-second rate of increase of %s between its last two samples in %W, a counter reset "
     "allowed for",
     "rate"},
    {"label_join", "", ""},
    {"label_replace", "", ""},
    {"last_over_time", "the newest sample of %s in %W", "newest sample"},
    {"ln", "the natural logarithm of %e", "logarithm"},
    {"log10", "the base-10 logarithm of %e", "logarithm"},
    {"log2", "the base-2 logarithm of %e", "logarithm"},
    {"mad_over_time", "the median distance of the samples of %s in %W from their own median",
     "median distance"},
    {"max_of", "the greater of %0 and %1", "maximum"},
    {"max_over_time", "the highest value of %s in %W", "maximum"},
    {"min_of", "the smaller of %0 and %1", "minimum"},
    {"min_over_time", "the lowest value of %s in %W", "minimum"},
    {"minute",
     "the minute of the hour (0 to 59, UTC) at the evaluation time|the minute of the hour (0 to "
     "59, "
     "UTC) of %e, taken as seconds since 1970",
     "minute"},
    {"month",
     "the month of the year (1 to 12, UTC) at the evaluation time|the month of the year (1 to 12, "
     "UTC) of %e, taken as seconds since 1970",
     "month"},
    {"pi", "the number pi", "number"},
    {"predict_linear",
     "the value that %s would have %d after the evaluation time, if the straight line fitted to "
     "its "
     "samples in %W went on",
     "prediction"},
    {"present_over_time", "the value 1 for %s if it has a sample in %W", "presence marker"},
    {"quantile_over_time", "the %q of all samples of %s in %W", "quantile"},
    {"rad", "%e converted from degrees to radians", "angle"},
    {"range", "the length of the query's time range, in seconds", "length"},
    {"rate", "the per-second rate of increase of %s, averaged over %W, counter resets allowed for",
     "rate"},
    {"resets", "how many times the value of %s fell in %W, each fall taken for a counter reset",
     "reset count"},
    {"round", "%e rounded to the nearest whole number|%e rounded to the nearest multiple of %1",
     "rounded value"},
    {"scalar",
     "the only one of %a as a scalar, or NaN if there are none or several|%a as a scalar, or NaN "
     "if "
     "there is none",
     "scalar"},
    {"sgn", "the sign of %e: 1, 0 or -1", "sign"},
    {"sin", "the sine of %e, taken as radians", "sine"},
    {"sinh", "the hyperbolic sine of %e", "result"},
    {"sort", "%a, sorted by value, lowest first", ""},
    {"sort_by_label", "%a, sorted by their labels|%a, sorted by %L", ""},
    {"sort_by_label_desc",
     "%a, sorted by their labels in descending order|%a, sorted by %L in descending order", ""},
    {"sort_desc", "%a, sorted by value, highest first", ""},
    {"sqrt", "the square root of %e", "square root"},
    {"start", "the start of the query's time range, in seconds since 1970", "time"},
    {"start_timestamp",
     "when the counter behind %e started to count, in seconds since 1970, if start times are in "
     "use|nothing, since only samples as they were scraped have a start time",
     "start time"},
    {"stddev_over_time", "the standard deviation of the samples of %s in %W", "standard deviation"},
    {"stdvar_over_time", "the variance of the samples of %s in %W", "variance"},
    {"step", "the step of the query, in seconds", "length"},
    {"sum_over_time", "the sum of all samples of %s in %W", "sum"},
    {"tan", "the tangent of %e, taken as radians", "tangent"},
    {"tanh", "the hyperbolic tangent of %e", "result"},
    {"time", "the evaluation time, in seconds since 1970", "time"},
    {"timestamp",
     "when the sample behind %e was taken, in seconds since 1970|the evaluation time, in seconds "
     "since 1970, once for %e",
     "time"},
    {"ts_of_first_over_time", "when the oldest sample of %s in %W was taken, in seconds since 1970",
     "time"},
    {"ts_of_last_over_time", "when the newest sample of %s in %W was taken, in seconds since 1970",
     "time"},
    {"ts_of_max_over_time",
     "when the highest sample of %s in %W was taken, the newest one if there are several, in "
     "seconds since 1970",
     "time"},
    {"ts_of_min_over_time",
     "when the lowest sample of %s in %W was taken, the newest one if there are several, in "
     "seconds since 1970",
     "time"},
    {"vector", "a vector with one element, %0, that has no labels", "value"},
    {"year",
     "the year (UTC) of the evaluation time|the year (UTC) of %e, taken as seconds since "
     "1970",
     "year"},
};

// In the order of AggregateOp.
constexpr OperatorPhrase kAggregates[] = {
    {"sum", "the sum of %a%g", "sum"},
    {"avg", "the average of %a%g", "average"},
    {"count", "the number of %b%g", "count"},
    {"min", "the lowest of %a%g", "minimum"},
    {"max", "the highest of %a%g", "maximum"},
    {"group", "the value 1 if %y|the value 1%g that is found among %a", "group marker"},
    {"stddev", "the standard deviation of %a%g", "standard deviation"},
    {"stdvar", "the variance of %a%g", "variance"},
    {"topk", "", ""},
    {"bottomk", "", ""},
    {"count_values", "how often each value occurs among %a%g, with the value in the label %p",
     "count"},
    {"quantile", "the %q of %a%g", "quantile"},
    {"limitk", "", ""},
    {"limit_ratio", "", ""},
};

}  // namespace

const OperatorPhrase& function_phrase(std::string_view name) {
  const auto* found = std::lower_bound(
      std::begin(kFunctions), std::end(kFunctions), name,
      [](const OperatorPhrase& phrase, std::string_view key) { return phrase.name < key; });
  CHECK(found != std::end(kFunctions) && found->name == name);
  return *found;
}

const OperatorPhrase& aggregate_phrase(AggregateOp op) {
  return kAggregates[static_cast<size_t>(op)];
}

}  // namespace promenade::promql
