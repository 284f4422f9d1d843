// engine/grading/mutants.cc
// A walk over the tree; for each kind of node a list of texts that could stand in its place.
#include "grading/mutants.h"

#include <algorithm>
#include <set>

#include "base/strings.h"
#include "grading/text_edit.h"
#include "model/duration.h"
#include "model/labels.h"
#include "model/number_format.h"
#include "promql/functions/functions.h"
#include "promql/parser/printer.h"

namespace promenade::grading {
namespace {

using promql::AggregateOp;
using promql::BinaryOp;
using promql::Expr;

// A change's name with all that is said about it.
struct Change {
  std::string_view name;
  std::string_view code;
  std::string_view advice;
  std::string_view needs;
};

constexpr Change kFunction{"function", "MC08",
                           "Look at the function again: what does it make of "
                           "the samples in the window?",
                           "a counter that restarts, a gauge that falls, or bursts"};
constexpr Change kGaugeFunction{"gauge function", "MC09",
                                "Counters and gauges have functions of their own. Which one is "
                                "this metric?",
                                "a counter that restarts inside the window, or a gauge that falls"};
constexpr Change kIrate{"irate", "MC59", "`irate` looks at two samples only.",
                        "load that is not the same all the time"};
constexpr Change kNoFunction{"no function", "MC05",
                             "A counter's value is the total since its start; something has to "
                             "make a speed of it.",
                             "counters that do not start at zero"};
constexpr Change kWindow{"window", "MC07",
                         "Only the window in the square brackets is not the one "
                         "that was asked for.",
                         "load that changes within some minutes"};
constexpr Change kNoMatcher{"matcher left out", "MC28",
                            "The selector lets through series that were not meant: which condition "
                            "is missing?",
                            "series that the condition keeps out"};
constexpr Change kMatcher{"matcher", "MC19", "Look at the conditions in the braces, one by one.",
                          "series on both sides of the condition"};
constexpr Change kOffset{"offset", "MC26", "Look at which time each selector looks at.",
                         "values that change over the offset"};
constexpr Change kAggregation{"aggregation", "MC23",
                              "The right groups, but another way to make one value of each.",
                              "groups of several unequal series"};
constexpr Change kCount{"count", "MC18",
                        "`count` tells how many series there are; `sum` adds up "
                        "what they say.",
                        "values other than 1"};
constexpr Change kGrouping{"grouping", "MC23",
                           "Compare the labels of your result with those that were asked for.",
                           "several values of every label"};
constexpr Change kLe{"le lost", "MC10",
                     "The buckets are told apart by `le`. Is it still there when "
                     "the quantile is taken?",
                     "observations in several buckets"};
constexpr Change kNoAggregation{"no aggregation", "MC23",
                                "There is still one value for each series; which ones belong "
                                "together?",
                                "groups of several series"};
constexpr Change kSumFirst{"sum before rate", "MC06",
                           "`rate` has to see each counter by itself, before anything is added up.",
                           "a restart inside the window"};
constexpr Change kMeanOfRatios{"mean of ratios", "MC11",
                               "Add up both sides first, and divide then.",
                               "instances with unequal traffic and unequal shares"};
constexpr Change kMeanOfQuantiles{"mean of quantiles", "MC11",
                                  "Quantiles cannot be averaged: add the buckets up first.",
                                  "instances with unequal latencies"};
constexpr Change kOperator{"operator", "MC22", "Look at the operator between the two sides.",
                           "sides that are not 0 or 1"};
constexpr Change kSides{"sides swapped", "MC22", "Which side is divided by which?",
                        "sides that differ"};
constexpr Change kSideLost{"side left out", "MC22", "One side of the calculation is missing.",
                           "another side that matters"};
constexpr Change kComparison{"comparison", "MC17",
                             "Look at the comparison: which values does it "
                             "keep?",
                             "values on both sides of the threshold, and exactly on it"};
constexpr Change kBool{"bool", "MC17", "A comparison filters; with `bool` it gives 0 and 1.",
                       "values on both sides of the threshold"};
constexpr Change kSetOperator{
    "set operator", "MC24",
    "`and`, `or` and `unless` keep series by their labels. Which ones are "
    "wanted?",
    "series on one side only"};
constexpr Change kMatching{"matching", "MC16", "Which labels do the two sides have in common?",
                           "labels that only one side has"};
constexpr Change kNumber{"number", "MC22", "One of the numbers is not the one that was asked for.",
                         "values that the number makes a difference to"};

class MutantMaker {
 public:
  explicit MutantMaker(std::string_view query) : editor_(query) {}

