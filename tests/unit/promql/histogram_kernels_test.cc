// tests/unit/promql/histogram_kernels_test.cc
// Range functions over native histograms, alone and mixed with floats.
#include <limits>
#include <memory>

#include "kernel_fixture.h"

namespace promenade::promql {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
using Hint = CounterResetHint;
using Texts = std::vector<std::string>;

// Counts of the buckets (0.5, 1] and (1, 2].
FloatHistogram exponential(double low, double high, double sum, Hint hint = Hint::Unknown) {
  FloatHistogram histogram;
  histogram.positive_spans = {{0, 2}};
  histogram.positive_buckets = {low, high};
  histogram.count = low + high;
  histogram.sum = sum;
  histogram.counter_reset_hint = hint;
  return histogram;
}

// Counts up to 1 and above.
FloatHistogram custom(double low, double high, double bound = 1) {
  FloatHistogram histogram;
  histogram.schema = kCustomBucketsSchema;
  histogram.custom_values = {bound};
  histogram.positive_spans = {{0, 2}};
  histogram.positive_buckets = {low, high};
  histogram.count = low + high;
  return histogram;
}

// A sample each 15 s, the first at 15 s.
TestSeries series_of(const std::vector<FloatHistogram>& histograms) {
  TestSeries series;
  int64_t time_ms = 0;
  for (const FloatHistogram& histogram : histograms) {
    time_ms += 15'000;
    series.histograms.push_back({time_ms, std::make_shared<const FloatHistogram>(histogram)});
  }
  return series;
}

KernelResult run_minute(const char* query, const TestSeries& series) {
  return run_once(query, series, 60'000, 60'000);
}

std::string histogram_text(const KernelResult& result) {
  if (!result.row.has_histograms() || !result.row.histograms[0]) return "none";
  return result.row.histograms[0]->to_string();
}

struct Case {
  const char* query;
  std::vector<FloatHistogram> histograms;
  const char* expected;
  Texts warnings = {};
  Texts infos = {};
};

const Case kCases[] = {
    // 45 s are sampled; the edges add 15 s, a third.
    {"increase(x[1m])",
     {exponential(10, 10, 30), exponential(11, 12, 33), exponential(13, 15, 40),
      exponential(16, 19, 60)},
     "{count:20, sum:40, (0.5,1]:8, (1,2]:12}"},
    // A reset after the second sample: 13 were there before it, 8 after.
    {"increase(x[1m])",
     {exponential(5, 5, 10), exponential(6, 7, 13), exponential(1, 1, 2), exponential(3, 5, 8)},
     "{count:14.666666666666666, sum:14.666666666666666, (0.5,1]:5.333333333333333, "
     "(1,2]:9.333333333333332}"},
    {"delta(x[1m])",
     {exponential(10, 10, 30, Hint::Gauge), exponential(1, 1, 1, Hint::Gauge),
      exponential(1, 1, 1, Hint::Gauge), exponential(4, 13, 60, Hint::Gauge)},
     "{count:-4, sum:40, (0.5,1]:-8, (1,2]:4}"},
    {"irate(x[1m])",
     {exponential(1, 1, 1), exponential(16, 31, 31)},
     "{count:3, sum:2, (0.5,1]:1, (1,2]:2}"},
    {"irate(x[1m])",
     {exponential(100, 1, 1), exponential(15, 30, 30)},
     "{count:3, sum:2, (0.5,1]:1, (1,2]:2}"},
    {"sum_over_time(x[1m])",
     {exponential(1, 2, 3), exponential(4, 5, 6)},
     "{count:12, sum:9, (0.5,1]:5, (1,2]:7}"},
    {"avg_over_time(x[1m])",
     {exponential(1, 2, 3), exponential(4, 5, 6)},
     "{count:6, sum:4.5, (0.5,1]:2.5, (1,2]:3.5}"},
    {"last_over_time(x[1m])",
     {exponential(1, 2, 3), exponential(4, 5, 6)},
     "{count:9, sum:6, (0.5,1]:4, (1,2]:5}"},
    {"first_over_time(x[1m])",
     {exponential(1, 2, 3), exponential(4, 5, 6)},
     "{count:3, sum:3, (0.5,1]:1, (1,2]:2}"},
    {"max_over_time(x[1m])", {exponential(1, 2, 3)}, "none"},
    {"quantile_over_time(0.5, x[1m])", {exponential(1, 2, 3)}, "none"},
    {"deriv(x[1m])", {exponential(1, 2, 3), exponential(1, 2, 3)}, "none"},
    // Kinds that the function is not for.
    {"irate(x[1m])",
     {exponential(1, 1, 1, Hint::Gauge), exponential(16, 31, 31, Hint::Gauge)},
     "{count:3, sum:2, (0.5,1]:1, (1,2]:2}",
     {"this native histogram metric is not a counter: \"x_total\""}},
    {"idelta(x[1m])",
     {exponential(1, 1, 1), exponential(2, 3, 3)},
     "{count:3, sum:2, (0.5,1]:1, (1,2]:2}",
     {"this native histogram metric is not a gauge: \"x_total\""}},
    // Bucket layouts that don't go together, and such that do with effort.
    {"increase(x[1m])",
     {exponential(1, 1, 1), exponential(2, 2, 2), custom(3, 3)},
     "none",
     {"vector contains a mix of histograms with exponential and custom buckets schemas for metric "
      "name "
      "\"x_total\""}},
    {"sum_over_time(x[1m])",
     {exponential(1, 1, 1), custom(2, 2)},
     "none",
     {"vector contains a mix of histograms with exponential and custom buckets schemas for metric "
      "name "
      "\"x_total\""}},
    {"sum_over_time(x[1m])",
     {custom(1, 2), custom(2, 3, 5)},
     "{count:8, sum:0, [-Inf,+Inf]:8}",
     {},
     {"mismatched custom buckets were reconciled during aggregation"}},
    {"sum_over_time(x[1m])",
     {exponential(1, 1, 1, Hint::Reset), exponential(1, 1, 1, Hint::NotReset)},
     "{count:4, sum:2, (0.5,1]:2, (1,2]:2}",
     {"conflicting counter resets during histogram aggregation"}},
};

TEST(HistogramKernels, FoldWindowsOfHistograms) {
  for (const Case& test : kCases) {
    SCOPED_TRACE(test.query);
    const KernelResult result = run_minute(test.query, series_of(test.histograms));
    EXPECT_EQ(histogram_text(result), test.expected);
    EXPECT_EQ(result.warnings(), test.warnings);
    EXPECT_EQ(result.infos(), test.infos);
  }
}

TEST(HistogramKernels, RateIsTheIncreasePerSecond) {
  const TestSeries series = series_of({exponential(1, 1, 1), exponential(2, 5, 7)});
  const auto rate = run_minute("rate(x[1m])", series).row.histograms.at(0);
  const auto increase = run_minute("increase(x[1m])", series).row.histograms.at(0);
  EXPECT_DOUBLE_EQ(rate->count * 60, increase->count);
  EXPECT_DOUBLE_EQ(rate->sum * 60, increase->sum);
  EXPECT_DOUBLE_EQ(rate->positive_buckets.at(1) * 60, increase->positive_buckets.at(1));
}

TEST(HistogramKernels, DifferencesAreGauges) {
  const TestSeries series = series_of({exponential(1, 1, 1), exponential(2, 2, 2)});
  for (const char* query : {"rate(x[1m])", "increase(x[1m])", "delta(x[1m])", "irate(x[1m])"}) {
    const KernelResult result = run_minute(query, series);
    EXPECT_EQ(result.row.histograms.at(0)->counter_reset_hint, Hint::Gauge) << query;
  }
}

TEST(HistogramKernels, AFirstSampleLostToAResetLeavesNoTrace) {
  // Not even its layout, which would not go with the others.
  const TestSeries series = series_of({custom(5, 5), exponential(1, 1, 1), exponential(2, 3, 4)});
  const KernelResult result = run_minute("increase(x[1m])", series);
  EXPECT_NE(histogram_text(result), "none");
  EXPECT_TRUE(result.warnings().empty());
}

TEST(HistogramKernels, SumsKeepWhatLargeTermsWouldSwallow) {
  const TestSeries series = series_of({exponential(1, 1, 1), exponential(1, 1, 1e100),
                                       exponential(1, 1, 1), exponential(1, 1, -1e100)});
  EXPECT_EQ(run_minute("sum_over_time(x[1m])", series).row.histograms.at(0)->sum, 2);
  EXPECT_EQ(run_minute("avg_over_time(x[1m])", series).row.histograms.at(0)->sum, 0.5);
}

TEST(HistogramKernels, AveragesWhoseSumOverflowsAreFinite) {
  const TestSeries series =
      series_of({exponential(1, 1, 1e308), exponential(1, 1, 1e308), exponential(1, 1, 1e308)});
  EXPECT_EQ(run_minute("sum_over_time(x[1m])", series).row.histograms.at(0)->sum, kInfinity);
  EXPECT_NEAR(run_minute("avg_over_time(x[1m])", series).row.histograms.at(0)->sum / 1e308, 1,
              1e-12);
}

// Two floats at 5 s and 35 s among histograms at 15 s and 30 s.
TestSeries mixed_series() {
  TestSeries series = series_of({exponential(1, 1, 1), exponential(2, 2, 2)});
  series.times_ms = {5'000, 35'000};
  series.values = {7, 9};
  return series;
}

TEST(HistogramKernels, MixedWindowsAreDroppedWithAWarningWhereTypesMustAgree) {
  for (const char* query :
       {"rate(x[1m])", "increase(x[1m])", "delta(x[1m])", "irate(x[1m])", "sum_over_time(x[1m])",
        "avg_over_time(x[1m])", "increase(x[1m] anchored)"}) {
    SCOPED_TRACE(query);
    const KernelResult result = run_minute(query, mixed_series());
    EXPECT_TRUE(result.is_absent_at(0));
    EXPECT_EQ(result.warnings(),
              Texts{"encountered a mix of histograms and floats for metric name \"x_total\""});
  }
}

TEST(HistogramKernels, FunctionsOfFloatsIgnoreHistogramsBesideThemWithAnInfo) {
  const std::pair<const char*, double> cases[] = {
      {"max_over_time(x[1m])", 9},        {"min_over_time(x[1m])", 7},
      {"ts_of_max_over_time(x[1m])", 35}, {"stdvar_over_time(x[1m])", 1},
      {"mad_over_time(x[1m])", 1},        {"quantile_over_time(0.5, x[1m])", 8},
      {"predict_linear(x[1m], 5)", 11},
  };
  for (const auto& [query, expected] : cases) {
    SCOPED_TRACE(query);
    const KernelResult result = run_minute(query, mixed_series());
    EXPECT_NEAR(result.value(), expected, 1e-9);
    EXPECT_EQ(result.infos(), Texts{"ignored histograms in a range containing both floats and "
                                    "histograms for metric name \"x_total\""});
  }
}

TEST(HistogramKernels, FunctionsOfSamplesCountBothTypes) {
  const std::pair<const char*, double> cases[] = {
      {"count_over_time(x[1m])", 4},
      {"present_over_time(x[1m])", 1},
      {"changes(x[1m])", 3},
      {"resets(x[1m])", 2},
      {"first_over_time(x[1m])", 7},
      {"last_over_time(x[1m])", 9},
      {"ts_of_first_over_time(x[1m])", 5},
      {"ts_of_last_over_time(x[1m])", 35},
  };
  for (const auto& [query, expected] : cases) {
    const KernelResult result = run_minute(query, mixed_series());
    EXPECT_EQ(result.value(), expected) << query;
    EXPECT_TRUE(result.warnings().empty() && result.infos().empty()) << query;
  }
}

}  // namespace
}  // namespace promenade::promql
