// One function for each kind of node; the names of keys follow Prometheus's translate_ast.go.
#include "api/ast_json.h"

#include <algorithm>
#include <cmath>

#include "model/number_format.h"
#include "promql/functions/functions.h"

namespace promenade::api {
namespace {

using namespace promql;

void write_node(JsonWriter& out, const Expr& expr);

void write_optional(JsonWriter& out, const ExprPtr& expr) {
  expr ? write_node(out, *expr) : out.null();
}

void write_decimal(JsonWriter& out, double value) {
  std::string text;
  append_decimal(text, value);
  out.string(text);
}

void write_strings(JsonWriter& out, std::string_view key, const std::vector<std::string>& texts) {
  out.key(key);
  out.begin_array();
  for (const std::string& text : texts) out.string(text);
  out.end_array();
}

void write_matchers(JsonWriter& out, const std::vector<Matcher>& matchers) {
  out.key("matchers");
  out.begin_array();
  for (const Matcher& matcher : matchers) {
    out.begin_object();
    out.field("name", matcher.name());
    out.field("type", to_string(matcher.type()));
    out.field("value", matcher.value());
    out.end_object();
  }
  out.end_array();
}

std::string_view duration_operator(DurationExpr::Kind kind) {
  switch (kind) {
    case DurationExpr::Kind::Step:
      return "step";
    case DurationExpr::Kind::Range:
      return "range";
    case DurationExpr::Kind::Add:
      return "+";
    case DurationExpr::Kind::Subtract:
    case DurationExpr::Kind::Negate:
      return "-";
    case DurationExpr::Kind::Multiply:
      return "*";
    case DurationExpr::Kind::Divide:
      return "/";
    case DurationExpr::Kind::Modulo:
      return "%";
    case DurationExpr::Kind::Power:
      return "^";
    case DurationExpr::Kind::MinOf:
      return "min_of";
    case DurationExpr::Kind::MaxOf:
      return "max_of";
    case DurationExpr::Kind::Literal:
      break;
  }
  return "";
}

void write_duration(JsonWriter& out, const DurationExprPtr& duration) {
  if (!duration) return out.null();
  out.begin_object();
  if (duration->kind == DurationExpr::Kind::Literal) {
    out.field("type", "numberLiteral");
    out.key("val");
    write_decimal(out, duration->seconds);
    return out.end_object();
  }
  const bool is_prefix = duration->kind == DurationExpr::Kind::Negate;
  out.key("lhs");
  write_duration(out, is_prefix ? duration->right : duration->left);
  out.field("op", duration_operator(duration->kind));
  out.key("rhs");
  write_duration(out, is_prefix ? duration->left : duration->right);
  out.field("type", "durationExpr");
  out.key("wrapped");
  out.boolean(duration->parenthesised);
  out.end_object();
}

int64_t literal_ms(const DurationExprPtr& duration) {
  if (!duration || duration->kind != DurationExpr::Kind::Literal) return 0;
  return static_cast<int64_t>(std::llround(duration->seconds * 1000));
}

// NAME as milliseconds, 0 when it is an expression; NAMEExpr as a tree, null when it is a literal.
void write_duration_pair(JsonWriter& out, std::string_view name,
                         std::string_view name_of_expression, const DurationExprPtr& duration) {
  out.key(name);
  out.integer(literal_ms(duration));
  out.key(name_of_expression);
  const bool is_literal = !duration || duration->kind == DurationExpr::Kind::Literal;
  is_literal ? out.null() : write_duration(out, duration);
}

void write_start_or_end(JsonWriter& out, const TimeShift& shift) {
  out.key("startOrEnd");
  if (shift.at == TimeShift::At::Start) return out.string("start");
  if (shift.at == TimeShift::At::End) return out.string("end");
  out.null();
}

void write_timestamp(JsonWriter& out, const TimeShift& shift) {
  out.key("timestamp");
  shift.at == TimeShift::At::Time ? out.integer(shift.at_time.ms) : out.null();
}

// A selector with its range, or (without one) an instant vector's.
void write_selector(JsonWriter& out, const VectorSelector& selector, const MatrixSelector* matrix) {
  out.begin_object();
  out.key("anchored");
  out.boolean(selector.edges == RangeEdges::Anchored);
  write_matchers(out, selector.matchers);
  out.field("name", selector.name);
  write_duration_pair(out, "offset", "offsetExpr", selector.shift.offset);
  if (matrix) write_duration_pair(out, "range", "rangeExpr", matrix->range);
  out.key("smoothed");
  out.boolean(selector.edges == RangeEdges::Smoothed);
  write_start_or_end(out, selector.shift);
  write_timestamp(out, selector.shift);
  out.field("type", matrix ? "matrixSelector" : "vectorSelector");
  out.end_object();
}

void write_fill(JsonWriter& out, std::string_view key, const std::optional<double>& value) {
  out.key(key);
  value ? out.number(*value) : out.null();
}

void write_matching(JsonWriter& out, const std::optional<VectorMatching>& matching) {
  out.key("matching");
  if (!matching) return out.null();
  out.begin_object();
  out.field("card", cardinality_name(matching->card));
  out.key("fillValues");
  out.begin_object();
  write_fill(out, "lhs", matching->fill_left);
  write_fill(out, "rhs", matching->fill_right);
  out.end_object();
  write_strings(out, "include", matching->include);
  write_strings(out, "labels", matching->labels);
  out.key("on");
  out.boolean(matching->on);
  out.end_object();
}

void write_function(JsonWriter& out, const FunctionSignature& function) {
  out.key("func");
  out.begin_object();
  out.key("argTypes");
  out.begin_array();
  for (const ValueType type : function.args) out.string(api_name(type));
  out.end_array();
  out.field("name", function.name);
  out.field("returnType", api_name(function.returns));
  out.key("variadic");
  out.integer(function.variadic);
  out.end_object();
}

struct NodeWriter {
  JsonWriter& out;