  std::vector<Mutant> make() {
    if (editor_.root() == nullptr) return {};
    seen_.insert(editor_.text());
    walk(*editor_.root(), nullptr);
    return std::move(mutants_);
  }

 private:
  void add(const Expr& node, const std::string& text, const Change& change) {
    std::string query = editor_.replaced(node, text);
    if (query.empty() || !seen_.insert(query).second) return;
    mutants_.push_back({std::move(query), change.name, change.code, change.advice, change.needs});
  }
  std::string text(const Expr& node) const { return std::string(editor_.text(node)); }

  // `parent` is null for the root.
  void walk(const Expr& node, const Expr* parent) {
    if (const auto* call = node.as<promql::Call>()) change_call(node, *call);
    if (const auto* aggregate = node.as<promql::Aggregate>()) change_aggregate(node, *aggregate);
    if (const auto* binary = node.as<promql::Binary>()) change_binary(node, *binary);
    if (const auto* matrix = node.as<promql::MatrixSelector>()) change_window(node, *matrix);
    if (const auto* subquery = node.as<promql::Subquery>()) change_subquery(node, *subquery);
    if (const auto* number = node.as<promql::NumberLiteral>()) change_number(node, *number);
    const bool is_windowed = parent != nullptr && parent->as<promql::MatrixSelector>() != nullptr;
    if (const auto* selector = node.as<promql::VectorSelector>(); selector && !is_windowed) {
      change_selector(node, *selector, "");
    }
    for (const Expr* child : children(node)) walk(*child, &node);
  }

  // --- functions

  void rename(const Expr& node, const promql::Call& call, std::string_view name,
              const Change& change) {
    std::string arguments;
    for (const promql::ExprPtr& argument : call.args) {
      arguments += (arguments.empty() ? "" : ", ") + text(*argument);
    }
    add(node, std::string(name) + "(" + arguments + ")", change);
  }

  void change_call(const Expr& node, const promql::Call& call) {
    struct Others {
      std::string_view of;
      std::vector<std::string_view> names;
      const Change* change;
    };
    static const Others kOthers[] = {
        {"rate", {"increase"}, &kFunction},
        {"rate", {"irate"}, &kIrate},
        {"rate", {"delta", "deriv", "avg_over_time"}, &kGaugeFunction},
        {"increase", {"rate"}, &kFunction},
        {"increase", {"irate"}, &kIrate},
        {"increase", {"delta", "changes"}, &kGaugeFunction},
        {"irate", {"rate", "increase"}, &kFunction},
        {"delta", {"increase", "deriv"}, &kGaugeFunction},
        {"deriv", {"rate", "delta"}, &kGaugeFunction},
        {"changes", {"resets", "delta"}, &kGaugeFunction},
        {"resets", {"changes"}, &kGaugeFunction},
        {"avg_over_time",
         {"max_over_time", "min_over_time", "sum_over_time", "last_over_time"},
         &kFunction},
        {"max_over_time",
         {"avg_over_time", "min_over_time", "sum_over_time", "last_over_time"},
         &kFunction},
        {"min_over_time", {"avg_over_time", "max_over_time", "last_over_time"}, &kFunction},
        {"sum_over_time", {"avg_over_time", "count_over_time"}, &kFunction},
        {"count_over_time", {"sum_over_time", "changes"}, &kFunction},
        {"clamp_max", {"clamp_min"}, &kFunction},
        {"clamp_min", {"clamp_max"}, &kFunction},
        {"sort", {"sort_desc"}, &kFunction},
        {"sort_desc", {"sort"}, &kFunction},
    };
    for (const Others& others : kOthers) {
      if (call.function->name != others.of) continue;
      for (const std::string_view name : others.names) rename(node, call, name, *others.change);
    }
    drop_call(node, call);
    if (call.function->name == "histogram_quantile") mean_of_quantiles(node, call);
  }

  // f(x[5m]) -> x, f(x) -> x.
  void drop_call(const Expr& node, const promql::Call& call) {
    if (call.args.size() != 1) return;
    const Expr& argument = *call.args.front();
    if (const auto* matrix = argument.as<promql::MatrixSelector>()) {
      const auto* selector = matrix->selector->as<promql::VectorSelector>();
      add(node, selector_text(*selector, matcher_texts(*selector)) + shift_text(selector->shift),
          kNoFunction);
    } else if (argument.type == promql::ValueType::Vector) {
      add(node, "(" + text(argument) + ")", kNoFunction);
    }
  }

