// One walk over the tree, children before parents.
#include "promql/evaluator/preparation.h"

#include <algorithm>
#include <array>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "promql/evaluator/binary_element.h"
#include "promql/functions/functions.h"
#include "promql/parser/duration_expr.h"
#include "promql/parser/printer.h"

namespace promenade::promql {
namespace {

// Their value depends on the evaluation time even when their arguments do not.
constexpr std::array<std::string_view, 11> kTimeDependent = {
    "time", "predict_linear", "days_in_month", "day_of_month", "day_of_week", "day_of_year",
    "hour", "minute",         "month",         "year",         "timestamp"};

bool depends_on_time(std::string_view function) {
  return std::find(kTimeDependent.begin(), kTimeDependent.end(), function) != kTimeDependent.end();
}

// What a function reads of histograms, directly or through the functions inside of it.
enum class Reads { Anything, CountsOnly, Buckets };

Reads reads_of(std::string_view function, Reads outer) {
  if (outer == Reads::Buckets || !function.starts_with("histogram_")) return outer;
  const std::string_view what = function.substr(std::string_view("histogram_").size());
  return what == "count" || what == "sum" || what == "avg" ? Reads::CountsOnly : Reads::Buckets;
}
Reads reads_of(BinaryOp op, Reads outer) {
  return op == BinaryOp::TrimUpper || op == BinaryOp::TrimLower ? Reads::Buckets : outer;
}

DurationContext duration_context(const QueryRange& query) {
  if (query.start == query.end) return {};
  return {query.step.in_seconds(), (query.end - query.start).in_seconds()};
}

}  // namespace

// Each visit returns whether the node is step-invariant.
class PreparationVisitor {
 public:
  PreparationVisitor(Preparation& into, const QueryRange& query)
      : into_(into), context_(duration_context(query)) {}

  Result<bool> visit(const Expr& expr) {
    const bool invariant =
        TRY(std::visit([this](const auto& node) { return visit_node(node); }, expr.node));
    if (reads_ == Reads::CountsOnly && expr.as<VectorSelector>()) into_.counts_only_.insert(&expr);
    if (invariant) into_.invariant_.insert(&expr);
    if (const auto constant = constant_of(expr)) into_.constants_.emplace(&expr, *constant);
    if (expr.as<Aggregate>()) aggregations_.emplace_back(&expr, reads_);
    return invariant;
  }

  // Equal texts have equal values, as far as the same is read of them: nothing in the language is
  // random.
  void find_repetitions() {
    if (aggregations_.size() < 2) return;
    std::map<std::pair<Reads, std::string>, std::vector<const Expr*>> by_text;
    for (const auto& [expr, reads] : aggregations_) {
      by_text[{reads, to_string(*expr)}].push_back(expr);
    }
    size_t number = 0;
    for (const auto& [key, equals] : by_text) {
      if (equals.size() < 2) continue;
      for (const Expr* expr : equals) into_.repetitions_.emplace(expr, number);
      ++number;
    }
  }

  Result<bool> visit(const Expr& expr, Reads reads) {
    const Reads outer = std::exchange(reads_, reads);
    const Result<bool> invariant = visit(expr);
    reads_ = outer;
    return invariant;
  }

 private:
  Result<bool> visit_node(const NumberLiteral&) { return true; }
  Result<bool> visit_node(const StringLiteral&) { return true; }

  // The operands' values are known by now.
  std::optional<double> constant_of(const Expr& expr) const {
    if (const auto* number = expr.as<NumberLiteral>()) return number->value;
    if (const auto* paren = expr.as<Paren>()) return into_.constant(*paren->expr);
    if (const auto* unary = expr.as<Unary>()) {
      const auto operand = into_.constant(*unary->expr);
      return operand && unary->negate ? -*operand : operand;
    }
    const auto* binary = expr.as<Binary>();
    if (!binary) return std::nullopt;
    const auto left = into_.constant(*binary->left);
    const auto right = into_.constant(*binary->right);
    if (!left || !right) return std::nullopt;
    return scalar_operation(binary->op, *left, *right);
  }

