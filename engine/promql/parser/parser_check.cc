// engine/promql/parser_check.cc
// What the grammar allows but the types do not. After checkAST in Prometheus's
// promql/parser/parse.go, whose messages are kept; some go on with a remedy.
#include <fmt/format.h>

#include <algorithm>

#include "base/strings.h"
#include "promql/parser/hints.h"
#include "promql/parser/parser_impl.h"

namespace promenade::promql {
namespace {

constexpr std::string_view kAggregated = "aggregation expression";
constexpr std::string_view kNoRangeHere =
    "leave the brackets out, or use a function of ranges such as rate()";

// How to get from the type that was found to the one that is wanted.
std::string_view conversion_hint(ValueType wanted, const Expr& found) {
  const Expr& inner = strip_parens(found);
  if (wanted == ValueType::Matrix && inner.as<VectorSelector>() != nullptr) {
    return "write how far to look back in brackets after the selector, such as [5m]";
  }
  if (wanted == ValueType::Matrix && inner.as<Aggregate>() != nullptr) {
    return "ranges belong to single series, so aggregate afterwards: sum(rate(up[5m]))";
  }
  if (wanted == ValueType::Matrix && found.type == ValueType::Vector) {
    return "a subquery makes a range of it: (...)[5m:]";
  }
  if (found.type == ValueType::Matrix) return kNoRangeHere;
  if (found.type == ValueType::String) return "only names and patterns stand in quotes";
  if (wanted == ValueType::String) return "it has to stand in quotes";
  if (wanted == ValueType::Vector) return "vector(...) makes one of a number";
  if (found.type == ValueType::Vector) return "scalar(...) makes one of a single element";
  return "";
}

std::string type_mismatch(ValueType wanted, std::string_view where, const Expr& found) {
  return fmt::format("expected type {} in {}, got {}", document_name(wanted), where,
                     document_name(found.type));
}

Result<void> expect_type(const Expr& expr, ValueType wanted, std::string_view where) {
  if (expr.type == wanted) return {};
  std::string message = type_mismatch(wanted, where, expr);
  add_hint(message, conversion_hint(wanted, expr));
  return bad_data(std::move(message), expr.span);
}

// Where there are several arguments, mostly their order is wrong.
Result<void> expect_argument_type(const Call& call, size_t index, bool is_range_behind) {
  const FunctionSignature& function = *call.function;
  const ValueType wanted = function.args[std::min(index, function.args.size() - 1)];
  const Expr& argument = *call.args[index];
  const std::string where = fmt::format("call to function {}", quote(function.name));
  if (argument.type == wanted) return {};
  std::string message = type_mismatch(wanted, where, argument);
  if (wanted == ValueType::Matrix && argument.type == ValueType::Vector && is_range_behind) {
    add_hint(message, fmt::format("the brackets belong inside: {}(up[5m])", function.name));
  } else if (call.args.size() == 1 || wanted == ValueType::String ||
             (wanted == ValueType::Matrix && argument.type == ValueType::Vector)) {
    add_hint(message, conversion_hint(wanted, argument));
  } else {
    add_hint(message, signature_hint(function));
  }
  return bad_data(std::move(message), argument.span);
}

Result<void> check_operand(const Expr& operand) {
  if (operand.type == ValueType::Scalar || operand.type == ValueType::Vector) return {};
  std::string message = "binary expression must contain only scalar and instant vector types";
  message += fmt::format(", this is a {}", document_name(operand.type));
  add_hint(message, operand.type == ValueType::Matrix
                        ? kNoRangeHere
                        : "numbers stand without quotes, and labels are matched in braces");
  return bad_data(std::move(message), operand.span);
}

Result<void> check_group_labels(const VectorMatching& matching, SourceSpan span) {
  if (!matching.on) return {};
  for (const std::string& label : matching.labels) {
    if (std::find(matching.include.begin(), matching.include.end(), label) !=
        matching.include.end()) {
      return bad_data(
          fmt::format("label {} must not occur in ON and GROUP clause at once", quote(label)),
          span);
    }
  }
  return {};
}

Result<void> check_set_operator(const Binary& binary, SourceSpan op_span) {
  const VectorMatching& matching = *binary.matching;
  if (matching.card != Cardinality::OneToOne) {
    return bad_data(
        fmt::format("no grouping allowed for {} operation", quote(to_string(binary.op))), op_span);
  }
  if (matching.fill_left || matching.fill_right) {
    return bad_data(fmt::format("fill modifiers are not allowed for set operator {}",
                                quote(to_string(binary.op))),
                    op_span);
  }
  return {};
}

// With a scalar on one side at least.
Result<void> check_scalar_operands(const Binary& binary, SourceSpan op_span, SourceSpan span) {
  const VectorMatching& matching = *binary.matching;
  if (!matching.labels.empty()) {
    return bad_data("vector matching only allowed between instant vectors", span);
  }
  if (is_set_operator(binary.op)) {
    return bad_data(fmt::format("set operator {} not allowed in binary scalar expression; it joins "
                                "vectors, and a comparison such as up > 0 makes one",
                                quote(to_string(binary.op))),
                    span);
  }
  if (matching.fill_left || matching.fill_right) {
    return bad_data("fill modifiers are only allowed between instant vectors", op_span);
  }
  return {};
}

Result<void> check_argument_count(const Call& call, SourceSpan span) {
  const FunctionSignature& function = *call.function;
  const size_t count = call.args.size();
  const auto wrong = [&](std::string_view how, size_t wanted) {
    return bad_data(fmt::format("expected {}{} argument(s) in call to {}, got {}; {}", how, wanted,
                                quote(function.name), count, signature_hint(function)),
                    span);
  };
  if (function.variadic == 0) {
    if (count != function.required) return wrong("", function.required);
    return {};
  }
  if (count < function.required) return wrong("at least ", function.required);
  const size_t most = function.required + static_cast<size_t>(std::max(function.variadic, 0));
  if (function.variadic > 0 && count > most) return wrong("at most ", most);
  return {};
}

// info(v, {selector}): the second argument only selects labels of info metrics.
Result<void> check_info_selector(const Call& call) {
  if (call.function->name != "info" || call.args.size() < 2) return {};
  const auto* selector = call.args[1]->as<VectorSelector>();
  if (selector != nullptr && selector->name.empty()) return {};
  return bad_data(fmt::format("expected label selectors only, got {} instead",
                              selector != nullptr ? "vector selector" : "another expression"),
                  call.args[1]->span);
}

}  // namespace

Result<void> check_binary(Binary& binary, bool is_matching_given, SourceSpan op_span,
                          SourceSpan span) {
  const bool left_is_scalar = binary.left->type == ValueType::Scalar;
  const bool right_is_scalar = binary.right->type == ValueType::Scalar;
  if (binary.return_bool && !is_comparison(binary.op)) {
    return bad_data("bool modifier can only be used on comparison operators", op_span);
  }
  if (is_comparison(binary.op) && !binary.return_bool && left_is_scalar && right_is_scalar) {
    return bad_data(fmt::format("comparisons between scalars must use BOOL modifier; write {} bool",
                                to_string(binary.op)),
                    op_span);
  }
  if (is_matching_given) TRY(check_group_labels(*binary.matching, op_span));
  TRY(check_operand(*binary.left));
  TRY(check_operand(*binary.right));
  if (left_is_scalar || right_is_scalar) {
    TRY(check_scalar_operands(binary, op_span, span));
    binary.matching.reset();
  } else if (is_set_operator(binary.op)) {
    TRY(check_set_operator(binary, op_span));
    binary.matching->card = Cardinality::ManyToMany;
  }
  return {};
}

Result<void> check_call(const Call& call, SourceSpan span, bool is_range_behind) {
  TRY(check_argument_count(call, span));
  for (size_t i = 0; i < call.args.size(); ++i) {
    TRY(expect_argument_type(call, i, is_range_behind));
  }
  return check_info_selector(call);
}

Result<void> check_aggregate(const Aggregate& aggregate) {
  const ValueType wanted =
      aggregate.op == AggregateOp::CountValues ? ValueType::String : ValueType::Scalar;
  const bool is_param_good = aggregate.param == nullptr || aggregate.param->type == wanted;
  if (is_param_good) return expect_type(*aggregate.expr, ValueType::Vector, kAggregated);
  const bool is_expr_good = aggregate.expr->type == ValueType::Vector;
  std::string message = is_expr_good
                            ? type_mismatch(wanted, "aggregation parameter", *aggregate.param)
                            : type_mismatch(ValueType::Vector, kAggregated, *aggregate.expr);
  add_hint(message, wanted == ValueType::String
                        ? "the new label comes first: count_values(\"version\", up)"
                        : "the number comes first: topk(5, up)");
  return bad_data(std::move(message), is_expr_good ? aggregate.param->span : aggregate.expr->span);
}

Result<void> check_selector(const VectorSelector& selector, SourceSpan span,
                            bool is_empty_selector_allowed) {
  if (!selector.name.empty()) {
    for (size_t i = 0; i + 1 < selector.matchers.size(); ++i) {
      if (selector.matchers[i].name() != kMetricName) continue;
      return bad_data(
          fmt::format("metric name must not be set twice: {} or {}", quote_shortened(selector.name),
                      quote_shortened(selector.matchers[i].value())),
          span);
    }
    return {};
  }
  const bool selects_something =
      std::any_of(selector.matchers.begin(), selector.matchers.end(),
                  [](const Matcher& matcher) { return !matcher.matches_empty(); });
  if (selects_something || is_empty_selector_allowed) return {};
  return bad_data(
      "vector selector must contain at least one non-empty matcher; name a metric, or a label's "
      "value as in {job=\"api\"}",
      span);
}

}  // namespace promenade::promql
