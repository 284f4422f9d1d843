// engine/grading/rewrites.cc
// Every rule holds for all data that have the store's label names; what would only nearly hold (the
// last digits of a sum apart) is left out.
#include "grading/rewrites.h"

#include <algorithm>
#include <cmath>
#include <set>

#include "base/strings.h"
#include "grading/text_edit.h"
#include "model/number_format.h"
#include "promql/functions/functions.h"
#include "promql/parser/printer.h"

namespace promenade::grading {
namespace {

using promql::BinaryOp;
using promql::Expr;

bool is_plain(std::string_view value) {
  return std::all_of(value.begin(), value.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '/' || c == ':';
  });
}

class RewriteMaker {
 public:
  RewriteMaker(std::string_view query, const Queryable& store) : editor_(query), store_(store) {}

  std::vector<std::string> make() {
    if (editor_.root() == nullptr) return {};
    walk(*editor_.root(), nullptr);
    return std::move(rewrites_);
  }

 private:
  void add(const Expr& node, const std::string& text) {
    std::string query =
        editor_.text().substr(0, node.span.begin) + text + editor_.text().substr(node.span.end);
    if (seen_.insert(query).second) rewrites_.push_back(std::move(query));
  }
  std::string text(const Expr& node) const { return std::string(editor_.text(node)); }

  void walk(const Expr& node, const Expr* parent) {
    const bool is_windowed = parent != nullptr && parent->as<promql::MatrixSelector>() != nullptr;
    const bool takes_parentheses = !is_windowed && node.as<promql::StringLiteral>() == nullptr;
    if (takes_parentheses) add(node, "(" + text(node) + ")");
    if (const auto* selector = node.as<promql::VectorSelector>(); selector && !is_windowed) {
      rewrite_selector(node, *selector, "");
    }
    if (const auto* matrix = node.as<promql::MatrixSelector>()) rewrite_window(node, *matrix);
    if (const auto* call = node.as<promql::Call>()) rewrite_call(node, *call);
    if (const auto* aggregate = node.as<promql::Aggregate>()) rewrite_aggregate(node, *aggregate);
    if (const auto* binary = node.as<promql::Binary>()) rewrite_binary(node, *binary);
    for (const Expr* child : children(node)) walk(*child, &node);
  }

  void rewrite_selector(const Expr& node, const promql::VectorSelector& selector,
                        const std::string& range) {
    const std::string behind = range + shift_text(selector.shift);
    std::vector<std::string> matchers = matcher_texts(selector);
    if (matchers.empty() && !selector.name.empty()) add(node, selector.name + "{}" + behind);
    if (matchers.size() > 1) {
      std::reverse(matchers.begin(), matchers.end());
      add(node, selector_text(selector, matchers) + behind);
      std::reverse(matchers.begin(), matchers.end());
    }
    if (!selector.name.empty()) {
      std::vector<std::string> all = matchers;
      all.push_back("__name__=" + quote(selector.name));
      add(node, "{" + join(all, ", ") + "}" + behind);
      all = matchers;
      all.insert(all.begin(), quote(selector.name));
      add(node, "{" + join(all, ", ") + "}" + behind);
      all = matchers;
      all.push_back("__name__=~" + quote(selector.name));
      add(node, "{" + join(all, ", ") + "}" + behind);
    }
    size_t place = 0;
    for (const Matcher& matcher : selector.matchers) {
      if (place == matchers.size() || matchers[place] != matcher.to_string()) continue;
      for (const std::string& other : same_matcher(matcher)) {
        std::vector<std::string> changed = matchers;
        changed[place] = other;
        add(node, selector_text(selector, changed) + behind);
      }
      ++place;
    }
    if (selector.shift.offset == nullptr && selector.shift.at == promql::TimeShift::At::None) {
      add(node, selector_text(selector, matchers) + range + " offset 0s");
    }
  }

  static std::vector<std::string> same_matcher(const Matcher& matcher) {
    const std::string& name = matcher.name();
    const std::string& value = matcher.value();
    switch (matcher.type()) {
      case MatchType::Equal:
        if (!is_plain(value)) return {};
        return {name + "=~" + quote(value), name + "=~" + quote("(" + value + ")"),
                name + "='" + value + "'"};
      case MatchType::NotEqual:
        if (!is_plain(value)) return {};
        return {name + "!~" + quote(value)};
      case MatchType::Regex:
        return {name + "=~" + quote("^(?:" + value + ")$"), name + "=~" + quote("(" + value + ")")};
      case MatchType::NotRegex:
        return {name + "!~" + quote("(" + value + ")")};
    }
    return {};
  }

  void rewrite_window(const Expr& node, const promql::MatrixSelector& matrix) {
    const auto& selector = *matrix.selector->as<promql::VectorSelector>();
    if (selector.edges != promql::RangeEdges::Default) return;
    const std::string range = "[" + promql::to_string(*matrix.range) + "]";
    rewrite_selector(node, selector, range);
    if (matrix.range->kind != promql::DurationExpr::Kind::Literal) return;
    const auto seconds = static_cast<int64_t>(std::llround(matrix.range->seconds));
    const std::string head = selector_text(selector, matcher_texts(selector));
    const std::string shift = shift_text(selector.shift);
    add(node, head + "[" + std::to_string(seconds) + "s]" + shift);
    add(node, head + "[" + std::to_string(seconds) + "]" + shift);
  }

