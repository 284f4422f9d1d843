// engine/promql/explain/rate_steps.cc
// The steps that kernels_rate.cc and kernels_rate_extended.cc take at once, one by one and with
// their numbers. The result is theirs to the last bit, which tests hold this file to.
#include "promql/explain/rate_steps.h"

#include <algorithm>
#include <limits>

#include "promql/evaluator/extended_range.h"
#include "promql/functions/functions.h"
#include "promql/functions/range_call.h"
#include "promql/kernels/kernels_rate.h"
#include "promql/kernels/running_sum.h"

namespace promenade::promql {
namespace {

double seconds(int64_t ms) {
  return static_cast<double>(ms) / 1000;
}

// The sum of what was lost, as the kernel adds it up.
double lost_by(const std::vector<CounterReset>& resets) {
  RunningSum lost;
  double plain = 0;
  for (const CounterReset& reset : resets) {
    lost.add(reset.before);
    plain += reset.before;
  }
  return std::isfinite(lost.total()) ? lost.total() : plain;
}

class RateArithmetic {
 public:
  RateArithmetic(std::string_view function, const WindowPlan& plan, bool uses_start_times)
      : is_counter_(function != "delta"),
        is_rate_(function == "rate"),
        uses_start_times_(uses_start_times),
        plan_(plan) {}

  // Fills in all of `steps` but its labels.
  void run(const SampleColumns& samples, RateSteps& steps) {
    steps.window.end_ms = plan_.shift.reference_ms(plan_.grid.start_ms);
    steps.window.start_ms = steps.window.end_ms - plan_.range_ms;
    steps.divisor = is_rate_ ? seconds(plan_.range_ms) : 1;
    steps.sample_count = samples.values.size() + samples.histograms.size();
    if (!samples.histograms.empty()) {
      steps.refusal = samples.values.empty()
                          ? "The samples are native histograms, whose buckets are each treated in "
                            "this way."
                          : "Floats and histograms in one window do not go together, so there is "
                            "no result.";
    } else if (is_counter_ && uses_start_times_ && has_start_times(samples)) {
      steps.refusal =
          "The samples say when their counter started, which decides about resets and about the "
          "extrapolation. These steps do not show that.";
    } else if (plan_.edges != RangeEdges::Default) {
      run_between_edges(samples, steps);
    } else if (samples.values.size() < 2) {
      steps.refusal = "It takes at least two samples in the window, and there is only one.";
    } else {
      run_extrapolated(samples, steps);
    }
  }

 private:
  static bool has_start_times(const SampleColumns& samples) {
    return std::any_of(samples.start_times_ms.begin(), samples.start_times_ms.end(),
                       [](int64_t start_ms) { return start_ms != 0; });
  }

  void run_extrapolated(const SampleColumns& samples, RateSteps& steps) const {
    steps.first = {samples.times_ms.front(), samples.values.front(), nullptr};
    steps.last = {samples.times_ms.back(), samples.values.back(), nullptr};
    for (size_t i = 1; i < samples.values.size(); ++i) {
      note_reset(samples.values[i - 1], samples.times_ms[i], samples.values[i], steps);
    }
    steps.correction = steps.resets.empty() ? 0 : lost_by(steps.resets);
    steps.raw = steps.last.value - steps.first.value + steps.correction;
    extrapolate(samples.values.size(), steps);
    steps.result = steps.raw * (steps.factor / steps.divisor);
  }

  void extrapolate(size_t sample_count, RateSteps& steps) const {
    const int64_t first_ms = steps.first.time_ms;
    const int64_t last_ms = steps.last.time_ms;
    steps.sampled_seconds = seconds(last_ms - first_ms);
    steps.interval_seconds = steps.sampled_seconds / static_cast<double>(sample_count - 1);
    steps.gap_start_seconds = seconds(first_ms - steps.window.start_ms);
    steps.gap_end_seconds = seconds(steps.window.end_ms - last_ms);
    steps.to_start_seconds = reach(steps.gap_start_seconds, steps, steps.start_reach);
    steps.to_end_seconds = reach(steps.gap_end_seconds, steps, steps.end_reach);

    double zero_fraction = std::numeric_limits<double>::infinity();
    if (is_counter_ && steps.raw > 0 && steps.first.value >= 0) {
      zero_fraction = steps.first.value / steps.raw;
      const double to_zero = steps.sampled_seconds * zero_fraction;
      if (to_zero < steps.to_start_seconds) {
        steps.to_start_seconds = to_zero;
        steps.start_reach = RateSteps::Reach::Zero;
      }
    }
    steps.factor = kernels::extrapolation_factor(
        {steps.window.start_ms, steps.window.end_ms, first_ms, last_ms, sample_count},
        zero_fraction);
  }

