// engine/promql/printer_dump.cc
// The shape of a tree in one line, for tests: every node is its kind and its parts in braces, so
// that precedence and what modifiers belong to can be read off.
#include <fmt/format.h>

#include <algorithm>

#include "base/strings.h"
#include "model/labels.h"
#include "model/number_format.h"
#include "promql/functions/functions.h"
#include "promql/parser/printer.h"

namespace promenade::promql {
namespace {

std::string number(double value) {
  std::string out;
  append_decimal(out, value);
  return out;
}

std::string_view kind_name(DurationExpr::Kind kind) {
  switch (kind) {
    case DurationExpr::Kind::Literal:
      return "literal";
    case DurationExpr::Kind::Step:
      return "step";
    case DurationExpr::Kind::Range:
      return "range";
    case DurationExpr::Kind::Add:
      return "+";
    case DurationExpr::Kind::Subtract:
      return "-";
    case DurationExpr::Kind::Multiply:
      return "*";
    case DurationExpr::Kind::Divide:
      return "/";
    case DurationExpr::Kind::Modulo:
      return "%";
    case DurationExpr::Kind::Power:
      return "^";
    case DurationExpr::Kind::Negate:
      return "neg";
    case DurationExpr::Kind::MinOf:
      return "min_of";
    case DurationExpr::Kind::MaxOf:
      return "max_of";
  }
  return "";
}

std::string dump_duration(const DurationExpr& node) {
  if (node.kind == DurationExpr::Kind::Literal) return number(node.seconds) + "s";
  std::string out = fmt::format("{}{{", kind_name(node.kind));
  if (node.left) out += dump_duration(*node.left);
  if (node.right) out += " " + dump_duration(*node.right);
  return out + "}";
}

std::string dump_shift(const TimeShift& shift) {
  std::string out;
  if (shift.offset) out += " offset " + dump_duration(*shift.offset);
  switch (shift.at) {
    case TimeShift::At::None:
      break;
    case TimeShift::At::Time:
      out += fmt::format(" @{}ms", shift.at_time.ms);
      break;
    case TimeShift::At::Start:
      out += " @start";
      break;
    case TimeShift::At::End:
      out += " @end";
      break;
  }
  return out;
}

// Matchers in the order of their text, as the printer has them: their order means nothing.
std::string dump_selector(const VectorSelector& selector) {
  std::vector<std::string> parts;
  for (const Matcher& matcher : selector.matchers) {
    if (!selector.name.empty() && matcher.name() == kMetricName) continue;
    parts.push_back(matcher.to_string());
  }
  std::sort(parts.begin(), parts.end());
  if (!selector.name.empty()) parts.insert(parts.begin(), selector.name);
  std::string out = fmt::format("sel{{{}", join(parts, " "));
  if (selector.edges == RangeEdges::Anchored) out += " anchored";
  if (selector.edges == RangeEdges::Smoothed) out += " smoothed";
  return out + dump_shift(selector.shift) + "}";
}

std::string dump_matching(const VectorMatching& matching) {
  std::string out;
  if (matching.on || !matching.labels.empty()) {
    out += fmt::format(" {}({})", matching.on ? "on" : "ignoring", join(matching.labels, ","));
  }
  if (matching.card == Cardinality::ManyToOne) {
    out += fmt::format(" group_left({})", join(matching.include, ","));
  } else if (matching.card == Cardinality::OneToMany) {
    out += fmt::format(" group_right({})", join(matching.include, ","));
  }
  if (matching.fill_left) out += fmt::format(" fill_left({})", number(*matching.fill_left));
  if (matching.fill_right) out += fmt::format(" fill_right({})", number(*matching.fill_right));
  return out;
}

struct Dumper {
  std::string operator()(const NumberLiteral& node) const {
    return number(node.value) + (node.is_duration ? "s" : "");
  }
  std::string operator()(const StringLiteral& node) const { return quote(node.value); }
  std::string operator()(const VectorSelector& node) const { return dump_selector(node); }
  std::string operator()(const MatrixSelector& node) const {
    return fmt::format("matrix{{{} {}}}", dump(*node.selector), dump_duration(*node.range));
  }
  std::string operator()(const Subquery& node) const {
    return fmt::format("subquery{{{} {}:{}{}}}", dump(*node.expr), dump_duration(*node.range),
                       node.step ? dump_duration(*node.step) : "", dump_shift(node.shift));
  }
  std::string operator()(const Call& node) const {
    std::string out = fmt::format("call{{{}", node.function->name);
    for (const ExprPtr& argument : node.args) out += " " + dump(*argument);
    return out + "}";
  }
  std::string operator()(const Aggregate& node) const {
    std::string out = fmt::format("agg{{{}", to_string(node.op));
    if (node.without)
      out += fmt::format(" without({})", join(node.grouping, ","));
    else if (!node.grouping.empty())
      out += fmt::format(" by({})", join(node.grouping, ","));
    if (node.param) out += " " + dump(*node.param);
    return fmt::format("{} {}}}", out, dump(*node.expr));
  }
  std::string operator()(const Binary& node) const {
    return fmt::format("bin{{{}{}{} {} {}}}", to_string(node.op), node.return_bool ? " bool" : "",
                       node.matching ? dump_matching(*node.matching) : "", dump(*node.left),
                       dump(*node.right));
  }
  std::string operator()(const Unary& node) const {
    return fmt::format("unary{{{} {}}}", node.negate ? '-' : '+', dump(*node.expr));
  }
  std::string operator()(const Paren& node) const {
    return fmt::format("paren{{{}}}", dump(*node.expr));
  }
};

}  // namespace

std::string dump(const Expr& expr) {
  return std::visit(Dumper{}, expr.node);
}

}  // namespace promenade::promql