  // The quantile for each instance, and the mean of those.
  void mean_of_quantiles(const Expr& node, const promql::Call& call) {
    const auto* sum = promql::strip_parens(*call.args[1]).as<promql::Aggregate>();
    if (sum == nullptr || sum->without) return;
    std::vector<std::string> kept = sum->grouping;
    kept.erase(std::remove(kept.begin(), kept.end(), kBucketLabel), kept.end());
    std::vector<std::string> finer = sum->grouping;
    if (std::find(finer.begin(), finer.end(), "instance") != finer.end()) return;
    finer.push_back("instance");
    const std::string quantile = "histogram_quantile(" + text(*call.args[0]) + ", " +
                                 aggregate_text("sum", finer, false, "", text(*sum->expr)) + ")";
    add(node, aggregate_text("avg", kept, false, "", quantile), kMeanOfQuantiles);
    add(node, aggregate_text("max", kept, false, "", quantile), kMeanOfQuantiles);
  }

  // --- windows

  void change_window(const Expr& node, const promql::MatrixSelector& matrix) {
    const auto& selector = *matrix.selector->as<promql::VectorSelector>();
    const std::string range = "[" + promql::to_string(*matrix.range) + "]";
    if (matrix.range->kind == promql::DurationExpr::Kind::Literal) {
      const std::string head = selector_text(selector, matcher_texts(selector));
      const std::string shift = shift_text(selector.shift);
      for (const double factor : {0.5, 2.0, 4.0}) {
        const auto ms = static_cast<int64_t>(matrix.range->seconds * factor * 1000);
        const std::string other = format_duration(Duration::milliseconds(ms));
        add(node, head + "[" + other + "]" + shift, kWindow);
      }
    }
    change_selector(node, selector, range);
  }

  void change_subquery(const Expr& node, const promql::Subquery& subquery) {
    if (subquery.range->kind != promql::DurationExpr::Kind::Literal) return;
    const std::string step = subquery.step ? promql::to_string(*subquery.step) : "";
    for (const double factor : {0.5, 2.0}) {
      const auto ms = static_cast<int64_t>(subquery.range->seconds * factor * 1000);
      add(node,
          text(*subquery.expr) + "[" + format_duration(Duration::milliseconds(ms)) + ":" + step +
              "]" + shift_text(subquery.shift),
          kWindow);
    }
  }

  // --- selectors

  // `range` is the window with its brackets, or "".
  void change_selector(const Expr& node, const promql::VectorSelector& selector,
                       const std::string& range) {
    const std::vector<std::string> matchers = matcher_texts(selector);
    const std::string shift = shift_text(selector.shift);
    const auto with = [&](const std::vector<std::string>& changed, const std::string& moved) {
      return selector_text(selector, changed) + range + moved;
    };
    size_t place = 0;
    for (const Matcher& matcher : selector.matchers) {
      if (place == matchers.size() || matchers[place] != matcher.to_string()) continue;
      std::vector<std::string> fewer = matchers;
      fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(place));
      add(node, with(fewer, shift), kNoMatcher);
      for (const std::string& other : changed_matcher(matcher)) {
        std::vector<std::string> changed = matchers;
        changed[place] = other;
        add(node, with(changed, shift), kMatcher);
      }
      ++place;
    }
    if (selector.shift.offset != nullptr && selector.shift.at == promql::TimeShift::At::None) {
      add(node, with(matchers, ""), kOffset);
      const double seconds = selector.shift.offset->seconds;
      const auto ms = static_cast<int64_t>(seconds * 500);
      if (ms > 0) {
        add(node, with(matchers, " offset " + format_duration(Duration::milliseconds(ms))),
            kOffset);
      }
    } else if (selector.shift.at == promql::TimeShift::At::None) {
      add(node, with(matchers, " offset 10m"), kOffset);
    }
  }

