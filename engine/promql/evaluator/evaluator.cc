// Dispatch over the kinds of nodes.
#include "promql/evaluator/evaluator.h"

#include <string>
#include <unordered_set>
#include <utility>

#include "model/histogram.h"
#include "promql/evaluator/aggregate.h"
#include "promql/evaluator/binary.h"
#include "promql/evaluator/selector.h"
#include "promql/functions/functions.h"
#include "promql/functions/range_call.h"
#include "promql/functions/special_calls.h"

namespace promenade::promql {
namespace {

Value of_rows(std::vector<Row> rows) {
  return VectorValue{std::move(rows)};
}

Value of_number(double value, const StepGrid& grid) {
  return ScalarValue{std::vector<double>(grid.count, value)};
}

// Dropping names may make rows equal; then they have to be merged before anybody sees them.
bool has_equal_labels(const RowSource& source) {
  std::unordered_set<std::string_view> seen;
  seen.reserve(source.row_count());
  for (size_t i = 0; i < source.row_count(); ++i) {
    if (!seen.insert(source.labels(i).bytes()).second) return true;
  }
  return false;
}

// The same value at each of `count` steps instead of one. A vector's own element may not be passed
// to its assign().
void replicate(Value& value, size_t count) {
  if (auto* scalar = std::get_if<ScalarValue>(&value)) {
    scalar->values = std::vector<double>(count, scalar->values.front());
  } else if (auto* vector = std::get_if<VectorValue>(&value)) {
    for (Row& row : vector->rows) {
      row.values = std::vector<double>(count, row.values.front());
      if (row.has_histograms()) {
        row.histograms = std::vector<HistogramPtr>(count, row.histograms.front());
      }
    }
  }
}

// What timestamp() and start_timestamp() of a selector ask of it; Sample of all else.
SelectedValue time_of_selector(const Expr& expr, const EngineOptions& options) {
  const auto* call = expr.as<Call>();
  if (!call || call->args.empty()) return SelectedValue::Sample;
  if (!strip_parens(*call->args.front()).as<VectorSelector>()) return SelectedValue::Sample;
  if (call->function->name == "timestamp") return SelectedValue::TimestampSeconds;
  if (call->function->name == "start_timestamp" && options.use_start_timestamps) {
    return SelectedValue::StartSeconds;
  }
  return SelectedValue::Sample;
}

}  // namespace

Result<Value> Evaluator::evaluate(const Expr& expr, const StepGrid& grid) {
  TRY(context_.budget.check_time());
  const uint64_t held_before = context_.budget.held();
  const auto repetition = context_.preparation.repetition(strip_parens(expr));
  Value value =
      repetition ? TRY(evaluate_repeated(expr, *repetition, grid)) : TRY(evaluate_once(expr, grid));
  // The operands are gone; what is left is the result.
  context_.budget.set_held(held_before);
  TRY(context_.budget.hold(sample_count(value)));
  return value;
}

Result<Value> Evaluator::evaluate_repeated(const Expr& expr, size_t repetition,
                                           const StepGrid& grid) {
  const RepeatedKey key{repetition, grid.start_ms, grid.step_ms, grid.count};
  if (const auto known = repeated_.find(key); known != repeated_.end()) return known->second;
  Annotations remarks = std::exchange(annotations_, {});
  auto value = evaluate_once(expr, grid);
  // A remark has to be made at every place, so what gives rise to one is evaluated there.
  if (value && annotations_.empty()) repeated_.emplace(key, *value);
  // In the order of evaluation: of equal remarks the last place counts.
  std::swap(remarks, annotations_);
  annotations_.merge(remarks);
  return value;
}

Result<Value> Evaluator::evaluate_once(const Expr& expr, const StepGrid& grid) {
  if (const auto constant = context_.preparation.constant(expr)) return of_number(*constant, grid);
  return grid.count > 1 && context_.preparation.is_step_invariant(expr)
             ? evaluate_invariant(expr, grid)
             : evaluate_varying(expr, grid);
}

Result<Value> Evaluator::evaluate_invariant(const Expr& expr, const StepGrid& grid) {
  Value value = TRY(evaluate_varying(expr, StepGrid{grid.start_ms, grid.step_ms, 1}));
  replicate(value, grid.count);
  return value;
}

Result<Value> Evaluator::evaluate_varying(const Expr& expr, const StepGrid& grid) {
  if (const Value* known = context_.known ? context_.known->find(expr, grid) : nullptr) {
    return *known;
  }
  if (const auto* string = expr.as<StringLiteral>()) return Value(StringValue{string->value});
  if (const auto* paren = expr.as<Paren>()) return evaluate_varying(*paren->expr, grid);
  if (const auto* unary = expr.as<Unary>()) return evaluate_unary(*unary, grid);
  if (expr.as<Binary>()) return evaluate_binary(expr, grid);
  if (expr.as<Aggregate>()) return of_rows(TRY(evaluate_aggregate(expr, grid)));
  if (expr.as<Call>()) return evaluate_call(expr, grid);
  if (expr.as<VectorSelector>()) {
    const std::unique_ptr<RowSource> source = TRY(open_rows(expr, grid));
    return of_rows(TRY(materialise(context_, *source, annotations_)));
  }
  return fail(ErrorCode::Execution, "a range vector has no value at a single step", expr.span);
}

Result<std::vector<Row>> Evaluator::evaluate_rows(const Expr& expr, const StepGrid& grid) {
  Value value = TRY(evaluate(expr, grid));
  return std::move(std::get<VectorValue>(value).rows);
}

Result<ScalarValue> Evaluator::evaluate_scalar(const Expr& expr, const StepGrid& grid) {
  Value value = TRY(evaluate(expr, grid));
  return std::move(std::get<ScalarValue>(value));
}

Result<std::unique_ptr<RowSource>> Evaluator::open_rows(const Expr& written, const StepGrid& grid) {
  const Expr& expr = strip_parens(written);
  const bool varies = grid.count == 1 || !context_.preparation.is_step_invariant(expr);
  const Expr* selector = expr.as<VectorSelector>() ? &expr : nullptr;
  LookupPlan plan{grid, {}, time_of_selector(expr, context_.options)};
  if (plan.value != SelectedValue::Sample) {
    selector = &strip_parens(*expr.as<Call>()->args.front());
  }
  std::unique_ptr<RowSource> source;
  if (varies && selector) {
    plan.shift = context_.preparation.shift(selector->as<VectorSelector>()->shift);
    plan.reads_counts_only = context_.preparation.reads_counts_only(*selector);
    source = TRY(select_rows(context_, *selector, plan));
  } else if (const auto* call = expr.as<Call>();
             varies && call && find_range_kernel(call->function->name)) {
    source = TRY(open_range_call(expr, grid));
  } else {
    return source_of(TRY(evaluate_rows(expr, grid)));
  }
  const bool keeps_names = selector && plan.value == SelectedValue::Sample;
  if (keeps_names || is_delayed() || !has_equal_labels(*source)) return source;
  std::vector<Row> rows = TRY(materialise(context_, *source, annotations_));
  TRY(merge_equal_rows(rows));
  return source_of(std::move(rows));
}

Result<Value> Evaluator::evaluate_call(const Expr& expr, const StepGrid& grid) {
  const auto& call = *expr.as<Call>();
  const std::string_view name = call.function->name;
  if (time_of_selector(expr, context_.options) != SelectedValue::Sample ||
      find_range_kernel(name)) {
    const std::unique_ptr<RowSource> source = TRY(open_rows(expr, grid));
    return of_rows(TRY(materialise(context_, *source, annotations_)));
  }
  if (name == "absent_over_time") return of_rows(TRY(evaluate_absent_over_time(expr, grid)));
  if (name == "timestamp") {
    auto rows = evaluation_times(TRY(evaluate_rows(*call.args.front(), grid)), grid, is_delayed());
    if (!is_delayed()) TRY(merge_equal_rows(rows));
    return of_rows(std::move(rows));
  }
  if (name == "absent") {
    const auto rows = TRY(evaluate_rows(*call.args.front(), grid));
    return of_rows(absent_rows(*call.args.front(), rows, grid.count));
  }
  if (name == "info") {
    auto rows = TRY(evaluate_rows(*call.args.front(), grid));
    return of_rows(TRY(info_rows(context_, call, std::move(rows), grid)));
  }
  return evaluate_vector_function(expr, grid);
}

Result<Value> Evaluator::evaluate_vector_function(const Expr& expr, const StepGrid& grid) {
  const auto& call = *expr.as<Call>();
  const VectorFunction function = find_vector_function(call.function->name);
  if (!function) {
    return fail(ErrorCode::Execution,
                "function " + std::string(call.function->name) + " is not supported", expr.span);
  }
  VectorCall arguments;
  arguments.call = &call;
  arguments.span = expr.span;
  arguments.grid = grid;
  arguments.query = context_.query;
  arguments.delayed_name_removal = is_delayed();
  arguments.is_range_query = grid.count > 1 || (context_.query.start != context_.query.end &&
                                                !context_.preparation.is_step_invariant(expr));
  arguments.annotations = &annotations_;
  for (const ExprPtr& argument : call.args) {
    arguments.args.push_back(TRY(evaluate(*argument, grid)));
  }
  return function(arguments);
}

Result<std::unique_ptr<RowSource>> Evaluator::open_range_call(const Expr& expr,
                                                              const StepGrid& grid) {
  const auto& call = *expr.as<Call>();
  const int range_index = range_argument(call);
  std::vector<ScalarValue> scalars;
  for (size_t i = 0; i < call.args.size(); ++i) {
    if (static_cast<int>(i) == range_index) continue;
    scalars.push_back(TRY(evaluate_scalar(*call.args[i], grid)));
  }
  auto input = TRY(evaluate_range_vector(*call.args[static_cast<size_t>(range_index)], grid));
  return call_range_function(context_, expr, std::move(input), std::move(scalars));
}

Result<std::vector<Row>> Evaluator::evaluate_absent_over_time(const Expr& expr,
                                                              const StepGrid& grid) {
  const Expr& argument = *expr.as<Call>()->args.front();
  const auto input = TRY(evaluate_range_vector(argument, grid));
  TRY(check_edges("absent_over_time", input->plan().edges));
  // Where any series has a sample in its window.
  std::vector<Row> present(1);
  reset_row(present.front(), grid.count);
  RowScratch scratch;
  for (size_t i = 0; i < input->series_count(); ++i) {
    TRY(context_.budget.check_time());
    TRY(input->load(i, scratch.samples));
    const RangeWindows windows = slide_windows(context_, input->plan(), scratch);
    for (size_t step = 0; step < grid.count; ++step) {
      const bool has_sample =
          windows.begin[step] < windows.end[step] || !windows.window_histograms(step).empty();
      if (has_sample) present.front().values[step] = 1;
    }
  }
  return absent_rows(argument, present, grid.count);
}

Result<std::unique_ptr<RangeInput>> Evaluator::evaluate_range_vector(const Expr& written,
                                                                     const StepGrid& grid) {
  const Expr& expr = strip_parens(written);
  if (expr.as<MatrixSelector>()) return select_range(context_, expr, grid);
  const SubqueryPlan plan = TRY(plan_subquery(context_, expr, grid));
  std::vector<Row> rows;
  if (plan.inner.count > 0) {
    rows = TRY(evaluate_rows(*expr.as<Subquery>()->expr, plan.inner));
  }
  return range_of_rows(plan.windows, plan.inner, std::move(rows));
}

Result<std::vector<Row>> Evaluator::evaluate_aggregate(const Expr& expr, const StepGrid& grid) {
  const auto& aggregate = *expr.as<Aggregate>();
  if (aggregate.op == AggregateOp::CountValues) {
    return aggregate_count_values(aggregate, TRY(evaluate_rows(*aggregate.expr, grid)));
  }
  if (aggregate.param) {
    const ScalarValue parameter = TRY(evaluate_scalar(*aggregate.param, grid));
    std::vector<Row> rows = TRY(evaluate_rows(*aggregate.expr, grid));
    if (aggregate.op == AggregateOp::Quantile) {
      return aggregate_quantile(aggregate, rows, parameter.values, annotations_);
    }
    return aggregate_choosing(expr, std::move(rows), parameter.values, annotations_);
  }
  const std::unique_ptr<RowSource> source = TRY(open_rows(*aggregate.expr, grid));
  return aggregate_folding(context_, aggregate, *source, grid.count, annotations_);
}

Result<Value> Evaluator::evaluate_binary(const Expr& expr, const StepGrid& grid) {
  const auto& binary = *expr.as<Binary>();
  const BinaryCall call{context_, binary, expr.span, grid.count, annotations_};
  const auto is_constant = [this](const Expr& side) {
    return context_.preparation.constant(side).has_value();
  };
  if (is_constant(*binary.left) != is_constant(*binary.right) && expr.type == ValueType::Vector) {
    return evaluate_with_constant(call, grid);
  }
  auto [left, right] = TRY(evaluate_sides(binary, grid));
  auto* left_scalar = std::get_if<ScalarValue>(&left);
  auto* right_scalar = std::get_if<ScalarValue>(&right);
  if (left_scalar && right_scalar) {
    return Value(binary_scalars(call, std::move(*left_scalar), *right_scalar));
  }
  if (left_scalar) {
    auto& rows = std::get<VectorValue>(right).rows;
    return of_rows(TRY(
        binary_with_scalar(call, std::move(rows), Operand(left_scalar->values), ScalarSide::Left)));
  }
  auto& left_rows = std::get<VectorValue>(left).rows;
  if (right_scalar) {
    return of_rows(TRY(binary_with_scalar(call, std::move(left_rows), Operand(right_scalar->values),
                                          ScalarSide::Right)));
  }
  auto& right_rows = std::get<VectorValue>(right).rows;
  if (is_set_operator(binary.op)) {
    return of_rows(TRY(binary_sets(call, std::move(left_rows), std::move(right_rows))));
  }
  return of_rows(TRY(binary_vectors(call, left_rows, right_rows)));
}

Result<Value> Evaluator::evaluate_with_constant(const BinaryCall& call, const StepGrid& grid) {
  const std::optional<double> left = context_.preparation.constant(*call.binary.left);
  const Expr& vector = left ? *call.binary.right : *call.binary.left;
  const double constant = left ? *left : *context_.preparation.constant(*call.binary.right);
  return of_rows(
      TRY(binary_with_scalar(call, TRY(evaluate_rows(vector, grid)), Operand::constant(constant),
                             left ? ScalarSide::Left : ScalarSide::Right)));
}

Result<Evaluator::Sides> Evaluator::evaluate_sides(const Binary& binary, const StepGrid& grid) {
  if (is_worth_sharing(binary)) {
    const uint64_t held_before = context_.budget.held();
    auto sides = evaluate_sides_at_once(binary, grid);
    const bool is_over_limit = !sides && sides.error().code == ErrorCode::Limit;
    if (!is_over_limit || context_.shared_depth > 0) return sides;
    // Sides hold more at once than one after the other, by chance: what can be evaluated must not
    // depend on that.
    is_one_by_one_ = true;
    context_.budget.set_held(held_before);
  }
  Value left = TRY(evaluate(*binary.left, grid));
  Value right = TRY(evaluate(*binary.right, grid));
  return Sides(std::move(left), std::move(right));
}

Result<Evaluator::Sides> Evaluator::evaluate_sides_at_once(const Binary& binary,
                                                           const StepGrid& grid) {
  struct Side {
    explicit Side(const EvaluationContext& whole)
        : budget(QueryBudget::PartOf{whole.budget}),
          context{whole.store,       whole.executor, whole.options, whole.query,
                  whole.preparation, budget,         whole.known,   whole.shared_depth + 1},
          evaluator(context) {}

    QueryBudget budget;
    EvaluationContext context;
    Evaluator evaluator;
    Result<Value> value;
  };
  Side left(context_);
  Side right(context_);
  context_.executor.parallel_for(2, [&](size_t i) {
    Side& side = i == 0 ? left : right;
    side.value = side.evaluator.evaluate(i == 0 ? *binary.left : *binary.right, grid);
  });
  for (Side* side : {&left, &right}) {
    annotations_.merge(side->evaluator.annotations());
    TRY(context_.budget.join(side->budget));
    if (!side->value) return tl::unexpected(std::move(side->value).error());
  }
  // Only now is it certain that it won't be read once more.
  for (const Side* side : {&left, &right}) {
    context_.budget.count_read(side->budget.statistics().samples_read);
  }
  return Sides(std::move(*left.value), std::move(*right.value));
}

// Shares of the work on a side of many series are given out by for_each_shard(); this is for sides
// of few series with many samples each. A repeated aggregation is not to be evaluated twice.
bool Evaluator::is_worth_sharing(const Binary& binary) const {
  constexpr uint64_t kSamplesMin = 100'000;  // Some hundred microseconds of work.
  constexpr int kSharedDepthMax = 5;
  return !is_one_by_one_ && !context_.known && context_.shared_depth < kSharedDepthMax &&
         context_.executor.concurrency() > 1 && context_.store.sample_estimate() >= kSamplesMin &&
         context_.preparation.reads_on_both_sides(binary) &&
         !context_.preparation.has_repetitions();
}

Result<Value> Evaluator::evaluate_unary(const Unary& unary, const StepGrid& grid) {
  Value value = TRY(evaluate(*unary.expr, grid));
  if (!unary.negate) return value;
  if (auto* scalar = std::get_if<ScalarValue>(&value)) {
    for (double& number : scalar->values) number = -number;
    return value;
  }
  auto& rows = std::get<VectorValue>(value).rows;
  for (Row& row : rows) {
    for (double& number : row.values) {
      if (!is_absent(number)) number = -number;
    }
    for (HistogramPtr& histogram : row.histograms) {
      if (!histogram) continue;
      auto negated = std::make_shared<FloatHistogram>(*histogram);
      negated->multiply(-1);
      histogram = std::move(negated);
    }
    drop_metric_name(row, is_delayed());
  }
  if (!is_delayed()) TRY(merge_equal_rows(rows));
  return value;
}

}  // namespace promenade::promql
