// engine/promql/printer.cc
// The canonical form, on one line. After Prometheus's promql/parser/printer.go.
#include "promql/parser/printer.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "base/strings.h"
#include "model/duration.h"
#include "model/labels.h"
#include "model/number_format.h"
#include "promql/functions/functions.h"
#include "promql/parser/printer_parts.h"

namespace promenade::promql {
namespace {

// Seconds as a duration when they are whole milliseconds, else as a number.
void append_duration(std::string& out, double seconds) {
  const double ms = std::round(std::fabs(seconds) * 1000);
  if (ms / 1000 != std::fabs(seconds)) return append_decimal(out, seconds);
  if (std::signbit(seconds)) out += '-';
  out += format_duration(Duration::milliseconds(static_cast<int64_t>(ms)));
}

std::string_view infix(DurationExpr::Kind kind) {
  switch (kind) {
    case DurationExpr::Kind::Add:
      return " + ";
    case DurationExpr::Kind::Subtract:
      return " - ";
    case DurationExpr::Kind::Multiply:
      return " * ";
    case DurationExpr::Kind::Divide:
      return " / ";
    case DurationExpr::Kind::Modulo:
      return " % ";
    default:
      return " ^ ";
  }
}

void append_duration_node(std::string& out, const DurationExpr& node);

void append_min_max(std::string& out, std::string_view name, const DurationExpr& node) {
  out += name;
  out += '(';
  append_duration_node(out, *node.left);
  out += ", ";
  append_duration_node(out, *node.right);
  out += ')';
}

void append_duration_node(std::string& out, const DurationExpr& node) {
  if (node.parenthesised) out += '(';
  switch (node.kind) {
    case DurationExpr::Kind::Literal:
      // Within an expression the number is kept: in `2m * 15`, 15 is a factor.
      if (node.written_as_number)
        append_decimal(out, node.seconds);
      else
        append_duration(out, node.seconds);
      break;
    case DurationExpr::Kind::Step:
      out += "step()";
      break;
    case DurationExpr::Kind::Range:
      out += "range()";
      break;
    case DurationExpr::Kind::MinOf:
      append_min_max(out, "min_of", node);
      break;
    case DurationExpr::Kind::MaxOf:
      append_min_max(out, "max_of", node);
      break;
    case DurationExpr::Kind::Negate:
      out += '-';
      append_duration_node(out, *node.left);
      break;
    default:
      append_duration_node(out, *node.left);
      out += infix(node.kind);
      append_duration_node(out, *node.right);
  }
  if (node.parenthesised) out += ')';
}

std::string matcher_text(const Matcher& matcher) {
  const std::string& name = matcher.name();
  return fmt::format("{}{}{}", is_legacy_label_name(name) ? name : quote(name),
                     to_string(matcher.type()), quote(matcher.value()));
}

// The name and the braces of a selector. The matcher made from the bare name is left out.
std::string selector_head(const VectorSelector& selector) {
  std::vector<std::string> matchers;
  for (const Matcher& matcher : selector.matchers) {
    const bool is_outer_name = !selector.name.empty() && matcher.name() == kMetricName &&
                               matcher.type() == MatchType::Equal &&
                               matcher.value() == selector.name;
    if (!is_outer_name) matchers.push_back(matcher_text(matcher));
  }
  if (matchers.empty() && !selector.name.empty()) return selector.name;
  std::sort(matchers.begin(), matchers.end());
  return fmt::format("{}{{{}}}", selector.name, join(matchers, ","));
}

void append_at(std::string& out, const TimeShift& shift) {
  switch (shift.at) {
    case TimeShift::At::None:
      return;
    case TimeShift::At::Start:
      out += " @ start()";
      return;
    case TimeShift::At::End:
      out += " @ end()";
      return;
    case TimeShift::At::Time:
      break;
  }
  const int64_t ms = shift.at_time.ms;
  const uint64_t magnitude = ms < 0 ? 0 - static_cast<uint64_t>(ms) : static_cast<uint64_t>(ms);
  out += fmt::format(" @ {}{}.{:03}", ms < 0 ? "-" : "", magnitude / 1000, magnitude % 1000);
}

void append_offset(std::string& out, const TimeShift& shift) {
  if (shift.offset == nullptr) return;
  out += " offset ";
  out += to_string(*shift.offset);
}

// @, anchored or smoothed, and offset, in this order after an instant selector; a range has
// anchored or smoothed first.
std::string vector_text(const VectorSelector& selector) {
  std::string out = selector_head(selector);
  append_at(out, selector.shift);
  if (selector.edges == RangeEdges::Anchored) out += " anchored";
  if (selector.edges == RangeEdges::Smoothed) out += " smoothed";
  append_offset(out, selector.shift);
  return out;
}

std::string matrix_text(const MatrixSelector& matrix) {
  const auto& selector = std::get<VectorSelector>(matrix.selector->node);
  std::string out = fmt::format("{}[{}]", selector_head(selector), to_string(*matrix.range));
  if (selector.edges == RangeEdges::Anchored) out += " anchored";
  if (selector.edges == RangeEdges::Smoothed) out += " smoothed";
  append_at(out, selector.shift);
  append_offset(out, selector.shift);
  return out;
}

std::string label_list(const std::vector<std::string>& labels) {
  std::vector<std::string> quoted;
  for (const std::string& label : labels) {
    quoted.push_back(is_legacy_label_name(label) ? label : quote(label));
  }
  return join(quoted, ", ");
}

std::string fill_text(std::string_view keyword, double value) {
  std::string out = fmt::format(" {} (", keyword);
  append_decimal(out, value);
  return out + ")";
}

std::string fills_text(const VectorMatching& matching) {
  const auto& left = matching.fill_left;
  const auto& right = matching.fill_right;
  const bool both_equal = left && right &&
                          ((*left == *right && std::signbit(*left) == std::signbit(*right)) ||
                           (std::isnan(*left) && std::isnan(*right)));
  if (both_equal) return fill_text("fill", *left);
  std::string out;
  if (left) out += fill_text("fill_left", *left);
  if (right) out += fill_text("fill_right", *right);
  return out;
}

std::string matching_text(const VectorMatching& matching) {
  const bool many_to_one = matching.card == Cardinality::ManyToOne;
  const bool grouped = many_to_one || matching.card == Cardinality::OneToMany;
  std::string out;
  if (!matching.labels.empty() || matching.on || grouped) {
    out += fmt::format(" {} ({})", matching.on ? "on" : "ignoring", label_list(matching.labels));
  }
  if (grouped) {
    out +=
        fmt::format(" group_{} ({})", many_to_one ? "left" : "right", label_list(matching.include));
  }
  return out + fills_text(matching);
}

std::string number_text(const NumberLiteral& number) {
  std::string out;
  if (number.is_duration)
    append_duration(out, number.value);
  else
    append_decimal(out, number.value);
  return out;
}

std::string call_text(const Call& call) {
  std::vector<std::string> arguments;
  for (const ExprPtr& argument : call.args) arguments.push_back(to_string(*argument));
  return fmt::format("{}({})", call.function->name, join(arguments, ", "));
}

std::string aggregate_text(const Aggregate& aggregate) {
  std::string arguments = to_string(*aggregate.expr);
  if (aggregate.param) arguments = fmt::format("{}, {}", to_string(*aggregate.param), arguments);
  return fmt::format("{}({})", aggregate_head(aggregate), arguments);
}

struct NodePrinter {
  std::string operator()(const NumberLiteral& node) const { return number_text(node); }
  std::string operator()(const StringLiteral& node) const { return quote(node.value); }
  std::string operator()(const VectorSelector& node) const { return vector_text(node); }
  std::string operator()(const MatrixSelector& node) const { return matrix_text(node); }
  std::string operator()(const Subquery& node) const {
    return to_string(*node.expr) + subquery_suffix(node);
  }
  std::string operator()(const Call& node) const { return call_text(node); }
  std::string operator()(const Aggregate& node) const { return aggregate_text(node); }
  std::string operator()(const Binary& node) const {
    return fmt::format("{} {} {}", to_string(*node.left), binary_operator_text(node),
                       to_string(*node.right));
  }
  std::string operator()(const Unary& node) const {
    return fmt::format("{}{}", node.negate ? '-' : '+', to_string(*node.expr));
  }
  std::string operator()(const Paren& node) const {
    return fmt::format("({})", to_string(*node.expr));
  }
};

}  // namespace

std::string aggregate_head(const Aggregate& aggregate) {
  std::string out(to_string(aggregate.op));
  if (aggregate.without) {
    out += fmt::format(" without ({}) ", label_list(aggregate.grouping));
  } else if (!aggregate.grouping.empty()) {
    out += fmt::format(" by ({}) ", label_list(aggregate.grouping));
  }
  return out;
}

std::string binary_operator_text(const Binary& binary) {
  return fmt::format("{}{}{}", to_string(binary.op), binary.return_bool ? " bool" : "",
                     binary.matching ? matching_text(*binary.matching) : "");
}

std::string subquery_suffix(const Subquery& subquery) {
  std::string out = fmt::format("[{}:{}]", to_string(*subquery.range),
                                subquery.step ? to_string(*subquery.step) : "");
  append_at(out, subquery.shift);
  append_offset(out, subquery.shift);
  return out;
}

std::string to_string(const Expr& expr) {
  return std::visit(NodePrinter{}, expr.node);
}

std::string to_string(const DurationExpr& expr) {
  std::string out;
  if (expr.kind == DurationExpr::Kind::Literal) {
    append_duration(out, expr.seconds);
  } else {
    append_duration_node(out, expr);
  }
  return out;
}

}  // namespace promenade::promql
