// engine/promql/lint/label_facts.cc
// The labels of a node from those of its children, by the rules of each kind of node
// (https://prometheus.io/docs/prometheus/latest/querying/operators/).
#include "promql/lint/label_facts.h"

#include <algorithm>

namespace promenade::promql::lint_rules_detail {
namespace {

using Names = std::vector<std::string>;

void add(Names& names, std::string_view name) {
  if (!contains(names, name)) names.emplace_back(name);
}
void remove(Names& names, std::string_view name) {
  names.erase(std::remove(names.begin(), names.end(), name), names.end());
}
Names intersection(const Names& a, const Names& b) {
  Names both;
  for (const std::string& name : a) {
    if (contains(b, name)) both.push_back(name);
  }
  return both;
}

LabelFacts no_labels() {
  LabelFacts facts;
  facts.possible = Names();
  return facts;
}

void forget(LabelFacts& facts, const std::string& label) {
  remove(facts.always, label);
  if (facts.possible) remove(*facts.possible, label);
  add(facts.never, label);
}

// A label that elements may have got from elsewhere.
void allow(LabelFacts& facts, const std::string& label, bool is_certain) {
  remove(facts.never, label);
  if (facts.possible) add(*facts.possible, label);
  is_certain ? add(facts.always, label) : remove(facts.always, label);
}

LabelFacts facts_of_series(const std::vector<const Labels*>& series) {
  LabelFacts facts = no_labels();
  for (const Labels* labels : series) {
    Names names;
    for (const Label& label : *labels) {
      if (label.name != kMetricName) names.emplace_back(label.name);
    }
    for (const std::string& name : names) add(*facts.possible, name);
    facts.always = labels == series.front() ? names : intersection(facts.always, names);
  }
  return facts;
}

LabelFacts facts_of_selector(const Site& site, const VectorSelector& selector) {
  if (const auto series = site.knowledge.series(selector.matchers); series && !series->empty()) {
    return facts_of_series(*series);
  }
  LabelFacts facts;
  for (const Matcher& matcher : selector.matchers) {
    if (matcher.name() == kMetricName) continue;
    const bool is_absent = matcher.type() == MatchType::Equal && matcher.value().empty();
    if (is_absent) add(facts.never, matcher.name());
    if (!matcher.matches_empty()) add(facts.always, matcher.name());
  }
  return facts;
}

LabelFacts facts_of_call(const Site& site, const Call& call) {
  const std::string_view name = call.function->name;
  if (name == "info") return LabelFacts{};
  if (name == "absent" || name == "absent_over_time") return LabelFacts{};
  const auto is_vector = [](const ExprPtr& argument) {
    return argument->type == ValueType::Vector || argument->type == ValueType::Matrix;
  };
  const auto operand = std::find_if(call.args.begin(), call.args.end(), is_vector);
  if (operand == call.args.end()) return no_labels();
  LabelFacts facts = label_facts(site, **operand);
  if (name == "histogram_quantile" || name == "histogram_fraction") forget(facts, "le");
  if (name == "label_replace" || name == "label_join" || name == "histogram_quantiles") {
    const std::string* label = as_string(*call.args[1]);
    if (!label) return LabelFacts{};
    allow(facts, *label, false);
  }
  return facts;
}

bool keeps_elements(AggregateOp op) {
  return op == AggregateOp::Topk || op == AggregateOp::Bottomk || op == AggregateOp::Limitk ||
         op == AggregateOp::LimitRatio;
}

LabelFacts facts_of_aggregate(const Site& site, const Aggregate& aggregate) {
  const LabelFacts inner = label_facts(site, *aggregate.expr);
  if (keeps_elements(aggregate.op)) return inner;
  LabelFacts facts = no_labels();
  if (aggregate.without) {
    facts = inner;
    for (const std::string& label : aggregate.grouping) forget(facts, label);
  } else {
    for (const std::string& label : aggregate.grouping) {
      if (!inner.may_have(label) || label == kMetricName) continue;
      add(*facts.possible, label);
      // Who groups by a label counts on its being there, unless the index knows better.
      if (!inner.possible || contains(inner.always, label)) add(facts.always, label);
    }
  }
  if (aggregate.op == AggregateOp::CountValues) {
    const std::string* label = as_string(*aggregate.param);
    if (!label) return LabelFacts{};
    allow(facts, *label, true);
  }
  return facts;
}

LabelFacts either(const LabelFacts& a, const LabelFacts& b) {
  LabelFacts facts;
  facts.always = intersection(a.always, b.always);
  facts.never = intersection(a.never, b.never);
  if (a.possible && b.possible) {
    facts.possible = a.possible;
    for (const std::string& name : *b.possible) add(*facts.possible, name);
  }
  return facts;
}

LabelFacts facts_of_match(const LabelFacts& left, const LabelFacts& right,
                          const VectorMatching& matching) {
  if (matching.card == Cardinality::OneToOne) {
    LabelFacts facts = left;
    if (!matching.on) {
      for (const std::string& label : matching.labels) forget(facts, label);
      return facts;
    }
    facts = no_labels();
    for (const std::string& label : matching.labels) {
      if (left.may_have(label)) add(*facts.possible, label);
      if (contains(left.always, label)) add(facts.always, label);
    }
    return facts;
  }
  const bool is_left_many = matching.card == Cardinality::ManyToOne;
  LabelFacts facts = is_left_many ? left : right;
  const LabelFacts& one = is_left_many ? right : left;
  for (const std::string& label : matching.include) {
    allow(facts, label, contains(one.always, label));
  }
  return facts;
}

LabelFacts facts_of_binary(const Site& site, const Binary& binary) {
  if (!binary.matching) {
    const bool is_left = binary.left->type == ValueType::Vector;
    return label_facts(site, is_left ? *binary.left : *binary.right);
  }
  const LabelFacts left = label_facts(site, *binary.left);
  if (binary.op == BinaryOp::And || binary.op == BinaryOp::Unless) return left;
  const LabelFacts right = label_facts(site, *binary.right);
  const VectorMatching& matching = *binary.matching;
  if (binary.op == BinaryOp::Or || matching.fill_left || matching.fill_right) {
    return either(left, right);
  }
  return facts_of_match(left, right, matching);
}

LabelFacts facts_of(const Site& site, const Expr& expr) {
  if (expr.type == ValueType::Scalar || expr.type == ValueType::String) return no_labels();
  if (const VectorSelector* selector = as_selector(expr)) return facts_of_selector(site, *selector);
  if (const auto* subquery = expr.as<Subquery>()) return label_facts(site, *subquery->expr);
  if (const auto* unary = expr.as<Unary>()) return label_facts(site, *unary->expr);
  if (const auto* call = expr.as<Call>()) return facts_of_call(site, *call);
  if (const auto* aggregate = expr.as<Aggregate>()) return facts_of_aggregate(site, *aggregate);
  if (const auto* binary = expr.as<Binary>()) return facts_of_binary(site, *binary);
  return LabelFacts{};
}

}  // namespace

const LabelFacts* FactsMemo::find(const Expr& expr) const {
  const auto found = facts_.find(&expr);
  return found == facts_.end() ? nullptr : &found->second;
}

void FactsMemo::add(const Expr& expr, LabelFacts facts) {
  const uint64_t names =
      facts.always.size() + facts.never.size() + (facts.possible ? facts.possible->size() : 0);
  work_.label_steps += 1 + names * names;
  facts_.emplace(&expr, std::move(facts));
}

LabelFacts label_facts(const Site& site, const Expr& written) {
  const Expr& expr = strip_parens(written);
  if (const LabelFacts* known = site.facts.find(expr)) return *known;
  if (site.facts.is_exhausted()) return LabelFacts{};
  LabelFacts facts = facts_of(site, expr);
  site.facts.add(expr, facts);
  return facts;
}

}  // namespace promenade::promql::lint_rules_detail
