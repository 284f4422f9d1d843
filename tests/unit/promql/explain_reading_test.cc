// Readings: what a node is, said as a teacher would. Reviewed one by one; a change here is a change
// of what learners read.
#include <gtest/gtest.h>

#include "promql/explain.h"
#include "promql/functions/functions.h"
#include "promql/parser/parser.h"

namespace promenade::promql {
namespace {

struct ReadingCase {
  std::string query;
  std::string reading;
};

const ReadingCase kCases[] = {
    {"42", "The number 42."},
    {"5m", "The number 300: 5 minutes in seconds."},
    {"-Inf", "The number -Inf."},
    {R"("hello")", R"(The text `"hello"`.)"},
    {"(up)", "What is in the parentheses, worked out first."},
    {"-up", "The negative of each value of `up`."},
    {"+up", "Each value of `up`, unchanged."},
    {"-rate(x[5m])", "The negative of each of the rates."},
    {"up", "The newest sample, if recent enough, of each series of `up`."},
    {R"(up{job="api"})",
     R"(The newest sample, if recent enough, of each series of `up` whose `job` is `"api"`.)"},
    {R"(up{job="api",instance!="b"})",
     R"(The newest sample, if recent enough, of each series of `up` whose `job` is `"api"` and whose `instance` is not `"b"`.)"},
    {R"(http_requests_total{code=~"5.."})",
     "The newest sample, if recent enough, of each series of `http_requests_total` whose `code` as "
     "a whole matches `5..`."},
    {R"(http_requests_total{code=~"500|503",method!~"GET|HEAD"})",
     R"(The newest sample, if recent enough, of each series of `http_requests_total` whose `code` is `"500"` or `"503"` and whose `method` is neither `"GET"` nor `"HEAD"`.)"},
    {R"(up{job=""})",
     "The newest sample, if recent enough, of each series of `up` whose `job` is missing."},
    {R"(up{job!=""})",
     "The newest sample, if recent enough, of each series of `up` whose `job` is present."},
    {R"({job="api"})",
     R"(The newest sample, if recent enough, of each series whose `job` is `"api"`.)"},
    {R"({__name__=~"node_.*"})",
     "The newest sample, if recent enough, of each series whose metric name as a whole matches "
     "`node_.*`."},
    {R"({"my.metric"})", "The newest sample, if recent enough, of each series of `my.metric`."},
    {"up offset 5m",
     "The newest sample, if recent enough, of each series of `up`, as of 5 minutes ago."},
    {"up offset -1h",
     "The newest sample, if recent enough, of each series of `up`, as of 1 hour after the "
     "evaluation time."},
    {"up @ 1609459200",
     "The newest sample, if recent enough, of each series of `up`, as of 2021-01-01 00:00:00 UTC."},
    {"up @ 1609459200.5 offset 1h30m",
     "The newest sample, if recent enough, of each series of `up`, as of 1 hour 30 minutes before "
     "2021-01-01 00:00:00.500 UTC."},
    {"up @ start()",
     "The newest sample, if recent enough, of each series of `up`, as of the query's start."},
    {"up @ end() offset 1d",
     "The newest sample, if recent enough, of each series of `up`, as of 1 day before the query's "
     "end."},
    {"up smoothed",
     "The value of each series of `up`, interpolated between the samples before and after."},
    {"up[5m]", "All samples of each series of `up` in the last 5 minutes."},
    {"up[1h] offset 1w", "All samples of each series of `up` in the hour up to 1 week ago."},
    {"up[5m] @ end()",
     "All samples of each series of `up` in the 5 minutes up to the query's end."},
    {"up[5m] anchored",
     "All samples of each series of `up` in the last 5 minutes, with the last sample before the "
     "window standing for its start."},
    {"up[5m] smoothed",
     "All samples of each series of `up` in the last 5 minutes, with the values at both edges of "
     "the window interpolated."},
    {"up[step() * 2]", "All samples of each series of `up` in the last `step() * 2`."},
    {R"(up{code=~"5.."}[90s])",
     "All samples of each series of `up` whose `code` as a whole matches `5..` in the last 1 "
     "minute 30 seconds."},
    {"rate(x[5m])[1h:30s]", "Each of the rates, evaluated every 30 seconds over the last hour."},
    {"up[1h:]", "Each value of `up`, evaluated at the default interval over the last hour."},
    {"sum(rate(x[5m]))[1d:1h] offset 1d",
     "The sum, evaluated every hour over the day up to 1 day ago."},
    {"rate(http_requests_total[5m])",
     "The per-second rate of increase of each series of `http_requests_total`, averaged over the "
     "last 5 minutes, counter resets allowed for."},
    {R"(rate(http_requests_total{code=~"5.."}[1m] offset 1h))",
     R"(The per-second rate of increase of each series of `http_requests_total{code=~"5.."}`, averaged over the minute up to 1 hour ago, counter resets allowed for.)"},
    {"rate(http_requests_total[1h])",
     "The per-second rate of increase of each series of `http_requests_total`, averaged over the "
     "last hour, counter resets allowed for."},
    {"increase(http_requests_total[1d])",
     "The increase of each series of `http_requests_total` over the last day, counter resets "
     "allowed for."},
    {"irate(x[1m])",
     "The per-second rate of increase of each series of `x` between its last two samples in the "
     "last minute, a counter reset allowed for."},
    {"rate(x[5m] anchored)",
     "The per-second rate of increase of each series of `x`, averaged over the last 5 minutes, "
     "counter resets allowed for, with the last sample before the window standing for its start."},
    {"increase(x[5m] smoothed)",
     "The increase of each series of `x` over the last 5 minutes, counter resets allowed for, with "
     "the values at both edges of the window interpolated."},
    {"delta(temperature[10m])",
     "How much each series of `temperature` changed from the start to the end of the last 10 "
     "minutes, up or down."},
    {"idelta(temperature[10m])",
     "The difference between the last two samples of each series of `temperature` in the last 10 "
     "minutes."},
    {"deriv(temperature[30m])",
     "The per-second slope of the straight line fitted to the samples of each series of "
     "`temperature` in the last 30 minutes."},
    {"predict_linear(disk_free[6h], 4 * 3600)",
     "The value that each series of `disk_free` would have `4 * 3600` seconds after the evaluation "
     "time, if the straight line fitted to its samples in the last 6 hours went on."},
    {"predict_linear(disk_free[6h], 3600)",
     "The value that each series of `disk_free` would have 1 hour after the evaluation time, if "
     "the straight line fitted to its samples in the last 6 hours went on."},
    {"double_exponential_smoothing(x[10m], 0.5, 0.1)",
     "A smoothed value of each series of `x` in the last 10 minutes, with smoothing factor 0.5 and "
     "trend factor 0.1."},
    {"changes(x[1h])", "How many times the value of each series of `x` changed in the last hour."},
    {"resets(x[1h])",
     "How many times the value of each series of `x` fell in the last hour, each fall taken for a "
     "counter reset."},
    {"avg_over_time(x[5m])",
     "The average of all samples of each series of `x` in the last 5 minutes."},
    {"sum_over_time(x[5m])", "The sum of all samples of each series of `x` in the last 5 minutes."},
    {"min_over_time(x[5m])", "The lowest value of each series of `x` in the last 5 minutes."},
    {"max_over_time(sum(rate(x[5m]))[1h:1m])",
     "The highest value of the sum in the last hour, evaluated every minute."},
    {"max_over_time(rate(x[5m])[1h:])",
     "The highest value of each of the rates in the last hour, evaluated at the default interval."},
    {"count_over_time(x[5m])",
     "The number of samples of each series of `x` in the last 5 minutes."},
    {"present_over_time(x[5m])",
     "The value 1 for each series of `x` if it has a sample in the last 5 minutes."},
    {"absent_over_time(x[5m])",
     "The value 1 if no series of `x` has a sample in the last 5 minutes, otherwise nothing."},
    {"first_over_time(x[5m])", "The oldest sample of each series of `x` in the last 5 minutes."},
    {"last_over_time(x[5m])", "The newest sample of each series of `x` in the last 5 minutes."},
    {"stddev_over_time(x[5m])",
     "The standard deviation of the samples of each series of `x` in the last 5 minutes."},
    {"stdvar_over_time(x[5m])",
     "The variance of the samples of each series of `x` in the last 5 minutes."},
    {"quantile_over_time(0.9, x[5m])",
     "The 90th percentile of all samples of each series of `x` in the last 5 minutes."},
    {"quantile_over_time(0.5, x[5m])",
     "The median of all samples of each series of `x` in the last 5 minutes."},
    {"mad_over_time(x[5m])",
     "The median distance of the samples of each series of `x` in the last 5 minutes from their "
     "own median."},
    {"ts_of_first_over_time(x[5m])",
     "When the oldest sample of each series of `x` in the last 5 minutes was taken, in seconds "
     "since 1970."},
    {"ts_of_last_over_time(x[5m])",
     "When the newest sample of each series of `x` in the last 5 minutes was taken, in seconds "
     "since 1970."},
    {"ts_of_max_over_time(x[5m])",
     "When the highest sample of each series of `x` in the last 5 minutes was taken, the newest "
     "one if there are several, in seconds since 1970."},
    {"ts_of_min_over_time(x[5m])",
     "When the lowest sample of each series of `x` in the last 5 minutes was taken, the newest one "
     "if there are several, in seconds since 1970."},
    {"abs(x)", "The absolute value of each value of `x`."},
    {"abs(x offset 1h)", "The absolute value of each value of `x` 1 hour ago."},
    {"acos(x)", "The arc cosine of each value of `x`, in radians."},
    {"acosh(x)", "The inverse hyperbolic cosine of each value of `x`."},
    {"asin(x)", "The arc sine of each value of `x`, in radians."},
    {"asinh(x)", "The inverse hyperbolic sine of each value of `x`."},
    {"atan(x)", "The arc tangent of each value of `x`, in radians."},
    {"atanh(x)", "The inverse hyperbolic tangent of each value of `x`."},
    {"ceil(rate(x[5m]))", "Each of the rates rounded up to a whole number."},
    {"floor(sum(x))", "The sum rounded down to a whole number."},
    {"round(x)", "Each value of `x` rounded to the nearest whole number."},
    {"round(x, 0.1)", "Each value of `x` rounded to the nearest multiple of 0.1."},
    {"clamp(x, 0, 100)", "Each value of `x`, but at least 0 and at most 100."},
    {"clamp_max(x, 5)", "Each value of `x`, but at most 5."},
    {"clamp_min(x, time())", "Each value of `x`, but at least the evaluation time."},
    {"cos(x)", "The cosine of each value of `x`, taken as radians."},
    {"cosh(x)", "The hyperbolic cosine of each value of `x`."},
    {"deg(x)", "Each value of `x` converted from radians to degrees."},
    {"rad(x)", "Each value of `x` converted from degrees to radians."},
    {"exp(x)", "The number e to the power of each value of `x`."},
    {"ln(x)", "The natural logarithm of each value of `x`."},
    {"log2(x)", "The base-2 logarithm of each value of `x`."},
    {"log10(x)", "The base-10 logarithm of each value of `x`."},
    {"sgn(delta(x[5m]))", "The sign of each of the changes: 1, 0 or -1."},
    {"sin(x)", "The sine of each value of `x`, taken as radians."},
    {"sinh(x)", "The hyperbolic sine of each value of `x`."},
    {"sqrt(x)", "The square root of each value of `x`."},
    {"tan(x)", "The tangent of each value of `x`, taken as radians."},
    {"tanh(x)", "The hyperbolic tangent of each value of `x`."},
    {"pi()", "The number pi."},
    {"time()", "The evaluation time, in seconds since 1970."},
    {"start()", "The start of the query's time range, in seconds since 1970."},
    {"end()", "The end of the query's time range, in seconds since 1970."},
    {"range()", "The length of the query's time range, in seconds."},
    {"step()", "The step of the query, in seconds."},
    {"max_of(1, 2)", "The greater of 1 and 2."},
    {"min_of(scalar(x), 5)", "The smaller of `scalar(x)` and 5."},
    {"vector(1)", "A vector with one element, 1, that has no labels."},
    {"vector(time())", "A vector with one element, the evaluation time, that has no labels."},
    {"scalar(x)",
     "The only one of the values of `x` as a scalar, or NaN if there are none or several."},
    {"scalar(sum(x))", "The sum as a scalar, or NaN if there is none."},
    {"timestamp(x)", "When the sample behind each value of `x` was taken, in seconds since 1970."},
    {"timestamp(rate(x[5m]))",
     "The evaluation time, in seconds since 1970, once for each of the rates."},
    {"start_timestamp(x)",
     "When the counter behind each value of `x` started to count, in seconds since 1970, if start "
     "times are in use."},
    {"start_timestamp(rate(x[5m]))",
     "Nothing, since only samples as they were scraped have a start time."},
    {"minute()", "The minute of the hour (0 to 59, UTC) at the evaluation time."},
    {"minute(x)",
     "The minute of the hour (0 to 59, UTC) of each value of `x`, taken as seconds since 1970."},
    {"hour()", "The hour of the day (0 to 23, UTC) at the evaluation time."},
    {"hour(timestamp(x))",
     "The hour of the day (0 to 23, UTC) of each of the times, taken as seconds since 1970."},
    {"day_of_week()", "The day of the week (0 is Sunday, UTC) at the evaluation time."},
    {"day_of_week(x)",
     "The day of the week (0 is Sunday, UTC) of each value of `x`, taken as seconds since 1970."},
    {"day_of_month()", "The day of the month (1 to 31, UTC) at the evaluation time."},
    {"day_of_month(x)",
     "The day of the month (1 to 31, UTC) of each value of `x`, taken as seconds since 1970."},
    {"day_of_year()", "The day of the year (1 to 366, UTC) at the evaluation time."},
    {"day_of_year(x)",
     "The day of the year (1 to 366, UTC) of each value of `x`, taken as seconds since 1970."},
    {"days_in_month()", "The number of days in the month (UTC) of the evaluation time."},
    {"days_in_month(x)",
     "The number of days in the month (UTC) of each value of `x`, taken as seconds since 1970."},
    {"month()", "The month of the year (1 to 12, UTC) at the evaluation time."},
    {"month(x)",
     "The month of the year (1 to 12, UTC) of each value of `x`, taken as seconds since 1970."},
    {"year()", "The year (UTC) of the evaluation time."},
    {"year(x)", "The year (UTC) of each value of `x`, taken as seconds since 1970."},
    {R"(absent(up{job="api"}))",
     R"(The value 1 if no series of `up{job="api"}` exists, otherwise nothing.)"},
    {"absent(sum(up))", "The value 1 if the sum does not exist, otherwise nothing."},
    {"absent(rate(x[5m]))", "The value 1 if none of the rates exists, otherwise nothing."},
    {"sort(x)", "The values of `x`, sorted by value, lowest first."},
    {"sort_desc(sum by (job) (rate(x[5m])))", "The sums, sorted by value, highest first."},
    {R"(sort_by_label(x, "job", "instance"))",
     "The values of `x`, sorted by `job`, then `instance`."},
    {R"(sort_by_label_desc(x, "job"))", "The values of `x`, sorted by `job` in descending order."},
    {"sort_by_label(x)", "The values of `x`, sorted by their labels."},
    {R"(label_replace(up, "host", "$1", "instance", "(.*):.*"))",
     R"(The values of `up`, with `host` set to `"$1"`, filled in from the pattern's groups, where `instance` as a whole matches `(.*):.*`.)"},
    {R"(label_replace(up, "env", "prod", "", ""))",
     R"(The values of `up`, with `env` set to `"prod"` on all of them.)"},
    {R"(label_replace(up, "env", "", "job", "test"))",
     "The values of `up`, with `env` removed where `job` as a whole matches `test`."},
    {R"(label_join(up, "id", "-", "job", "instance"))",
     R"(The values of `up`, with `id` set to the values of `job` and `instance`, joined by `"-"`.)"},
    {R"(label_join(up, "id", "", "job"))",
     "The values of `up`, with `id` set to the value of `job`."},
    {R"(label_join(up, "id", "-"))", "The values of `up`, with `id` removed."},
    {"info(rate(x[5m]))",
     "The rates, with labels added from the `target_info` series of the same `instance` and "
     "`job`."},
    {R"(info(up, {data=~".+"}))",
     R"(The values of `up`, with those labels added that `{data=~".+"}` describes, from info series of the same `instance` and `job`.)"},
    {"histogram_quantile(0.95, sum by (le) (rate(x_bucket[5m])))",
     "The 95th percentile of the observations in each histogram formed by the sums, estimated from "
     "its buckets."},
    {"histogram_quantile(0.5, rate(x_bucket[5m]))",
     "The median of the observations in each histogram formed by the rates, estimated from its "
     "buckets."},
    {"histogram_quantile(scalar(q), sum(rate(native[5m])))",
     "The quantile `scalar(q)` of the observations in the histogram formed by the sum, estimated "
     "from its buckets."},
    {R"(histogram_quantiles(sum by (le) (rate(x_bucket[5m])), "q", 0.5, 0.9, 0.99))",
     "The median, the 90th percentile and the 99th percentile of the observations in each "
     "histogram formed by the sums, estimated from its buckets and told apart by the label `q`."},
    {"histogram_fraction(0, 0.3, rate(x_bucket[5m]))",
     "The share of observations between 0 and 0.3 in each histogram formed by the rates, estimated "
     "from its buckets."},
    {"histogram_avg(rate(native[5m]))",
     "The average of the observations in each of the rates; only native histograms count."},
    {"histogram_count(rate(native[5m]))",
     "The number of observations in each of the rates; only native histograms count."},
    {"histogram_sum(sum(native))",
     "The sum of the observations in the sum; only native histograms count."},
    {"histogram_stddev(native)",
     "The estimated standard deviation of the observations in each value of `native`; only native "
     "histograms count."},
    {"histogram_stdvar(native)",
     "The estimated variance of the observations in each value of `native`; only native histograms "
     "count."},
    {"sum(x)", "The sum of the values of `x`."},
    {"sum(rate(x[5m]))", "The sum of the rates."},
    {"sum by (job) (rate(x[5m]))", "The sum of the rates for each `job`."},
    {"sum by (job, instance) (x)",
     "The sum of the values of `x` for each combination of `job` and `instance`."},
    {"sum without (le) (x)",
     "The sum of the values of `x` for each combination of the labels other than `le`."},
    {"sum without () (x)", "The sum of the values of `x` for each combination of labels."},
    {"sum without (a, b) (x)",
     "The sum of the values of `x` for each combination of the labels other than `a` and `b`."},
    {R"(count by (__name__) ({job="api"}))",
     R"(The number of series of `{job="api"}` for each metric name.)"},
    {"avg(x)", "The average of the values of `x`."},
    {"min by (job) (x)", "The lowest of the values of `x` for each `job`."},
    {"max(x)", "The highest of the values of `x`."},
    {"count(up == 0)", "The number of remaining series of `up`."},
    {"count(rate(x[5m]) > 1)", "The number of remaining rates."},
    {"group(x)", "The value 1 if any series of `x` exists."},
    {"group by (job) (rate(x[5m]))", "The value 1 for each `job` that is found among the rates."},
    {"stddev(x)", "The standard deviation of the values of `x`."},
    {"stdvar by (job) (x)", "The variance of the values of `x` for each `job`."},
    {"topk(3, rate(x[5m]))", "The 3 elements with the highest values among the rates."},
    {"topk(1, x)", "The element with the highest value among the values of `x`."},
    {"bottomk by (job) (2, x)",
     "The 2 elements with the lowest values among the values of `x` for each `job`."},
    {"topk(scalar(k), x)",
     "The `scalar(k)` elements with the highest values among the values of `x`."},
    {R"(count_values("version", build_info))",
     "How often each value occurs among the values of `build_info`, with the value in the label "
     "`version`."},
    {R"(count_values by (job) ("version", build_info))",
     "How often each value occurs among the values of `build_info` for each `job`, with the value "
     "in the label `version`."},
    {"quantile(0.9, x)", "The 90th percentile of the values of `x`."},
    {"quantile(1.5, x)", "The quantile 1.5 of the values of `x`."},
    {"limitk(10, x)", "Up to 10 of the values of `x`, whichever come first."},
    {"limit_ratio(0.1, x)", "About 10% of the values of `x`, chosen by a hash of their labels."},
    {"limit_ratio(-0.9, x)",
     "About 90% of the values of `x`, chosen by a hash of their labels: those that a ratio of 0.1 "
     "leaves out."},
    {"limit_ratio(scalar(r), x)",
     "A share of `scalar(r)` of the values of `x`, chosen by a hash of their labels."},
    {"1 + 2", "1 plus 2."},
    {"2 > bool 1", "1 if 2 is greater than 1, otherwise 0."},
    {"x + 1", "Each value of `x` plus 1."},
    {"rate(x[5m]) * 60", "Each of the rates times 60."},
    {"1 - rate(x[5m])", "1 minus each of the rates."},
    {"2 ^ x", "2 to the power of each value of `x`."},
    {"x % 2", "The remainder of each value of `x` divided by 2."},
    {"x atan2 y",
     "The arc tangent of each value of `x` divided by the value of `y` with the same labels, in "
     "radians, in the quadrant that both signs give."},
    {"x > 5", "Those values of `x` that are greater than 5."},
    {"5 > x", "Those values of `x` that are less than 5."},
    {"rate(x[5m]) > 0.5", "Those of the rates that are greater than 0.5."},
    {"sum(x) > 5", "The sum, if it is greater than 5; otherwise nothing."},
    {"x == bool 1", "For each value of `x`: 1 if it is equal to 1, otherwise 0."},
    {"sum(x) <= bool 2", "1 if the sum is at most 2, otherwise 0."},
    {"x != 0", "Those values of `x` that are different from 0."},
    {"a / b", "Each value of `a` divided by the value of `b` with the same labels."},
    {"rate(a[5m]) / rate(b[5m])",
     "Each of the rates on the left divided by the one of the rates on the right with the same "
     "labels."},
    {"sum(rate(a[5m])) / sum(rate(b[5m]))", "The sum on the left divided by the sum on the right."},
    {"sum by (job) (a) / on (job) sum by (job) (b)",
     "Each of the sums on the left divided by the one of the sums on the right with the same "
     "`job`."},
    {"a / ignoring (code) b",
     "Each value of `a` divided by the value of `b` with the same labels apart from `code`."},
    {"a * on (instance) group_left (version, env) build_info",
     "Each value of `a` times the value of `build_info` with the same `instance`; several on the "
     "left may share one on the right, which lends them its labels `version` and `env`."},
    {"a * on (instance) group_left build_info",
     "Each value of `a` times the value of `build_info` with the same `instance`; several on the "
     "left may share one on the right."},
    {"build_info * on (job) group_right (team) a",
     "The value of `build_info` with the same `job` times each value of `a`; several on the right "
     "may share one on the left, which lends them its label `team`."},
    {"a + on () b", "Each value of `a` plus the value of `b`, whatever the labels."},
    {"a > b", "Those values of `a` that are greater than the value of `b` with the same labels."},
    {"a > bool b",
     "For each value of `a`: 1 if it is greater than the value of `b` with the same labels, "
     "otherwise 0."},
    {"sum by (job) (a) >= on (job) group_left sum by (job) (b)",
     "Those of the sums on the left that are at least the one of the sums on the right with the "
     "same `job`; several on the left may share one on the right."},
    {"a < on (job) group_right b",
     "For each value of `b`: the value of `a` with the same `job`, if that is less than it; "
     "several on the right may share one on the left."},
    {"a < bool on (job) group_right b",
     "For each value of `b`: 1 if the value of `a` with the same `job` is less than it, otherwise "
     "0; several on the right may share one on the left."},
    {"sum(a) > sum(b)",
     "The sum on the left, if it is greater than the sum on the right; otherwise nothing."},
    {"a + fill (0) b",
     "Each value of `a` plus the value of `b` with the same labels; where one side has none, it "
     "counts as 0."},
    {"a - fill_left (0) b",
     "Each value of `a` minus the value of `b` with the same labels; where the left side has none, "
     "it counts as 0."},
    {"a - fill_right (1) b",
     "Each value of `a` minus the value of `b` with the same labels; where the right side has "
     "none, it counts as 1."},
    {"a - fill_left (0) fill_right (2) b",
     "Each value of `a` minus the value of `b` with the same labels; where the left side has none, "
     "it counts as 0; where the right side has none, it counts as 2."},
    {"a and b",
     "Those values of `a` that have a counterpart with the same labels among the values of `b`."},
    {"a and on (job) b",
     "Those values of `a` that have a counterpart with the same `job` among the values of `b`."},
    {"a unless b",
     "Those values of `a` that have no counterpart with the same labels among the values of `b`."},
    {"a or b",
     "The values of `a`, and those values of `b` that have no counterpart with the same labels on "
     "the left side."},
    {"a and on () b", "The values of `a`, if any series of `b` exists; otherwise nothing."},
    {"rate(a[5m]) unless on () (hour() > 17)", "The rates, unless the remaining hour exists."},
    {"sum(x) or vector(0)", "The sum or, if there is nothing, the value 0."},
    {"a or on () vector(1)", "The values of `a` or, if there is nothing, the value 1."},
    {"x offset 1d", "The newest sample, if recent enough, of each series of `x`, as of 1 day ago."},
    {"x - x offset 1d", "Each value of `x` minus the value of `x` 1 day ago with the same labels."},
    {"(x > 5) and (y < 2)",
     "Those remaining values of `x` that have a counterpart with the same labels among the "
     "remaining values of `y`."},
    {"native </ 0.5", "Each value of `native`, without the observations above 0.5."},
    {"native >/ 0.5", "Each value of `native`, without the observations below 0.5."},
    {"sum(topk(3, x))", "The sum of the chosen values of `x`."},
    {"avg(a or b)", "The average of the combined values."},
    {"sum(-x)", "The sum of the negated values of `x`."},
    {"max_over_time((sum(x) / count(x))[1h:1m])",
     "The highest value of the quotient in the last hour, evaluated every minute."},
    {R"(sum by (job) (label_replace(rate(x[5m]), "a", "b", "c", "d")))",
     "The sum of the rates for each `job`."},
    {"sqrt(avg(x) > 2)", "The square root of the remaining average."},
    {"abs(x == bool 1)", "The absolute value of each of the truth values."},
    {R"(http_requests_total{job="a-long-job-name",instance="some-instance.example.org:9090"} + 1)",
     "Each value of `http_requests_total{…}` plus 1."},
    {"rate((x[5m]))",
     "The per-second rate of increase of each series of `x`, averaged over the last 5 minutes, "
     "counter resets allowed for."},
    {"count(sum by (job) (x))", "The number of sums."},
    {"day_of_week() == 0", "The day, if it is equal to 0; otherwise nothing."},
    {"(time() - process_start_time_seconds) / 3600", "Each of the differences divided by 3600."},
    {R"(100 * (1 - avg by (instance) (rate(node_cpu_seconds_total{mode="idle"}[5m]))))",
     "100 times each of the differences."},
    {"absent_over_time(rate(x[5m])[1h:1m])",
     "The value 1 if none of the rates has a value in the last hour, otherwise nothing, evaluated "
     "every minute."},
    {"absent_over_time(sum(x)[1h:1m])",
     "The value 1 if the sum has no value in the last hour, otherwise nothing, evaluated every "
     "minute."},
    {R"(rate({__name__=~"a|b"}[5m]))",
     R"(The per-second rate of increase of each series of `{__name__=~"a|b"}`, averaged over the last 5 minutes, counter resets allowed for.)"},
    {"rate(x[5m] @ 1609459200 offset 1h)",
     "The per-second rate of increase of each series of `x`, averaged over the 5 minutes up to 1 "
     "hour before 2021-01-01 00:00:00 UTC, counter resets allowed for."},
    {"avg_over_time(x[30s] offset -5m)",
     "The average of all samples of each series of `x` in the 30 seconds up to 5 minutes after the "
     "evaluation time."},
    {"max_over_time(x[1w2d])", "The highest value of each series of `x` in the last 9 days."},
    {"sum(x offset 1h) - sum(x)", "The sum on the left minus the sum on the right."},
    {"sum by (job) (a) and sum by (job) (b)",
     "Those of the sums on the left that have a counterpart with the same labels among the sums on "
     "the right."},
    {"sum(a) and sum(b)",
     "The sum on the left, if the sum exists on the right; otherwise nothing."},
    {"a unless on (job) b == 0",
     "Those values of `a` that have no counterpart with the same `job` among the remaining values "
     "of `b`."},
    {"5 > bool x", "For each value of `x`: 1 if it is less than 5, otherwise 0."},
    {"a > ignoring (x) group_left () b",
     "Those values of `a` that are greater than the value of `b` with the same labels apart from "
     "`x`; several on the left may share one on the right."},
    {"topk by (job) (1, rate(x[5m]))",
     "The element with the highest value among the rates for each `job`."},
    {"limit_ratio(2, x)", "A share of 2 of the values of `x`, chosen by a hash of their labels."},
    {"histogram_quantile(0.999, sum(rate(h[5m])))",
     "The 99.9th percentile of the observations in the histogram formed by the sum, estimated from "
     "its buckets."},
    {"histogram_quantile(0.01, x)",
     "The 1st percentile of the observations in each histogram formed by the values of `x`, "
     "estimated from its buckets."},
    {"quantile(0.29, x)", "The 29th percentile of the values of `x`."},
    {"quantile(0, x)", "The 0th percentile of the values of `x`."},
    {"sum(count by (job) (up == 1))", "The sum of the counts."},
    {"vector(1) == 1", "The value 1, if it is equal to 1; otherwise nothing."},
    {"abs(vector(2))", "The absolute value of the value 2."},
    {"absent(x) + 1", "Each of the absence markers plus 1."},
    {"count(topk(3, x))", "The number of chosen series of `x`."},
    {"min_of(1, time())", "The smaller of 1 and the evaluation time."},
    {"timestamp((x))",
     "When the sample behind each value of `x` was taken, in seconds since 1970."},
    {"hour(x) > 9", "Those of the hours that are greater than 9."},
    {"day_of_year() + 1", "The day plus 1."},
    {"sum(histogram_count(x))", "The sum of the counts."},
    {"clamp_max(sum(x) / sum(y), "
     "scalar(some_quite_long_metric_name_that_nobody_wants_to_read_twice))",
     "The quotient, but at most the scalar given."},
    {R"(x{a="1",b="2",c!~"3|4"} * 2)", R"(Each value of `x{a="1",b="2",c!~"3|4"}` times 2.)"},
    {"changes(sum(x)[10m:])",
     "How many times the value of the sum changed in the last 10 minutes, evaluated at the default "
     "interval."},
    {"0x1F", "The number 31."},
    {"1e9", "The number 1000000000."},
};

TEST(Reading, SaysWhatTheNodeIs) {
  for (const ReadingCase& test : kCases) {
    const auto expr = parse(test.query);
    ASSERT_TRUE(expr) << test.query << ": " << expr.error().message;
    EXPECT_EQ(reading(**expr), test.reading) << test.query;
  }
}

// A call with all of the function's arguments that must be there, and one with all that may.
std::string call_of(const FunctionSignature& function, size_t count) {
  std::string text(function.name);
  text += "(";
  for (size_t i = 0; i < count; ++i) {
    if (i > 0) text += ", ";
    switch (function.args[std::min(i, function.args.size() - 1)]) {
      case ValueType::Matrix:
        text += "x[5m]";
        break;
      case ValueType::Vector:
        text += function.name == "info" && i == 1 ? "{a=\"b\"}" : "x";
        break;
      case ValueType::String:
        text += "\"text\"";
        break;
      default:
        text += "0.5";
    }
  }
  return text + ")";
}

TEST(Reading, KnowsEveryFunction) {
  for (const FunctionSignature& function : functions()) {
    const size_t more = function.variadic < 0 ? 2 : static_cast<size_t>(function.variadic);
    for (const size_t count : {function.required, function.required + more}) {
      const std::string query = call_of(function, count);
      const auto expr = parse(query);
      ASSERT_TRUE(expr) << query << ": " << expr.error().message;
      // A parent has a name for it, too, and no mark is left over.
      std::string text = reading(**expr);
      if (function.returns == ValueType::Vector)
        text += reading(*parse("abs(" + query + ")").value());
      EXPECT_GT(text.size(), 2u) << query;
      EXPECT_EQ(text.find_first_of("%|"), std::string::npos) << text;
      EXPECT_EQ(text.back(), '.') << text;
    }
  }
}

}  // namespace
}  // namespace promenade::promql