  static double reach(double gap, const RateSteps& steps, RateSteps::Reach& kind) {
    const bool is_near = gap < steps.interval_seconds * 1.1;
    kind = is_near ? RateSteps::Reach::Edge : RateSteps::Reach::HalfInterval;
    return is_near ? gap : steps.interval_seconds / 2;
  }

  // Anchored and smoothed: from the value at one edge to that at the other.
  void run_between_edges(const SampleColumns& samples, RateSteps& steps) const {
    const int64_t start_ms = steps.window.start_ms;
    const int64_t end_ms = steps.window.end_ms;
    std::vector<Point> points =
        points_with_edges(samples.times_ms, samples.values, start_ms, end_ms, plan_.edges);
    const bool is_smoothed = plan_.edges == RangeEdges::Smoothed;
    const bool is_after = is_smoothed && !samples.values.empty() && samples.times_ms[0] > end_ms;
    if (points.empty() || is_after) {
      steps.refusal = "No sample is within the window.";
      return;
    }
    if (is_smoothed) {
      interpolate(samples, start_ms, points.front());
      interpolate(samples, end_ms, points.back());
    }
    steps.first = points.front();
    steps.last = points.back();
    for (size_t i = 1; i < points.size(); ++i) {
      note_reset(points[i - 1].value, points[i].time_ms, points[i].value, steps);
    }
    for (const CounterReset& reset : steps.resets) steps.correction += reset.before;
    steps.raw = steps.last.value - steps.first.value + steps.correction;
    steps.sampled_seconds = seconds(end_ms - start_ms);
    steps.result = steps.raw / steps.divisor;
  }

  // Between the samples around an edge, unless one is on it. A counter that fell in between is
  // taken to have started from 0.
  void interpolate(const SampleColumns& samples, int64_t edge_ms, Point& edge) const {
    const auto& times = samples.times_ms;
    const auto found = std::lower_bound(times.begin(), times.end(), edge_ms);
    if (found == times.begin() || found == times.end() || *found == edge_ms) return;
    const auto after = static_cast<size_t>(found - times.begin());
    const double to = samples.values[after];
    const double before = samples.values[after - 1];
    const double from = is_counter_ && to < before ? 0 : before;
    edge.value = from + (to - from) * static_cast<double>(edge_ms - times[after - 1]) /
                            static_cast<double>(times[after] - times[after - 1]);
  }

  void note_reset(double before, int64_t time_ms, double after, RateSteps& steps) const {
    if (is_counter_ && after < before) steps.resets.push_back({time_ms, before, after});
  }

  bool is_counter_;
  bool is_rate_;
  bool uses_start_times_;
  const WindowPlan& plan_;
};

}  // namespace

bool has_rate_steps(const Expr& expr) {
  const auto* call = expr.as<Call>();
  if (!call) return false;
  const std::string_view name = call->function->name;
  return name == "rate" || name == "increase" || name == "delta";
}

Result<std::vector<RateSteps>> rate_steps(const EvaluationContext& context, const Expr& expr,
                                          const RangeInput& input, const ExplainOptions& options) {
  RateArithmetic arithmetic(expr.as<Call>()->function->name, input.plan(),
                            context.options.use_start_timestamps);
  std::vector<RateSteps> all;
  SampleColumns samples;
  for (size_t i = 0; i < input.series_count() && all.size() < options.series_shown_max; ++i) {
    TRY(context.budget.check_time());
    TRY(input.load(i, samples));
    if (samples.values.empty() && samples.histograms.empty()) continue;
    RateSteps& steps = all.emplace_back();
    steps.labels = input.labels(i);
    arithmetic.run(samples, steps);
  }
  return all;
}

}  // namespace promenade::promql