  Result<bool> visit_node(const VectorSelector& selector) {
    ++selector_count_;
    TRY(resolve(selector.shift.offset.get(), DurationSign::Any));
    return selector.shift.at != TimeShift::At::None;
  }

  Result<bool> visit_node(const MatrixSelector& matrix) {
    TRY(resolve(matrix.range.get(), DurationSign::Positive));
    return visit(*matrix.selector);
  }

  Result<bool> visit_node(const Subquery& subquery) {
    TRY(resolve(subquery.range.get(), DurationSign::Positive));
    TRY(resolve(subquery.step.get(), DurationSign::Positive));
    TRY(resolve(subquery.shift.offset.get(), DurationSign::Any));
    // Resets between samples at the subquery's steps are found by their buckets.
    TRY(visit(*subquery.expr, Reads::Buckets));
    return subquery.shift.at != TimeShift::At::None;
  }

  Result<bool> visit_node(const Call& call) {
    bool arguments_invariant = true;
    const Reads reads = reads_of(call.function->name, reads_);
    for (const ExprPtr& argument : call.args) {
      if (!TRY(visit(*argument, reads))) arguments_invariant = false;
    }
    if (!arguments_invariant) return false;
    // Of a pinned selector, timestamp() tells the samples' own times, which are fixed.
    if (call.function->name == "timestamp") {
      return strip_parens(*call.args.front()).as<VectorSelector>() != nullptr;
    }
    return !depends_on_time(call.function->name);
  }

  Result<bool> visit_node(const Aggregate& aggregate) {
    bool invariant = TRY(visit(*aggregate.expr));
    if (aggregate.param && !TRY(visit(*aggregate.param))) invariant = false;
    return invariant;
  }

  Result<bool> visit_node(const Binary& binary) {
    const Reads reads = reads_of(binary.op, reads_);
    const size_t before = selector_count_;
    const bool left = TRY(visit(*binary.left, reads));
    const size_t between = selector_count_;
    const bool right = TRY(visit(*binary.right, reads));
    if (before < between && between < selector_count_) into_.reads_on_both_sides_.insert(&binary);
    return left && right;
  }

  Result<bool> visit_node(const Unary& unary) { return visit(*unary.expr); }
  Result<bool> visit_node(const Paren& paren) { return visit(*paren.expr); }

  Result<void> resolve(const DurationExpr* expr, DurationSign sign) {
    if (!expr) return {};
    into_.durations_ms_[expr] = TRY(resolve_duration(*expr, context_, sign)).ms;
    return {};
  }

  Preparation& into_;
  DurationContext context_;
  size_t selector_count_ = 0;      // Visited so far.
  Reads reads_ = Reads::Anything;  // What the expressions around the one at hand read.
  std::vector<std::pair<const Expr*, Reads>> aggregations_;
};

Result<Preparation> Preparation::create(const Expr& root, const QueryRange& query) {
  Preparation preparation;
  preparation.query_ = query;
  PreparationVisitor visitor(preparation, query);
  TRY(visitor.visit(root));
  visitor.find_repetitions();
  return preparation;
}

std::optional<double> Preparation::constant(const Expr& expr) const {
  const auto found = constants_.find(&expr);
  return found == constants_.end() ? std::nullopt : std::optional(found->second);
}

std::optional<size_t> Preparation::repetition(const Expr& expr) const {
  const auto found = repetitions_.find(&expr);
  return found == repetitions_.end() ? std::nullopt : std::optional(found->second);
}

ResolvedShift Preparation::shift(const TimeShift& shift) const {
  ResolvedShift resolved;
  if (shift.offset) resolved.offset_ms = duration_ms(*shift.offset);
  switch (shift.at) {
    case TimeShift::At::None:
      break;
    case TimeShift::At::Time:
      resolved.pinned_ms = within_all_time(shift.at_time.ms);
      break;
    case TimeShift::At::Start:
      resolved.pinned_ms = within_all_time(query_.start.ms);
      break;
    case TimeShift::At::End:
      resolved.pinned_ms = within_all_time(query_.end.ms);
      break;
  }
  return resolved;
}

}  // namespace promenade::promql
