// engine/promql/printer_pretty.cc
// An expression over several lines: a node whose one-line form is too long puts its children on
// lines of their own. After Prometheus's promql/parser/prettier.go.
#include <fmt/format.h>

#include <algorithm>

#include "promql/functions/functions.h"
#include "promql/parser/printer.h"
#include "promql/parser/printer_parts.h"

namespace promenade::promql {
namespace {

constexpr size_t kLineLengthMax = 100;

std::string pretty_at(const Expr& expr, int level);

std::string indent(int level) {
  return std::string(static_cast<size_t>(level) * 2, ' ');
}

std::string without_indent(const std::string& text) {
  return text.substr(std::min(text.find_first_not_of(' '), text.size()));
}

// How nodes that need to be split are split; leaves never are.
struct Splitter {
  const Expr& expr;
  int level;

  template <typename Leaf>
  std::string operator()(const Leaf&) const {
    return indent(level) + to_string(expr);
  }

  std::string operator()(const Subquery& node) const {
    return pretty_at(*node.expr, level) + subquery_suffix(node);
  }
  std::string operator()(const Call& node) const {
    std::string arguments;
    for (const ExprPtr& argument : node.args) {
      if (!arguments.empty()) arguments += ",\n";
      arguments += pretty_at(*argument, level + 1);
    }
    return fmt::format("{0}{1}(\n{2}\n{0})", indent(level), node.function->name, arguments);
  }
  std::string operator()(const Aggregate& node) const {
    const std::string param = node.param ? pretty_at(*node.param, level + 1) + ",\n" : "";
    return fmt::format("{0}{1}(\n{2}{3}\n{0})", indent(level), aggregate_head(node), param,
                       pretty_at(*node.expr, level + 1));
  }
  std::string operator()(const Binary& node) const {
    return fmt::format("{}\n{}{}\n{}", pretty_at(*node.left, level + 1), indent(level),
                       binary_operator_text(node), pretty_at(*node.right, level + 1));
  }
  std::string operator()(const Unary& node) const {
    return fmt::format("{}{}{}", indent(level), node.negate ? '-' : '+',
                       without_indent(pretty_at(*node.expr, level)));
  }
  std::string operator()(const Paren& node) const {
    return fmt::format("{0}(\n{1}\n{0})", indent(level), pretty_at(*node.expr, level + 1));
  }
};

std::string pretty_at(const Expr& expr, int level) {
  std::string line = to_string(expr);
  if (line.size() <= kLineLengthMax) return indent(level) + line;
  return std::visit(Splitter{expr, level}, expr.node);
}

}  // namespace

std::string pretty(const Expr& expr) {
  return pretty_at(expr, 0);
}

}  // namespace promenade::promql
