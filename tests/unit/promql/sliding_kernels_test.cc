// tests/unit/promql/sliding_kernels_test.cc
// Every kernel that slides against a slow and obvious function of one window, on random series of
// many kinds and grids of many shapes.
#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>

#include "base/random.h"
#include "kernel_fixture.h"

namespace promenade::promql {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

struct Window {
  std::vector<int64_t> times_ms;
  std::vector<double> values;
  int64_t start_ms;
  int64_t end_ms;
  int64_t step_ms;  // The instant of evaluation.

  size_t size() const { return values.size(); }
  bool all_finite() const {
    return std::all_of(values.begin(), values.end(), [](double v) { return std::isfinite(v); });
  }
  double greatest_magnitude() const {
    double greatest = 0;
    for (const double value : values) {
      if (std::isfinite(value)) greatest = std::max(greatest, std::abs(value));
    }
    return greatest;
  }
};

// What a window should give, and by how much rounding inside a correct computation may move it.
struct Expected {
  double value;
  double rounding = 0;
};
using Oracle = std::optional<Expected> (*)(const Window& window);

double extrapolated(const Window& window, double raw, bool is_counter) {
  const double sampled =
      static_cast<double>(window.times_ms.back() - window.times_ms.front()) / 1000;
  double to_start = static_cast<double>(window.times_ms.front() - window.start_ms) / 1000;
  double to_end = static_cast<double>(window.end_ms - window.times_ms.back()) / 1000;
  const double average = sampled / static_cast<double>(window.size() - 1);
  if (to_start >= 1.1 * average) to_start = average / 2;
  if (is_counter && raw > 0 && window.values[0] >= 0) {
    to_start = std::min(to_start, sampled * (window.values[0] / raw));
  }
  if (to_end >= 1.1 * average) to_end = average / 2;
  return raw * ((sampled + to_start + to_end) / sampled);
}

std::optional<Expected> increase(const Window& window) {
  if (window.size() < 2) return std::nullopt;
  double raw = window.values.back() - window.values.front();
  for (size_t i = 1; i < window.size(); ++i) {
    if (window.values[i] < window.values[i - 1]) raw += window.values[i - 1];
  }
  const double rounding = 1e-14 * window.greatest_magnitude() * static_cast<double>(window.size());
  return Expected{extrapolated(window, raw, true), rounding};
}

std::optional<Expected> rate(const Window& window) {
  auto expected = increase(window);
  const double seconds = static_cast<double>(window.end_ms - window.start_ms) / 1000;
  if (expected) *expected = {expected->value / seconds, expected->rounding / seconds};
  return expected;
}

std::optional<Expected> delta(const Window& window) {
  if (window.size() < 2) return std::nullopt;
  return Expected{extrapolated(window, window.values.back() - window.values.front(), false)};
}

std::optional<Expected> idelta(const Window& window) {
  if (window.size() < 2) return std::nullopt;
  return Expected{window.values.back() - window.values[window.size() - 2]};
}

std::optional<Expected> irate(const Window& window) {
  if (window.size() < 2) return std::nullopt;
  const double previous = window.values[window.size() - 2];
  const double last = window.values.back();
  const double seconds =
      static_cast<double>(window.times_ms.back() - window.times_ms[window.size() - 2]) / 1000;
  return Expected{(last < previous ? last : last - previous) / seconds};
}

std::optional<Expected> resets(const Window& window) {
  if (window.size() == 0) return std::nullopt;
  double count = 0;
  for (size_t i = 1; i < window.size(); ++i) count += window.values[i] < window.values[i - 1];
  return Expected{count};
}

std::optional<Expected> changes(const Window& window) {
  if (window.size() == 0) return std::nullopt;
  double count = 0;
  for (size_t i = 1; i < window.size(); ++i) {
    const bool both_nan = std::isnan(window.values[i]) && std::isnan(window.values[i - 1]);
    count += window.values[i] != window.values[i - 1] && !both_nan;
  }
  return Expected{count};
}

long double long_sum(const Window& window) {
  long double sum = 0;
  for (const double value : window.values) sum += value;
  return sum;
}

std::optional<Expected> sum(const Window& window) {
  if (window.size() == 0) return std::nullopt;
  // Kahan's sum is exact to one rounding, plus one of the compensation: so is a long double's.
  const double rounding = 1e-17 * window.greatest_magnitude() * static_cast<double>(window.size());
  return Expected{static_cast<double>(long_sum(window)), rounding};
}

std::optional<Expected> average(const Window& window) {
  auto expected = sum(window);
  if (!expected) return std::nullopt;
  const auto n = static_cast<double>(window.size());
  return Expected{static_cast<double>(long_sum(window) / static_cast<long double>(n)),
                  expected->rounding / n};
}

std::optional<Expected> count(const Window& window) {
  if (window.size() == 0) return std::nullopt;
  return Expected{static_cast<double>(window.size())};
}

std::optional<Expected> extreme(const Window& window, bool (*better)(double, double),
                                bool as_time) {
  if (window.size() == 0) return std::nullopt;
  double best = window.values[0];
  int64_t time_ms = window.times_ms[0];
  for (size_t i = 0; i < window.size(); ++i) {
    const bool replaces =
        better(window.values[i], best) || std::isnan(best) || (as_time && window.values[i] == best);
    if (!replaces) continue;
    best = window.values[i];
    time_ms = window.times_ms[i];
  }
  return Expected{as_time ? static_cast<double>(time_ms) / 1000 : best};
}
bool greater(double a, double b) {
  return a > b;
}
bool less(double a, double b) {
  return a < b;
}

double naive_quantile(double q, std::vector<double> values) {
  std::sort(values.begin(), values.end(),
            [](double a, double b) { return a < b || (std::isnan(a) && !std::isnan(b)); });
  const double rank = q * static_cast<double>(values.size() - 1);
  const auto lower = static_cast<size_t>(rank);
  const double weight = rank - std::floor(rank);
  return values[lower] * (1 - weight) + values[std::min(lower + 1, values.size() - 1)] * weight;
}

std::optional<Expected> upper_decile(const Window& window) {
  if (window.size() == 0) return std::nullopt;
  return Expected{naive_quantile(0.9, window.values)};
}

std::optional<Expected> median_deviation(const Window& window) {
  if (window.size() == 0) return std::nullopt;
  std::vector<double> values = window.values;
  for (const double value : values) {
    if (std::isnan(value)) return Expected{kNaN};
  }
  const double median = naive_quantile(0.5, values);
  for (double& value : values) value = std::abs(value - median);
  return Expected{naive_quantile(0.5, values)};
}

std::optional<Expected> variance(const Window& window) {
  if (window.size() == 0) return std::nullopt;
  if (!window.all_finite()) return Expected{kNaN};
  const auto n = static_cast<long double>(window.size());
  const long double mean = long_sum(window) / n;
  long double squares = 0;
  for (const double value : window.values) squares += (value - mean) * (value - mean);
  return Expected{static_cast<double>(squares / n)};
}

std::optional<Expected> deviation(const Window& window) {
  auto expected = variance(window);
  if (expected) expected->value = std::sqrt(expected->value);
  return expected;
}

// Slope, and the value `seconds` after the origin.
struct Line {
  Expected slope;
  Expected prediction;
};
// With infinities and NaNs the textbook sums decide which of these comes out.
Line infinite_line(const Window& window, int64_t origin_ms, double seconds) {
  double x_sum = 0, y_sum = 0, xy_sum = 0, xx_sum = 0;
  for (size_t i = 0; i < window.size(); ++i) {
    const double x = static_cast<double>(window.times_ms[i] - origin_ms) / 1000;
    x_sum += x;
    y_sum += window.values[i];
    xy_sum += x * window.values[i];
    xx_sum += x * x;
  }
  const auto n = static_cast<double>(window.size());
  const double slope = (xy_sum - x_sum * y_sum / n) / (xx_sum - x_sum * x_sum / n);
  return {{slope}, {slope * seconds + (y_sum / n - slope * x_sum / n)}};
}

std::optional<Line> least_squares(const Window& window, int64_t origin_ms, double seconds) {
  if (window.size() < 2) return std::nullopt;
  const bool is_constant = std::all_of(window.values.begin(), window.values.end(),
                                       [&](double value) { return value == window.values[0]; });
  if (is_constant && std::isinf(window.values[0])) return Line{{kNaN}, {kNaN}};
  if (is_constant) return Line{{0}, {window.values[0]}};
  if (!window.all_finite()) return infinite_line(window, origin_ms, seconds);
  const auto n = static_cast<long double>(window.size());
  long double x_mean = 0;
  for (const int64_t time_ms : window.times_ms) {
    x_mean += static_cast<long double>(time_ms - origin_ms) / 1000 / n;
  }
  const long double y_mean = long_sum(window) / n;
  long double xy = 0;
  long double xx = 0;
  for (size_t i = 0; i < window.size(); ++i) {
    const long double x = static_cast<long double>(window.times_ms[i] - origin_ms) / 1000;
    xy += (x - x_mean) * (window.values[i] - y_mean);
    xx += (x - x_mean) * (x - x_mean);
  }
  const long double slope = xy / xx;
  const long double prediction = y_mean + slope * (seconds - x_mean);
  const double span = static_cast<double>(window.times_ms.back() - window.times_ms.front()) / 1000;
  const double rounding = 1e-14 * window.greatest_magnitude() / span;
  return Line{{static_cast<double>(slope), rounding},
              {static_cast<double>(prediction), rounding * (seconds + 10 * span)}};
}

constexpr double kAheadSeconds = 600;

struct Case {
  const char* query;
  Oracle oracle;
};

const Case kCases[] = {
    {"rate(x[5m])", rate},
    {"increase(x[5m])", increase},
    {"delta(x[5m])", delta},
    {"irate(x[5m])", irate},
    {"idelta(x[5m])", idelta},
    {"resets(x[5m])", resets},
    {"changes(x[5m])", changes},
    {"sum_over_time(x[5m])", sum},
    {"avg_over_time(x[5m])", average},
    {"count_over_time(x[5m])", count},
    {"present_over_time(x[5m])",
     [](const Window& w) { return w.size() ? std::optional(Expected{1}) : std::nullopt; }},
    {"first_over_time(x[5m])",
     [](const Window& w) {
       return w.size() ? std::optional(Expected{w.values[0]}) : std::nullopt;
     }},
    {"last_over_time(x[5m])",
     [](const Window& w) {
       return w.size() ? std::optional(Expected{w.values.back()}) : std::nullopt;
     }},
    {"ts_of_first_over_time(x[5m])",
     [](const Window& w) {
       return w.size() ? std::optional(Expected{static_cast<double>(w.times_ms[0]) / 1000})
                       : std::nullopt;
     }},
    {"ts_of_last_over_time(x[5m])",
     [](const Window& w) {
       return w.size() ? std::optional(Expected{static_cast<double>(w.times_ms.back()) / 1000})
                       : std::nullopt;
     }},
    {"max_over_time(x[5m])", [](const Window& w) { return extreme(w, greater, false); }},
    {"min_over_time(x[5m])", [](const Window& w) { return extreme(w, less, false); }},
    {"ts_of_max_over_time(x[5m])", [](const Window& w) { return extreme(w, greater, true); }},
    {"ts_of_min_over_time(x[5m])", [](const Window& w) { return extreme(w, less, true); }},
    {"quantile_over_time(0.9, x[5m])", upper_decile},
    {"mad_over_time(x[5m])", median_deviation},
    {"stdvar_over_time(x[5m])", variance},
    {"stddev_over_time(x[5m])", deviation},
    {"deriv(x[5m])",
     [](const Window& w) {
       const auto line = least_squares(w, w.size() ? w.times_ms[0] : 0, 0);
       return line ? std::optional(line->slope) : std::nullopt;
     }},
    {"predict_linear(x[5m], 600)",
     [](const Window& w) {
       const auto line = least_squares(w, w.step_ms, kAheadSeconds);
       return line ? std::optional(line->prediction) : std::nullopt;
     }},
};

// Series of every kind that has a weak spot somewhere. `next` gives the next value from the last
// one.
struct Kind {
  const char* name;
  double (*next)(Random& random, double last);
};

const Kind kKinds[] = {
    {"counter with resets",
     [](Random& r, double last) { return r.chance(0.02) ? 0 : last + r.exponential(7); }},
    {"gauge with many falls", [](Random& r, double) { return r.uniform() * 100; }},
    {"random walk far from zero",
     [](Random& r, double last) { return (last == 0 ? 1e9 : last) + r.normal(); }},
    {"few whole numbers", [](Random& r, double) { return static_cast<double>(r.between(-2, 2)); }},
    {"long constant stretches",
     [](Random& r, double last) { return r.chance(0.03) ? r.normal() * 1e6 : last; }},
    {"rare huge outliers",
     [](Random& r, double) { return r.chance(0.02) ? r.normal() * 1e17 : r.normal(); }},
    {"infinities and NaNs",
     [](Random& r, double) {
       const double odd[] = {kNaN, kInfinity, -kInfinity};
       return r.chance(0.04) ? odd[r.below(3)] : r.normal() * 10;
     }},
    {"mostly NaN", [](Random& r, double) { return r.chance(0.8) ? kNaN : r.normal(); }},
};

TestSeries random_series(const Kind& kind, Random& random) {
  TestSeries series;
  int64_t time_ms = 0;
  double value = 0;
  for (int i = 0; i < 400; ++i) {
    // Mostly regular, with jitter, and now and then a gap longer than any window.
    time_ms += random.chance(0.01) ? 1'200'000 : 15'000 + random.between(-400, 400);
    value = kind.next(random, value);
    series.times_ms.push_back(time_ms);
    series.values.push_back(value);
  }
  return series;
}

Window window_of(const RangeWindows& windows, size_t step) {
  const auto times_ms = windows.window_times(step);
  const auto values = windows.window_values(step);
  return {{times_ms.begin(), times_ms.end()},
          {values.begin(), values.end()},
          windows.window_start_ms(step),
          windows.window_end_ms(step),
          windows.grid.time_ms(step)};
}

bool agrees(double actual, const Expected& expected) {
  if (std::isnan(expected.value)) return std::isnan(actual);
  if (std::isinf(expected.value)) return actual == expected.value;
  return std::abs(actual - expected.value) <= 1e-9 * std::abs(expected.value) + expected.rounding;
}

void expect_agreement(const Case& test, const RangeWindows& windows) {
  const KernelResult result = run_kernel(test.query, windows);
  ASSERT_FALSE(result.error.has_value());
  for (size_t step = 0; step < windows.step_count(); ++step) {
    const auto expected = test.oracle(window_of(windows, step));
    ASSERT_EQ(result.row.present(step), expected.has_value()) << "step " << step;
    if (!expected) continue;
    ASSERT_TRUE(agrees(result.value(step), *expected))
        << "step " << step << ": " << result.value(step) << " instead of " << expected->value;
  }
}

class SlidingKernels : public testing::TestWithParam<Case> {};

TEST_P(SlidingKernels, AgreeWithOneWindowAtATime) {
  struct Grid {
    int64_t step_ms;
    int64_t range_ms;
    int64_t offset_ms;
  };
  const Grid grids[] = {{15'000, 300'000, 0},        {60'000, 300'000, 0}, {7'000, 45'000, 60'000},
                        {300'000, 300'000, 0},       {900'000, 60'000, 0}, {120'000, 3'600'000, 0},
                        {15'000, 1'500'000, -90'000}};
  for (const Kind& kind : kKinds) {
    for (uint64_t seed = 1; seed <= 2; ++seed) {
      Random random(seed);
      const TestSeries series = random_series(kind, random);
      const int64_t last_ms = series.times_ms.back() + 400'000;
      for (const Grid& grid : grids) {
        SCOPED_TRACE(testing::Message() << kind.name << ", seed " << seed << ", step "
                                        << grid.step_ms << ", range " << grid.range_ms);
        const auto step_count = static_cast<size_t>(last_ms / grid.step_ms);
        const WindowFixture fixture(series, {1'000, grid.step_ms, step_count}, grid.range_ms,
                                    grid.offset_ms);
        ASSERT_NO_FATAL_FAILURE(expect_agreement(GetParam(), fixture.windows()));
      }
    }
  }
}

std::string name_of(const testing::TestParamInfo<Case>& info) {
  const std::string query = info.param.query;
  return query.substr(0, query.find('('));
}

INSTANTIATE_TEST_SUITE_P(All, SlidingKernels, testing::ValuesIn(kCases), name_of);

}  // namespace
}  // namespace promenade::promql