  static std::vector<std::string> changed_matcher(const Matcher& matcher) {
    const std::string value = quote(matcher.value());
    const std::string& name = matcher.name();
    switch (matcher.type()) {
      case MatchType::Equal:
        return {name + "!=" + value};
      case MatchType::NotEqual:
        return {name + "=" + value};
      case MatchType::NotRegex:
        return {name + "=~" + value};
      case MatchType::Regex:
        break;
    }
    std::vector<std::string> changed = {name + "!~" + value, name + "=" + value};
    std::string literal = matcher.value();
    for (const std::string_view part : {".*", ".+"}) {
      for (size_t at = literal.find(part); at != std::string::npos; at = literal.find(part)) {
        literal.erase(at, part.size());
      }
    }
    if (literal != matcher.value() && !literal.empty()) {
      changed.push_back(name + "=~" + quote(literal));
    }
    if (matcher.value() == "5..") {
      changed.push_back(name + "=\"500\"");
      changed.push_back(name + "=~\"4..\"");
      changed.push_back(name + "=~\"4..|5..\"");
      changed.push_back(name + "!=\"200\"");
    }
    return changed;
  }

  // --- aggregations

  void change_aggregate(const Expr& node, const promql::Aggregate& aggregate) {
    const std::string param = aggregate.param ? text(*aggregate.param) : "";
    const std::string operand = text(*aggregate.expr);
    const std::string name(to_string(aggregate.op));
    const auto with = [&](std::string_view op, const std::vector<std::string>& grouping,
                          bool without) {
      return aggregate_text(op, grouping, without, param, operand);
    };
    for (const std::string_view other : others_than(aggregate.op)) {
      add(node, with(other, aggregate.grouping, aggregate.without),
          other == "count" ? kCount : kAggregation);
    }
    for (size_t i = 0; i < aggregate.grouping.size(); ++i) {
      std::vector<std::string> fewer = aggregate.grouping;
      const bool is_le = fewer[i] == kBucketLabel && !aggregate.without;
      fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(i));
      add(node, with(name, fewer, aggregate.without), is_le ? kLe : kGrouping);
    }
    add(node, with(name, {}, false), kGrouping);
    if (!aggregate.grouping.empty()) {
      add(node, with(name, aggregate.grouping, !aggregate.without), kGrouping);
    }
    if (!aggregate.without) {
      std::vector<std::string> finer = aggregate.grouping;
      if (std::find(finer.begin(), finer.end(), "instance") == finer.end()) {
        finer.push_back("instance");
        add(node, with(name, finer, false), kGrouping);
      }
    }
    add(node, "(" + operand + ")", kNoAggregation);
    sum_before_rate(node, aggregate);
  }

  static std::vector<std::string_view> others_than(AggregateOp op) {
    switch (op) {
      case AggregateOp::Sum:
        return {"avg", "max", "min", "count"};
      case AggregateOp::Avg:
        return {"sum", "max", "min"};
      case AggregateOp::Count:
        return {"sum", "group"};
      case AggregateOp::Max:
        return {"min", "avg", "sum"};
      case AggregateOp::Min:
        return {"max", "avg", "sum"};
      case AggregateOp::Topk:
        return {"bottomk", "limitk"};
      case AggregateOp::Bottomk:
        return {"topk"};
      default:
        return {};
    }
  }

  // sum(rate(x[5m])) -> rate(sum(x)[5m:15s])
  void sum_before_rate(const Expr& node, const promql::Aggregate& aggregate) {
    const auto* call = promql::strip_parens(*aggregate.expr).as<promql::Call>();
    if (call == nullptr || call->args.size() != 1 || aggregate.param) return;
    const auto* matrix = call->args.front()->as<promql::MatrixSelector>();
    if (matrix == nullptr) return;
    const auto& selector = *matrix->selector->as<promql::VectorSelector>();
    if (selector.shift.offset != nullptr || selector.shift.at != promql::TimeShift::At::None)
      return;
    const std::string sum =
        aggregate_text(to_string(aggregate.op), aggregate.grouping, aggregate.without, "",
                       selector_text(selector, matcher_texts(selector)));
    add(node,
        std::string(call->function->name) + "(" + sum + "[" + promql::to_string(*matrix->range) +
            ":15s])",
        kSumFirst);
  }

  // --- operators