  void operator()(const NumberLiteral& number) const {
    out.begin_object();
    out.field("type", "numberLiteral");
    out.key("val");
    write_decimal(out, number.value);
    out.end_object();
  }
  void operator()(const StringLiteral& string) const {
    out.begin_object();
    out.field("type", "stringLiteral");
    out.field("val", string.value);
    out.end_object();
  }
  void operator()(const VectorSelector& selector) const { write_selector(out, selector, nullptr); }
  void operator()(const MatrixSelector& matrix) const {
    write_selector(out, *matrix.selector->as<VectorSelector>(), &matrix);
  }
  void operator()(const Subquery& subquery) const {
    out.begin_object();
    out.key("expr");
    write_node(out, *subquery.expr);
    write_duration_pair(out, "offset", "offsetExpr", subquery.shift.offset);
    write_duration_pair(out, "range", "rangeExpr", subquery.range);
    write_start_or_end(out, subquery.shift);
    write_duration_pair(out, "step", "stepExpr", subquery.step);
    write_timestamp(out, subquery.shift);
    out.field("type", "subquery");
    out.end_object();
  }
  void operator()(const promql::Call& call) const {
    out.begin_object();
    out.key("args");
    out.begin_array();
    for (const ExprPtr& argument : call.args) write_node(out, *argument);
    out.end_array();
    write_function(out, *call.function);
    out.field("type", "call");
    out.end_object();
  }
  void operator()(const Aggregate& aggregate) const {
    out.begin_object();
    out.key("expr");
    write_node(out, *aggregate.expr);
    write_strings(out, "grouping", aggregate.grouping);
    out.field("op", to_string(aggregate.op));
    out.key("param");
    write_optional(out, aggregate.param);
    out.field("type", "aggregation");
    out.key("without");
    out.boolean(aggregate.without);
    out.end_object();
  }
  void operator()(const Binary& binary) const {
    out.begin_object();
    out.key("bool");
    out.boolean(binary.return_bool);
    out.key("lhs");
    write_node(out, *binary.left);
    write_matching(out, binary.matching);
    out.field("op", to_string(binary.op));
    out.key("rhs");
    write_node(out, *binary.right);
    out.field("type", "binaryExpr");
    out.end_object();
  }
  void operator()(const Unary& unary) const {
    out.begin_object();
    out.key("expr");
    write_node(out, *unary.expr);
    out.field("op", unary.negate ? "-" : "+");
    out.field("type", "unaryExpr");
    out.end_object();
  }
  void operator()(const Paren& paren) const {
    out.begin_object();
    out.key("expr");
    write_node(out, *paren.expr);
    out.field("type", "parenExpr");
    out.end_object();
  }
};

void write_node(JsonWriter& out, const Expr& expr) {
  std::visit(NodeWriter{out}, expr.node);
}

struct SelectorFinder {
  bool operator()(const NumberLiteral&) const { return false; }
  bool operator()(const StringLiteral&) const { return false; }
  bool operator()(const VectorSelector&) const { return true; }
  bool operator()(const MatrixSelector&) const { return true; }
  bool operator()(const Subquery& subquery) const { return has_selector(*subquery.expr); }
  bool operator()(const promql::Call& call) const {
    return std::any_of(call.args.begin(), call.args.end(),
                       [](const ExprPtr& argument) { return has_selector(*argument); });
  }
  bool operator()(const Aggregate& aggregate) const {
    return has_selector(*aggregate.expr) || (aggregate.param && has_selector(*aggregate.param));
  }
  bool operator()(const Binary& binary) const {
    return has_selector(*binary.left) || has_selector(*binary.right);
  }
  bool operator()(const Unary& unary) const { return has_selector(*unary.expr); }
  bool operator()(const Paren& paren) const { return has_selector(*paren.expr); }
};

}  // namespace

std::string_view cardinality_name(promql::Cardinality card) {
  switch (card) {
    case Cardinality::OneToOne:
      return "one-to-one";
    case Cardinality::ManyToOne:
      return "many-to-one";
    case Cardinality::OneToMany:
      return "one-to-many";
    case Cardinality::ManyToMany:
      break;
  }
  return "many-to-many";
}

void write_ast(JsonWriter& out, const Expr& expr) {
  write_node(out, expr);
}

bool has_selector(const Expr& expr) {
  return std::visit(SelectorFinder{}, expr.node);
}

}  // namespace promenade::api
