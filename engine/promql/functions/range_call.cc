// One kernel call a series; the kernel slides over all windows at once.
#include "promql/functions/range_call.h"

#include <algorithm>
#include <array>
#include <string>

#include "promql/functions/functions.h"

namespace promenade::promql {
namespace {

class CalledRows final : public RowSource {
 public:
  CalledRows(const EvaluationContext& context, const Expr& expr, RangeKernel kernel,
             std::unique_ptr<RangeInput> input, std::vector<ScalarValue> scalars)
      : context_(context),
        expr_(expr),
        kernel_(kernel),
        input_(std::move(input)),
        scalars_(std::move(scalars)),
        drops_name_(!keeps_metric_name(expr.as<Call>()->function->name)) {
    if (!drops_name_ || context_.options.delayed_name_removal) return;
    for (size_t i = 0; i < input_->series_count(); ++i) {
      nameless_.push_back(without_metric_name(input_->labels(i)));
    }
  }

  size_t row_count() const override { return input_->series_count(); }
  const Labels& labels(size_t row) const override {
    return nameless_.empty() ? input_->labels(row) : nameless_[row];
  }
  bool drop_name(size_t row) const override {
    return input_->drop_name(row) || (drops_name_ && context_.options.delayed_name_removal);
  }

  Result<void> produce(size_t row, RowScratch& scratch, Row& out,
                       Annotations& annotations) override {
    const WindowPlan& plan = input_->plan();
    reset_row(out, plan.grid.count);
    TRY(input_->load(row, scratch.samples));
    const RangeWindows windows = slide_windows(context_, plan, scratch);
    TRY(context_.budget.check_held_with(widest_window(windows)));

    RangeCall call;
    call.call = expr_.as<Call>();
    call.span = expr_.span;
    call.arg_span = plan.span;
    call.metric_name = input_->labels(row).metric_name();
    if (context_.options.type_and_unit_labels) {
      call.metric_type = input_->labels(row).get("__type__");
    }
    call.scalars = scalars_;
    call.annotations = &annotations;
    call.budget = &context_.budget;
    return kernel_(windows, call, out);
  }

 private:
  const EvaluationContext& context_;
  const Expr& expr_;
  RangeKernel kernel_;
  std::unique_ptr<RangeInput> input_;
  std::vector<ScalarValue> scalars_;
  bool drops_name_;
  std::vector<Labels> nameless_;  // Only when the names are dropped at once.
};

constexpr std::array<std::string_view, 5> kAnchored = {"changes", "delta", "increase", "rate",
                                                       "resets"};
constexpr std::array<std::string_view, 3> kSmoothed = {"delta", "increase", "rate"};

template <size_t N>
bool contains(const std::array<std::string_view, N>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

tl::unexpected<Error> edges_error(std::string_view modifier, std::string_view allowed,
                                  std::string_view function) {
  return fail(ErrorCode::Execution, std::string(modifier) +
                                        " modifier can only be used with: " + std::string(allowed) +
                                        " - not with " + std::string(function));
}

}  // namespace

int range_argument(const Call& call) {
  for (size_t i = 0; i < call.args.size(); ++i) {
    if (call.args[i]->type == ValueType::Matrix) return static_cast<int>(i);
  }
  return -1;
}

Result<void> check_edges(std::string_view function, RangeEdges edges) {
  if (edges == RangeEdges::Anchored && !contains(kAnchored, function)) {
    return edges_error("anchored", "changes, delta, increase, rate, resets", function);
  }
  if (edges == RangeEdges::Smoothed && !contains(kSmoothed, function)) {
    return edges_error("smoothed", "delta, increase, rate", function);
  }
  return {};
}

Result<std::unique_ptr<RowSource>> call_range_function(const EvaluationContext& context,
                                                       const Expr& expr,
                                                       std::unique_ptr<RangeInput> input,
                                                       std::vector<ScalarValue> scalars) {
  const std::string_view name = expr.as<Call>()->function->name;
  const RangeKernel kernel = find_range_kernel(name);
  if (!kernel) {
    return fail(ErrorCode::Execution,
                "function " + std::string(name) + " cannot be evaluated over a range vector");
  }
  TRY(check_edges(name, input->plan().edges));
  return std::unique_ptr<RowSource>(
      std::make_unique<CalledRows>(context, expr, kernel, std::move(input), std::move(scalars)));
}

}  // namespace promenade::promql
