// engine/promql/lint/rules_label.cc
// Labels: sides of an operator that find no partner, groupings by what isn't there, and
// label_replace() that changes nothing.
#include <fmt/format.h>
#include <re2/re2.h>

#include <algorithm>
#include <set>

#include "base/strings.h"
#include "promql/lint/label_facts.h"

namespace promenade::promql::lint_rules_detail {
namespace {

// A grouping that makes more groups than this is hardly for reading.
constexpr size_t kGroupsMax = 500;

using Names = std::vector<std::string>;

// A label that one side always has, the other never, and that has to be equal on both.
struct Mismatch {
  std::string label;
  bool is_on_left;
};

std::optional<Mismatch> mismatch_in(const Names& labels, const LabelFacts& left,
                                    const LabelFacts& right) {
  for (const std::string& label : labels) {
    if (contains(left.always, label) && !right.may_have(label)) return Mismatch{label, true};
    if (contains(right.always, label) && !left.may_have(label)) return Mismatch{label, false};
  }
  return std::nullopt;
}

std::optional<Mismatch> find_mismatch(const VectorMatching& matching, const LabelFacts& left,
                                      const LabelFacts& right) {
  if (matching.on) return mismatch_in(matching.labels, left, right);
  Names compared = left.always;
  compared.insert(compared.end(), right.always.begin(), right.always.end());
  const auto is_ignored = [&](const std::string& label) {
    return contains(matching.labels, label);
  };
  compared.erase(std::remove_if(compared.begin(), compared.end(), is_ignored), compared.end());
  return mismatch_in(compared, left, right);
}

bool is_subset(const Names& inner, const Names& outer) {
  return std::all_of(inner.begin(), inner.end(),
                     [&](const std::string& name) { return contains(outer, name); });
}

// on(...) with all labels of the side that has fewer, where those are known.
std::optional<TextEdit> match_on_fewer(const Site& site, const Binary& binary,
                                       const LabelFacts& left, const LabelFacts& right) {
  if (binary.matching->on || !binary.matching->labels.empty()) return std::nullopt;
  if (!left.possible || !right.possible) return std::nullopt;
  const bool is_right_fewer = is_subset(*right.possible, *left.possible);
  if (!is_right_fewer && !is_subset(*left.possible, *right.possible)) return std::nullopt;
  Names labels;
  for (const std::string& label : is_right_fewer ? *right.possible : *left.possible) {
    labels.push_back(written_label(label));
  }
  std::sort(labels.begin(), labels.end());
  std::string text = fmt::format(" on ({})", join(labels, ", "));
  if (!is_set_operator(binary.op)) text += is_right_fewer ? " group_left ()" : " group_right ()";
  const uint32_t at = bool_text(site.query, binary).value_or(binary.op_span).end;
  return insert(at, std::move(text));
}

void operator_finds_nothing(const Site& site, Remarks& remarks) {
  const auto* binary = site.expr.as<Binary>();
  if (!binary || !binary->matching || binary->op == BinaryOp::Or) return;
  const VectorMatching& matching = *binary->matching;
  if (matching.fill_left || matching.fill_right) return;
  const LabelFacts left = label_facts(site, *binary->left);
  const LabelFacts right = label_facts(site, *binary->right);
  const auto mismatch = find_mismatch(matching, left, right);
  if (!mismatch) return;
  remarks.add(
      binary->op_span,
      fmt::format("only elements with equal labels meet: the {} side has the label {}, the "
                  "{} side never has it, so {}",
                  mismatch->is_on_left ? "left" : "right", quote(mismatch->label),
                  mismatch->is_on_left ? "right" : "left",
                  binary->op == BinaryOp::Unless ? "nothing is taken away" : "the result is empty"),
      match_on_fewer(site, *binary, left, right));
}

void grouping_by_missing_label(const Site& site, Remarks& remarks) {
  const auto* aggregate = site.expr.as<Aggregate>();
  if (!aggregate || aggregate->grouping.empty()) return;
  const LabelFacts facts = label_facts(site, *aggregate->expr);
  const auto list = grouping_text(site.query, site.expr);
  for (size_t i = 0; i < aggregate->grouping.size(); ++i) {
    const std::string& label = aggregate->grouping[i];
    if (facts.may_have(label) || label == kMetricName || !list) continue;
    std::string message = fmt::format("nothing in here has the label {}", quote(label));
    std::optional<TextEdit> edit;
    if (facts.possible) {
      const std::vector<std::string_view> views(facts.possible->begin(), facts.possible->end());
      if (const auto near = nearest(label, views)) {
        message += fmt::format("; did you mean {}?", *near);
        edit = replace(list->labels[i], written_label(*near));
      }
    }
    remarks.add(list->labels[i], std::move(message), std::move(edit));
  }
}

// a * on (x) group_left (y) b, where b has no y.
void include_of_missing_label(const Site& site, Remarks& remarks) {
  const auto* binary = site.expr.as<Binary>();
  if (!binary || !binary->matching || binary->matching->include.empty()) return;
  const bool is_right_one = binary->matching->card == Cardinality::ManyToOne;
  const LabelFacts one = label_facts(site, is_right_one ? *binary->right : *binary->left);
  for (const std::string& label : binary->matching->include) {
    if (one.may_have(label)) continue;
    remarks.add(binary->op_span,
                fmt::format("group_{} takes the label {} from the {} side, which doesn't have it",
                            is_right_one ? "left" : "right", quote(label),
                            is_right_one ? "right" : "left"));
  }
}

// sum by (job) (x) or vector(0)
void or_adds_an_element(const Site& site, Remarks& remarks) {
  const auto* binary = site.expr.as<Binary>();
  if (!binary || binary->op != BinaryOp::Or || binary->matching->on) return;
  if (!as_call(*binary->right, "vector") || !binary->matching->labels.empty()) return;
  // Where everything is aggregated to one, an element without labels does no harm.
  const auto* above = site.parent() ? site.parent()->as<Aggregate>() : nullptr;
  if (above && above->grouping.empty()) return;
  const LabelFacts left = label_facts(site, *binary->left);
  if (left.always.empty()) return;
  remarks.add(site.expr.span,
              fmt::format("vector() has no labels and the left side has {}, so it doesn't stand in "
                          "for a missing element but is one more, always",
                          quote(left.always.front())));
}

size_t group_count(const std::vector<const Labels*>& series, const Names& grouping) {
  std::set<std::string> groups;
  for (const Labels* labels : series) {
    std::string key;
    for (const std::string& label : grouping) {
      key += labels->get(label);
      key += '\0';
    }
    groups.insert(std::move(key));
  }
  return groups.size();
}

// The only selector below the expression, when operands don't join others.
const VectorSelector* only_selector(const Expr& expr) {
  if (const VectorSelector* selector = as_selector(expr)) return selector;
  const auto* call = strip_parens(expr).as<Call>();
  if (!call || call->args.size() != 1) return nullptr;
  return only_selector(*call->args[0]);
}

void many_groups(const Site& site, Remarks& remarks) {
  const auto* aggregate = site.expr.as<Aggregate>();
  if (!aggregate || aggregate->without || aggregate->grouping.empty() || aggregate->param) return;
  // An aggregation above makes few of many again.
  if (site.parent() && site.parent()->as<Aggregate>()) return;
  const VectorSelector* selector = only_selector(*aggregate->expr);
  if (!selector) return;
  const auto series = site.knowledge.series(selector->matchers);
  if (!series || series->size() <= kGroupsMax) return;
  const size_t count = group_count(*series, aggregate->grouping);
  if (count <= kGroupsMax) return;
  remarks.add(
      site.expr.span,
      fmt::format("this makes {} groups of {} series; group by a label with fewer values, or "
                  "keep the largest with topk()",
                  count, series->size()));
}

// How many groups the pattern captures; nothing when it isn't valid.
std::optional<int> captures(const std::string& pattern) {
  const auto regex = compile_anchored(pattern);
  if (!regex) return std::nullopt;
  return (*regex)->NumberOfCapturingGroups();
}

// The largest n of $n and ${n}.
int largest_reference(std::string_view replacement) {
  int largest = 0;
  for (size_t i = 0; i + 1 < replacement.size(); ++i) {
    if (replacement[i] != '$') continue;
    if (replacement[i + 1] == '$') {
      ++i;
      continue;
    }
    const size_t digits = i + (replacement[i + 1] == '{' ? 2 : 1);
    size_t end = digits;
    while (end < replacement.size() && replacement[end] >= '0' && replacement[end] <= '9') ++end;
    if (end > digits && end - digits < 4) {
      largest = std::max(largest, std::stoi(std::string(replacement.substr(digits, end - digits))));
    }
  }
  return largest;
}

void label_replace_group(const Site& site, Remarks& remarks) {
  if (!site.expr.as<Call>()) return;
  const Call* call = as_call(site.expr, "label_replace");
  if (!call) return;
  const std::string* replacement = as_string(*call->args[2]);
  const std::string* pattern = as_string(*call->args[4]);
  if (!replacement || !pattern) return;
  const auto count = captures(*pattern);
  const int largest = largest_reference(*replacement);
  if (!count || largest <= *count) return;
  remarks.add(
      call->args[2]->span,
      fmt::format("the replacement uses ${}, and the pattern has fewer groups in parentheses, so "
                  "this part is empty",
                  largest));
}

void label_replace_without_match(const Site& site, Remarks& remarks) {
  if (!site.expr.as<Call>()) return;
  const Call* call = as_call(site.expr, "label_replace");
  if (!call) return;
  const VectorSelector* selector = only_selector(*call->args[0]);
  const std::string* source = as_string(*call->args[3]);
  const std::string* pattern = as_string(*call->args[4]);
  if (!selector || !source || !pattern) return;
  const auto series = site.knowledge.series(selector->matchers);
  const auto matcher = Matcher::create(MatchType::Regex, *source, *pattern);
  if (!series || series->empty() || !matcher) return;
  const bool matches = std::any_of(series->begin(), series->end(), [&](const Labels* labels) {
    return matcher->matches(labels->get(*source));
  });
  if (matches) return;
  const std::string_view example = series->front()->get(*source);
  remarks.add(
      call->args[4]->span,
      fmt::format("no value of {} matches this pattern, which has to match the whole value, so "
                  "nothing is changed; {}",
                  quote(*source),
                  example.empty() ? std::string("nothing here has this label")
                                  : fmt::format("one of them is {}", quote(example))));
}

constexpr Rule kRules[] = {
    {"operator-finds-nothing", LintSeverity::Warning, operator_finds_nothing},
    {"grouping-by-missing-label", LintSeverity::Warning, grouping_by_missing_label},
    {"include-of-missing-label", LintSeverity::Warning, include_of_missing_label},
    {"or-adds-an-element", LintSeverity::Info, or_adds_an_element},
    {"many-groups", LintSeverity::Info, many_groups},
    {"label-replace-group", LintSeverity::Warning, label_replace_group},
    {"label-replace-without-match", LintSeverity::Warning, label_replace_without_match},
};

}  // namespace

std::span<const Rule> label_rules() {
  return kRules;
}

}  // namespace promenade::promql::lint_rules_detail