  void change_binary(const Expr& node, const promql::Binary& binary) {
    const std::string left = text(*binary.left);
    const std::string right = text(*binary.right);
    const std::string_view whole = editor_.text(node);
    // What stands between the operands, without the operator: bool, on(...), group_left(...).
    const std::string_view op = to_string(binary.op);
    const size_t after_op = binary.op_span.end - node.span.begin;
    const std::string modifiers(
        whole.substr(after_op, binary.right->span.begin - node.span.begin - after_op));
    const auto with = [&](std::string_view other, const std::string& middle) {
      return left + " " + std::string(other) + middle + right;
    };
    if (promql::is_set_operator(binary.op)) {
      for (const std::string_view other : {"and", "or", "unless"}) {
        if (other != op) add(node, "(" + with(other, modifiers) + ")", kSetOperator);
      }
    } else if (promql::is_comparison(binary.op)) {
      for (const std::string_view other : {">", ">=", "<", "<=", "==", "!="}) {
        if (other != op) add(node, "(" + with(other, modifiers) + ")", kComparison);
      }
      if (binary.return_bool) {
        add(node, "(" + left + " " + std::string(op) + " " + right + ")", kBool);
      } else {
        add(node, "(" + with(op, " bool" + modifiers) + ")", kBool);
      }
    } else {
      change_arithmetic(node, binary, with, modifiers);
    }
    if (!promql::is_comparison(binary.op)) {
      add(node, "(" + left + ")", kSideLost);
      add(node, "(" + right + ")", kSideLost);
    } else {
      add(node, "(" + left + ")", kSideLost);
    }
    if (trim(modifiers) != "" && !binary.return_bool)
      add(node, "(" + with(op, " ") + ")", kMatching);
    swap_group(node, left, std::string(op), modifiers, right);
  }

  template <typename With>
  void change_arithmetic(const Expr& node, const promql::Binary& binary, With with,
                         const std::string& modifiers) {
    const char* other = binary.op == BinaryOp::Div   ? "*"
                        : binary.op == BinaryOp::Mul ? "/"
                        : binary.op == BinaryOp::Add ? "-"
                        : binary.op == BinaryOp::Sub ? "+"
                                                     : nullptr;
    if (other == nullptr) return;
    add(node, "(" + with(other, modifiers) + ")", kOperator);
    if (binary.op == BinaryOp::Div || binary.op == BinaryOp::Sub) {
      add(node,
          "((" + text(*binary.right) + ") " + std::string(to_string(binary.op)) + modifiers + "(" +
              text(*binary.left) + "))",
          kSides);
    }
    if (binary.op == BinaryOp::Div) mean_of_ratios(node, binary);
  }

  // sum by (g) (a) / sum by (g) (b) -> avg by (g) (the same for each instance).
  void mean_of_ratios(const Expr& node, const promql::Binary& binary) {
    const auto* left = promql::strip_parens(*binary.left).as<promql::Aggregate>();
    const auto* right = promql::strip_parens(*binary.right).as<promql::Aggregate>();
    if (left == nullptr || right == nullptr || left->without || right->without) return;
    if (left->op != AggregateOp::Sum || right->op != AggregateOp::Sum) return;
    if (left->grouping != right->grouping) return;
    std::vector<std::string> finer = left->grouping;
    if (std::find(finer.begin(), finer.end(), "instance") != finer.end()) return;
    finer.push_back("instance");
    const std::string ratio = aggregate_text("sum", finer, false, "", text(*left->expr)) + " / " +
                              aggregate_text("sum", finer, false, "", text(*right->expr));
    add(node, aggregate_text("avg", left->grouping, false, "", ratio), kMeanOfRatios);
    add(node, aggregate_text("sum", left->grouping, false, "", ratio), kMeanOfRatios);
  }

  void swap_group(const Expr& node, const std::string& left, const std::string& op,
                  std::string modifiers, const std::string& right) {
    const size_t at = modifiers.find("group_left");
    const size_t other = modifiers.find("group_right");
    if (at != std::string::npos) {
      modifiers.replace(at, 10, "group_right");
    } else if (other != std::string::npos) {
      modifiers.replace(other, 11, "group_left");
    } else {
      return;
    }
    add(node, "(" + left + " " + op + modifiers + right + ")", kMatching);
  }

  void change_number(const Expr& node, const promql::NumberLiteral& number) {
    std::vector<double> others;
    if (number.value > 0 && number.value < 1) {
      others = {number.value / 2, 0.5, 0.99, number.value * 10};
    } else {
      others = {number.value * 2, number.value / 10, number.value + 1};
    }
    for (const double other : others) {
      if (other == number.value) continue;
      std::string digits;
      append_decimal(digits, other);
      add(node, digits, kNumber);
    }
  }

  QueryEditor editor_;
  std::set<std::string> seen_;
  std::vector<Mutant> mutants_;
};

}  // namespace

std::vector<Mutant> make_mutants(std::string_view query) {
  return MutantMaker(query).make();
}

}  // namespace promenade::grading
