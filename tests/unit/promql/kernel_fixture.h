#pragma once  // tests/unit/promql/kernel_fixture.h
// Runs one range function over the samples of one series, without a store and an evaluator.
#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

#include "model/histogram.h"
#include "promql/functions/functions.h"
#include "promql/parser/parser.h"
#include "promql/values.h"

namespace promenade::promql {

struct TestSeries {
  std::vector<int64_t> times_ms;
  std::vector<double> values;
  std::vector<HistogramSample> histograms;

  // Samples a fixed interval apart, beginning at one interval.
  static TestSeries every(int64_t interval_ms, std::vector<double> values) {
    TestSeries series;
    for (size_t i = 0; i < values.size(); ++i) {
      series.times_ms.push_back(static_cast<int64_t>(i + 1) * interval_ms);
    }
    series.values = std::move(values);
    return series;
  }
};

struct KernelResult {
  Row row;
  Annotations annotations;
  std::optional<Error> error;

  double value(size_t step = 0) const { return row.values.at(step); }
  bool is_absent_at(size_t step) const { return !row.present(step); }
  std::vector<std::string> warnings() const { return texts(annotations.warnings()); }
  std::vector<std::string> infos() const { return texts(annotations.infos()); }

 private:
  static std::vector<std::string> texts(const Annotations::Entries& entries) {
    std::vector<std::string> result;
    for (const auto& [text, offset] : entries) result.push_back(text);
    return result;
  }
};

// The windows (t - offset - range, t - offset] at every step t of a grid.
class WindowFixture {
 public:
  WindowFixture(const TestSeries& series, StepGrid grid, int64_t range_ms, int64_t offset_ms = 0)
      : series_(series) {
    windows_.times_ms = series_.times_ms;
    windows_.values = series_.values;
    windows_.histograms = series_.histograms;
    windows_.grid = grid;
    windows_.range_ms = range_ms;
    windows_.offset_ms = offset_ms;
    for (size_t step = 0; step < grid.count; ++step) {
      const int64_t end_ms = grid.time_ms(step) - offset_ms;
      const auto float_time = [&](size_t i) { return series_.times_ms[i]; };
      const auto histogram_time = [&](size_t i) { return series_.histograms[i].time_ms; };
      begin_.push_back(first_after(series_.times_ms.size(), float_time, end_ms - range_ms));
      end_.push_back(first_after(series_.times_ms.size(), float_time, end_ms));
      if (series_.histograms.empty()) continue;
      histogram_begin_.push_back(
          first_after(series_.histograms.size(), histogram_time, end_ms - range_ms));
      histogram_end_.push_back(first_after(series_.histograms.size(), histogram_time, end_ms));
    }
    windows_.begin = begin_;
    windows_.end = end_;
    windows_.histogram_begin = histogram_begin_;
    windows_.histogram_end = histogram_end_;
  }
  WindowFixture(const WindowFixture&) = delete;
  WindowFixture& operator=(const WindowFixture&) = delete;

  const RangeWindows& windows() const { return windows_; }

 private:
  template <typename TimeOf>
  static uint32_t first_after(size_t count, TimeOf time_of, int64_t time_ms) {
    uint32_t i = 0;
    while (i < count && time_of(i) <= time_ms) ++i;
    return i;
  }

  TestSeries series_;
  RangeWindows windows_;
  std::vector<uint32_t> begin_;
  std::vector<uint32_t> end_;
  std::vector<uint32_t> histogram_begin_;
  std::vector<uint32_t> histogram_end_;
};

// `query` is a call like "quantile_over_time(0.9, x[5m])": number literals are its scalar
// arguments; the windows are those given, whatever its brackets say.
inline KernelResult run_kernel(std::string_view query, const RangeWindows& windows) {
  const auto expr = parse(query);
  if (!expr) {
    ADD_FAILURE() << query << ": " << expr.error().message;
    return {};
  }
  const Call& parsed = *(*expr)->as<Call>();
  std::vector<ScalarValue> scalars;
  RangeCall call;
  for (const ExprPtr& arg : parsed.args) {
    if (arg->type == ValueType::Matrix) {
      call.arg_span = arg->span;
    } else {
      const double value = arg->as<NumberLiteral>()->value;
      scalars.push_back({std::vector<double>(windows.step_count(), value)});
    }
  }
  KernelResult result;
  result.row.values.assign(windows.step_count(), absent());
  call.call = &parsed;
  call.span = (*expr)->span;
  call.metric_name = "x_total";
  call.scalars = scalars;
  call.annotations = &result.annotations;
  const RangeKernel kernel = find_range_kernel(parsed.function->name);
  if (!kernel) {
    ADD_FAILURE() << query << ": no kernel";
    return result;
  }
  const auto outcome = kernel(windows, call, result.row);
  if (!outcome) result.error = outcome.error();
  return result;
}

// One window (end - range, end] over the series.
inline KernelResult run_once(std::string_view query, const TestSeries& series, int64_t end_ms,
                             int64_t range_ms, int64_t offset_ms = 0) {
  const WindowFixture fixture(series, {end_ms, 1000, 1}, range_ms, offset_ms);
  return run_kernel(query, fixture.windows());
}

}  // namespace promenade::promql
