// engine/promql/explain/phrases.cc
// A result is named after the operator that made it. Operators that pass elements on lend them an
// adjective at most: the rates that a comparison lets through are "the remaining rates".
#include "promql/explain/phrases.h"

#include <algorithm>

#include "promql/functions/functions.h"
#include "promql/parser/printer.h"

namespace promenade::promql {
namespace {

// The code of a scalar that is longer than this is not repeated in its parent's sentence.
constexpr size_t kScalarCodeMax = 40;

std::string_view noun_of_operator(BinaryOp op) {
  switch (op) {
    case BinaryOp::Add:
      return "sum";
    case BinaryOp::Sub:
      return "difference";
    case BinaryOp::Mul:
      return "product";
    case BinaryOp::Div:
      return "quotient";
    case BinaryOp::Mod:
      return "remainder";
    case BinaryOp::Pow:
      return "power";
    case BinaryOp::Atan2:
      return "angle";
    case BinaryOp::TrimUpper:
    case BinaryOp::TrimLower:
      return "trimmed histogram";
    default:
      return "value";
  }
}

bool keeps_elements(AggregateOp op) {
  return op == AggregateOp::Topk || op == AggregateOp::Bottomk || op == AggregateOp::Limitk ||
         op == AggregateOp::LimitRatio;
}

// Functions whose result may have labels, or several elements, though their operand has not.
bool adds_labels(std::string_view function) {
  constexpr std::string_view kNames[] = {"absent",        "absent_over_time",    "label_join",
                                         "label_replace", "histogram_quantiles", "info"};
  return std::find(std::begin(kNames), std::end(kNames), function) != std::end(kNames);
}

bool is_bare_binary(const Binary& binary) {
  if (!binary.matching) {
    return is_bare(binary.left->type == ValueType::Vector ? *binary.left : *binary.right);
  }
  const bool either_will_do = binary.op == BinaryOp::And || binary.op == BinaryOp::Unless;
  return is_bare(*binary.left) && (either_will_do || is_bare(*binary.right));
}

}  // namespace

const Expr* vector_argument(const Call& call) {
  for (const ExprPtr& argument : call.args) {
    if (argument->type == ValueType::Vector || argument->type == ValueType::Matrix) {
      return argument.get();
    }
  }
  return nullptr;
}

bool is_bare(const Expr& written) {
  const Expr& expr = strip_parens(written);
  if (const auto* aggregate = expr.as<Aggregate>()) {
    if (aggregate->op == AggregateOp::CountValues) return false;
    if (keeps_elements(aggregate->op)) return is_bare(*aggregate->expr);
    return !aggregate->without ? aggregate->grouping.empty() : is_bare(*aggregate->expr);
  }
  if (const auto* call = expr.as<Call>()) {
    if (adds_labels(call->function->name)) return false;
    const Expr* argument = vector_argument(*call);
    return !argument || is_bare(*argument);
  }
  if (const auto* binary = expr.as<Binary>()) return is_bare_binary(*binary);
  if (const auto* unary = expr.as<Unary>()) return is_bare(*unary->expr);
  if (const auto* subquery = expr.as<Subquery>()) return is_bare(*subquery->expr);
  return false;
}

Phrases::Noun Phrases::noun(const Expr& written) const {
  const Expr& expr = strip_parens(written);
  if (const auto* selector = expr.as<VectorSelector>()) {
    const std::string as_of = times_.as_of(selector->shift);
    return {"", "value",
            concat({" of ", selector_code(*selector), as_of.empty() ? "" : " ", as_of}), ""};
  }
  if (const auto* subquery = expr.as<Subquery>()) return noun(*subquery->expr);
  if (const auto* binary = expr.as<Binary>()) return noun_of_binary(*binary);
  if (const auto* unary = expr.as<Unary>()) {
    Noun result = noun(*unary->expr);
    if (unary->negate) result.adjective = "negated ";
    return result;
  }
  if (const auto* aggregate = expr.as<Aggregate>()) {
    const std::string_view word = aggregate_phrase(aggregate->op).noun;
    if (!word.empty()) return {"", std::string(word), "", ""};
    Noun result = noun(*aggregate->expr);
    result.adjective = "chosen ";
    return result;
  }
  if (const auto* call = expr.as<Call>()) return noun_of_call(*call);
  return {"", "value", "", ""};
}

Phrases::Noun Phrases::noun_of_call(const Call& call) const {
  if (call.function->name == "vector") {
    const bool is_literal = strip_parens(*call.args.front()).as<NumberLiteral>() != nullptr;
    return {"", "value", "", (is_literal ? "the value " : "") + scalar(*call.args.front())};
  }
  const std::string_view word = function_phrase(call.function->name).noun;
  if (!word.empty()) return {"", std::string(word), "", ""};
  return noun(*vector_argument(call));
}

Phrases::Noun Phrases::noun_of_binary(const Binary& binary) const {
  if (is_comparison(binary.op) && binary.return_bool) return {"", "truth value", "", ""};
  const bool passes_on =
      is_comparison(binary.op) || binary.op == BinaryOp::And || binary.op == BinaryOp::Unless;
  if (binary.op == BinaryOp::Or) return {"combined ", "value", "", ""};
  if (!passes_on) return {"", std::string(noun_of_operator(binary.op)), "", ""};
  Noun result = noun(binary.left->type == ValueType::Vector ? *binary.left : *binary.right);
  result.adjective = "remaining ";
  return result;
}

std::string Phrases::all(const Expr& expr) const {
  if (expr.type == ValueType::Scalar) return scalar(expr);
  const Noun name = noun(expr);
  if (!name.whole.empty()) return name.whole;
  return concat({"the ", is_bare(expr) ? name.adjective + name.word : name.plural(), name.of});
}

std::string Phrases::each(const Expr& expr) const {
  if (expr.type == ValueType::Scalar || is_bare(expr)) return all(expr);
  const Noun name = noun(expr);
  if (name.of.empty()) return "each of the " + name.plural();
  return concat({"each ", name.adjective, name.word, name.of});
}

std::string Phrases::those(const Expr& expr) const {
  const Noun name = noun(expr);
  if (name.of.empty()) return "those of the " + name.plural();
  return concat({"those ", name.plural(), name.of});
}

std::string Phrases::one_of(const Expr& expr) const {
  if (is_bare(expr)) return all(expr);
  const Noun name = noun(expr);
  if (name.of.empty()) return "the one of the " + name.plural();
  return concat({"the ", name.adjective, name.word, name.of});
}

std::string Phrases::counted(const Expr& expr) const {
  const Noun name = noun(expr);
  if (name.of.empty()) return name.plural();
  return concat({name.adjective, "series", name.of});
}

std::string Phrases::none(const Expr& expr) const {
  if (is_bare(expr)) return all(expr) + " does not exist";
  const Noun name = noun(expr);
  if (name.of.empty()) return concat({"none of the ", name.plural(), " exists"});
  return concat({"no ", name.adjective, "series", name.of, " exists"});
}

std::string Phrases::any(const Expr& expr) const {
  if (is_bare(expr)) return all(expr) + " exists";
  const Noun name = noun(expr);
  if (name.of.empty()) return concat({"any of the ", name.plural(), " exists"});
  return concat({"any ", name.adjective, "series", name.of, " exists"});
}

std::string Phrases::each_series(const Expr& range_vector) const {
  const Expr& expr = strip_parens(range_vector);
  if (const auto* matrix = expr.as<MatrixSelector>()) {
    return "each series of " + selector_code(*matrix->selector->as<VectorSelector>());
  }
  return each(*expr.as<Subquery>()->expr);
}

std::string Phrases::no_series(const Expr& range_vector) const {
  const Expr& expr = strip_parens(range_vector);
  if (const auto* matrix = expr.as<MatrixSelector>()) {
    return concat(
        {"no series of ", selector_code(*matrix->selector->as<VectorSelector>()), " has a sample"});
  }
  const Expr& operand = *expr.as<Subquery>()->expr;
  if (is_bare(operand)) return all(operand) + " has no value";
  const Noun name = noun(operand);
  if (name.of.empty()) return concat({"none of the ", name.plural(), " has a value"});
  return concat({"no ", name.adjective, "series", name.of, " has a value"});
}

std::string Phrases::scalar(const Expr& written) const {
  const Expr& expr = strip_parens(written);
  if (const auto* number = expr.as<NumberLiteral>()) return decimal_words(number->value);
  if (const auto* call = expr.as<Call>()) {
    if (call->function->name == "time") return "the evaluation time";
    if (call->function->name == "pi") return "pi";
  }
  const std::string written_code = to_string(expr);
  return written_code.size() <= kScalarCodeMax ? code(written_code) : "the scalar given";
}

}  // namespace promenade::promql
