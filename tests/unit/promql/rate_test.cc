// tests/unit/promql/rate_test.cc
// rate(), increase() and their kin on windows worked out by hand.
#include <cmath>
#include <limits>

#include "kernel_fixture.h"

namespace promenade::promql {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

struct Case {
  const char* claim;
  const char* query;
  TestSeries series;  // Samples every 15 s, the first at 15 s.
  int64_t end_ms;
  int64_t range_ms;
  double expected;
};

// 15 s of 10 a second each, covering the window to its edges.
TestSeries steady() {
  return TestSeries::every(15'000, {1150, 1300, 1450, 1600});
}

const Case kCases[] = {
    {"is the slope of a steady counter", "rate(x[1m])", steady(), 60'000, 60'000, 10},
    {"extrapolates to both edges", "increase(x[1m])", steady(), 60'000, 60'000, 600},
    {"reaches half an interval beyond the last sample when the series ended", "increase(x[2m])",
     steady(), 130'000, 120'000, 450 + 50 + 75},
    {"stops where the counter would have been zero", "increase(x[5m])",
     TestSeries::every(15'000, {60, 160, 260, 360}), 60'000, 300'000, 350},
    {"does not extrapolate to before zero from a first sample of zero", "increase(x[5m])",
     TestSeries::every(15'000, {0, 100, 200, 300}), 60'000, 300'000, 300},
    {"adds what was lost at a reset", "increase(x[1m])",
     TestSeries::every(15'000, {1000, 1100, 30, 130}), 60'000, 60'000, 230 * 60.0 / 45},
    {"takes a fall of a gauge for a fall", "delta(x[1m])",
     TestSeries::every(15'000, {1000, 1100, 30, 130}), 60'000, 60'000, -870 * 60.0 / 45},
    {"lets a gauge go below zero at the edge", "delta(x[1m])",
     TestSeries::every(15'000, {0, 15, 30, 45}), 60'000, 60'000, 60},
    {"divides the last step by its time", "irate(x[1m])", TestSeries::every(15'000, {0, 1, 2, 32}),
     60'000, 60'000, 2},
    {"counts from zero after a reset", "irate(x[1m])", TestSeries::every(15'000, {0, 1, 200, 30}),
     60'000, 60'000, 2},
    {"is the last difference, up or down", "idelta(x[1m])",
     TestSeries::every(15'000, {0, 1, 200, 30}), 60'000, 60'000, -170},
    {"counts falls only", "resets(x[1m])", TestSeries::every(15'000, {3, 1, 2, 1}), 60'000, 60'000,
     2},
    {"counts every difference", "changes(x[1m])", TestSeries::every(15'000, {3, 3, 2, 1}), 60'000,
     60'000, 2},
    {"fits a line", "deriv(x[1m])", TestSeries::every(15'000, {1, 31, 61, 91}), 60'000, 60'000, 2},
    {"continues the line", "predict_linear(x[1m], 30)", TestSeries::every(15'000, {1, 31, 61, 91}),
     60'000, 60'000, 151},
    {"weighs recent samples more", "double_exponential_smoothing(x[1m], 0.5, 0.5)",
     TestSeries::every(15'000, {0, 10, 20, 60}), 60'000, 60'000, 45},
};

TEST(RateFamily, MatchesWindowsWorkedOutByHand) {
  for (const Case& test : kCases) {
    SCOPED_TRACE(test.claim);
    const KernelResult result = run_once(test.query, test.series, test.end_ms, test.range_ms);
    ASSERT_FALSE(result.is_absent_at(0));
    EXPECT_NEAR(result.value(), test.expected, 1e-9 * std::abs(test.expected));
  }
}

TEST(RateFamily, NeedsTwoSamples) {
  const TestSeries one = TestSeries::every(15'000, {1});
  for (const char* query : {"rate(x[1m])", "increase(x[1m])", "delta(x[1m])", "irate(x[1m])",
                            "idelta(x[1m])", "deriv(x[1m])", "predict_linear(x[1m], 1)",
                            "double_exponential_smoothing(x[1m], 0.5, 0.5)"}) {
    EXPECT_TRUE(run_once(query, one, 60'000, 60'000).is_absent_at(0)) << query;
  }
  EXPECT_EQ(run_once("resets(x[1m])", one, 60'000, 60'000).value(), 0);
  EXPECT_EQ(run_once("changes(x[1m])", one, 60'000, 60'000).value(), 0);
}

TEST(RateFamily, TakesTheEdgesOfAShiftedWindowFromItsOffset) {
  const KernelResult result =
      run_once("increase(x[1m] offset 1h)", steady(), 3'660'000, 60'000, 3'600'000);
  EXPECT_DOUBLE_EQ(result.value(), 600);
}

TEST(RateFamily, PredictsFromTheInstantOfEvaluationWhateverTheOffset) {
  const TestSeries line = TestSeries::every(15'000, {15, 30, 45, 60});
  const KernelResult result =
      run_once("predict_linear(x[1m] offset 5m, 10)", line, 360'000, 60'000, 300'000);
  EXPECT_NEAR(result.value(), 370, 1e-9);
}

TEST(RateFamily, AConstantSeriesHasNoSlopeAndAnInfiniteOneNone) {
  const TestSeries constant = TestSeries::every(15'000, {0.1, 0.1, 0.1, 0.1});
  EXPECT_EQ(run_once("deriv(x[1m])", constant, 60'000, 60'000).value(), 0);
  EXPECT_EQ(run_once("predict_linear(x[1m], 60)", constant, 60'000, 60'000).value(), 0.1);
  const TestSeries infinite = TestSeries::every(15'000, {kInfinity, kInfinity});
  EXPECT_TRUE(std::isnan(run_once("deriv(x[1m])", infinite, 60'000, 60'000).value()));
}

TEST(RateFamily, DoubtsACounterByItsName) {
  const WindowFixture fixture(steady(), {60'000, 1'000, 1}, 60'000);
  EXPECT_TRUE(run_kernel("rate(x[1m])", fixture.windows()).infos().empty()) << "x_total";

  const auto expr = parse("rate(requests[1m])");
  Annotations annotations;
  RangeCall call;
  call.call = (*expr)->as<Call>();
  call.arg_span = call.call->args[0]->span;
  call.metric_name = "requests";
  call.annotations = &annotations;
  Row row;
  row.values.assign(1, absent());
  ASSERT_TRUE(find_range_kernel("rate")(fixture.windows(), call, row));
  ASSERT_EQ(annotations.infos().size(), 1u);
  EXPECT_EQ(annotations.infos().begin()->first,
            "metric might not be a counter, name does not end in _total/_sum/_count/_bucket: "
            "\"requests\"");
  EXPECT_EQ(annotations.infos().begin()->second, 5u);
}

TEST(RateFamily, RejectsSmoothingFactorsOutsideOfZeroToOne) {
  const TestSeries series = TestSeries::every(15'000, {1, 2, 3});
  const auto error_of = [&](const char* query) {
    const KernelResult result = run_once(query, series, 60'000, 60'000);
    return result.error ? result.error->message : "";
  };
  EXPECT_EQ(error_of("double_exponential_smoothing(x[1m], 0, 0.5)"),
            "invalid smoothing factor. Expected: 0 < sf < 1, got: 0.000000");
  EXPECT_EQ(error_of("double_exponential_smoothing(x[1m], 0.5, 1)"),
            "invalid trend factor. Expected: 0 < tf < 1, got: 1.000000");
  EXPECT_EQ(error_of("double_exponential_smoothing(x[1m], 0.5, 0.5)"), "");
}

// The edges of `anchored` and `smoothed` ranges: (30 s, 90 s] here, with samples around.
struct EdgeCase {
  const char* query;
  std::vector<double> values;  // Every 20 s, the first at 20 s.
  std::optional<double> expected;
};

const EdgeCase kEdgeCases[] = {
    {"increase(x[1m] anchored)", {10, 20, 30, 40}, 30},
    {"rate(x[1m] anchored)", {10, 20, 30, 40}, 0.5},
    {"delta(x[1m] anchored)", {40, 30, 20, 10}, -30},
    {"increase(x[1m] anchored)", {10, 20, 5, 15}, 25},
    {"increase(x[1m] anchored)", {10}, std::nullopt},
    {"increase(x[1m] smoothed)", {10, 20, 30, 40, 60}, 35},
    {"delta(x[1m] smoothed)", {10, 20, 30, 40, 60}, 35},
    {"increase(x[1m] smoothed)", {10, 20, 30, 40}, 25},
    // A reset across the left edge: the counter was at 10 in the middle of it.
    {"increase(x[1m] smoothed)", {100, 20, 30, 40}, 30},
    {"resets(x[1m] anchored)", {10, 5, 7, 6}, 2},
    {"changes(x[1m] anchored)", {10, 10, 7, 6}, 2},
    {"changes(x[1m] anchored)", {10}, std::nullopt},
};

TEST(RateFamily, CarriesOrInterpolatesValuesToTheEdgesOfExtendedRanges) {
  for (const EdgeCase& test : kEdgeCases) {
    SCOPED_TRACE(test.query);
    TestSeries series = TestSeries::every(20'000, test.values);
    const bool is_smoothed =
        std::string_view(test.query).find("smoothed") != std::string_view::npos;
    // The evaluator widens the windows: here to all samples, up to the end unless smoothed.
    const WindowFixture fixture(series, {is_smoothed ? 600'000 : 90'000, 1'000, 1}, 600'000);
    RangeWindows windows = fixture.windows();
    windows.grid.start_ms = 90'000;
    windows.range_ms = 60'000;
    const KernelResult result = run_kernel(test.query, windows);
    ASSERT_EQ(result.row.present(0), test.expected.has_value());
    if (!test.expected) continue;
    EXPECT_DOUBLE_EQ(result.value(), *test.expected);
  }
}

}  // namespace
}  // namespace promenade::promql