  void rewrite_call(const Expr& node, const promql::Call& call) {
    if (call.args.size() != 1) return;
    const auto* matrix = call.args.front()->as<promql::MatrixSelector>();
    if (matrix == nullptr || matrix->range->kind != promql::DurationExpr::Kind::Literal) return;
    std::string seconds;
    append_decimal(seconds, matrix->range->seconds);
    const std::string window = text(*call.args.front());
    if (call.function->name == "rate") add(node, "(increase(" + window + ") / " + seconds + ")");
    if (call.function->name == "increase") add(node, "(rate(" + window + ") * " + seconds + ")");
  }

  void rewrite_aggregate(const Expr& node, const promql::Aggregate& aggregate) {
    const std::string op(to_string(aggregate.op));
    const std::string param = aggregate.param ? text(*aggregate.param) + ", " : "";
    const std::string operand = text(*aggregate.expr);
    const std::string inside = "(" + param + operand + ")";
    const std::string keyword = aggregate.without ? "without" : "by";
    std::vector<std::string> labels = aggregate.grouping;
    if (!labels.empty() || aggregate.without) {
      add(node, op + inside + " " + keyword + " (" + join(labels, ", ") + ")");
      add(node, op + " " + keyword + " (" + join(labels, ", ") + ",) " + inside);
    } else {
      add(node, op + " by () " + inside);
    }
    if (labels.size() > 1) {
      std::reverse(labels.begin(), labels.end());
      add(node, op + " " + keyword + " (" + join(labels, ", ") + ") " + inside);
    }
    if (!aggregate.without && !aggregate.param) by_to_without(node, aggregate, op, inside);
    if (aggregate.op == promql::AggregateOp::Avg) {
      const std::string group = labels.empty() && !aggregate.without
                                    ? " "
                                    : " " + keyword + " (" + join(labels, ", ") + ") ";
      add(node, "(sum" + group + inside + " / count" + group + inside + ")");
    }
  }

  // Every label that the series have and that is not kept. Only where the operand has the labels of
  // one selector: a function of it.
  void by_to_without(const Expr& node, const promql::Aggregate& aggregate, const std::string& op,
                     const std::string& inside) {
    const Expr* at = aggregate.expr.get();
    while (at->as<promql::VectorSelector>() == nullptr) {
      const auto* call = at->as<promql::Call>();
      const bool is_simple =
          at->as<promql::Paren>() != nullptr || at->as<promql::MatrixSelector>() != nullptr ||
          (call != nullptr && call->args.size() == 1 && call->function->name != "absent");
      if (!is_simple) return;
      at = children(*at).front();
    }
    const auto names = store_.label_names(at->as<promql::VectorSelector>()->matchers, kAllTime);
    if (!names || names->empty()) return;
    std::vector<std::string> dropped;
    for (const std::string& name : *names) {
      const auto& kept = aggregate.grouping;
      if (name == kMetricName || std::find(kept.begin(), kept.end(), name) != kept.end()) continue;
      dropped.push_back(name);
    }
    // A label that no series here has: removing it changes nothing.
    dropped.push_back("pod");
    add(node, op + " without (" + join(dropped, ", ") + ") " + inside);
  }

  void rewrite_binary(const Expr& node, const promql::Binary& binary) {
    const bool has_groups =
        binary.matching && binary.matching->card != promql::Cardinality::OneToOne;
    const bool is_between_vectors = binary.matching.has_value();
    const std::string left = "(" + text(*binary.left) + ")";
    const std::string right = "(" + text(*binary.right) + ")";
    const bool commutes = binary.op == BinaryOp::Add || binary.op == BinaryOp::Mul;
    if (commutes && !has_groups) {
      add(node, "(" + right + " " + middle(node, binary) + left + ")");
    }
    if (promql::is_comparison(binary.op) && !is_between_vectors) {
      add(node, "(" + right + " " + std::string(to_string(promql::mirrored(binary.op))) +
                    (binary.return_bool ? " bool " : " ") + left + ")");
    }
    const auto* divisor = promql::strip_parens(*binary.right).as<promql::NumberLiteral>();
    if (binary.op == BinaryOp::Div && divisor != nullptr && divisor->value != 0) {
      add(node, "(" + left + " * (1 / " + right + "))");
    }
    add(node, "(" + left + " " + middle(node, binary) + right + ")");
  }

  // The operator with its modifiers.
  std::string middle(const Expr& node, const promql::Binary& binary) const {
    const std::string_view whole = editor_.text(node);
    const size_t begin = binary.op_span.begin - node.span.begin;
    return std::string(whole.substr(begin, binary.right->span.begin - node.span.begin - begin));
  }

  QueryEditor editor_;
  const Queryable& store_;
  std::set<std::string> seen_;
  std::vector<std::string> rewrites_;
};

}  // namespace

std::vector<std::string> make_rewrites(std::string_view query, const Queryable& store) {
  return RewriteMaker(query, store).make();
}

}  // namespace promenade::grading
