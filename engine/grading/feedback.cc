// engine/grading/feedback.cc
// Each part looks at as few probes as it needs, since a learner waits for it.
#include "grading/feedback.h"

#include <algorithm>
#include <cmath>
#include <set>

#include "model/number_format.h"
#include "promql/explain.h"
#include "promql/lint.h"

namespace promenade::grading {
namespace {

// A right answer that reads more than this times the samples of the reference is told so.
constexpr uint64_t kExpensiveFactor = 3;

std::set<std::string> label_names(const Outcome& outcome) {
  std::set<std::string> names;
  for (const promql::MatrixSeries& series : outcome.series) {
    for (const Label& label : series.labels) names.emplace(label.name);
  }
  return names;
}

std::string label_requirement(const Outcome& expected) {
  const std::set<std::string> names = label_names(expected);
  if (names.empty()) return "The result is one number without labels";
  std::string list;
  for (const std::string& name : names) list += (list.empty() ? "`" : ", `") + name + "`";
  return "Each result carries the labels " + list;
}

// The first probe of the first world at which the reference finds something.
size_t telling_probe(const HiddenWorlds& worlds, Candidate& reference) {
  for (size_t i = 0; i < worlds.probes().size(); ++i) {
    const Probe& probe = worlds.probes()[i];
    if (probe.world != 0 || !probe.is_instant()) break;
    if (!reference.outcome(i).series.empty()) return i;
  }
  return 0;
}

bool has_same_labels(const Outcome& a, const Outcome& b, const ComparisonRules& rules) {
  const ComparisonRules unordered{false, rules.ignore_metric_name};
  const auto left = normalized(a, unordered);
  const auto right = normalized(b, unordered);
  return std::equal(left.begin(), left.end(), right.begin(), right.end(),
                    [](const auto& x, const auto& y) { return x.labels == y.labels; });
}

}  // namespace

std::vector<Requirement> requirements_of(const HiddenWorlds& worlds, Candidate& reference,
                                         Candidate& answer, const ComparisonRules& rules) {
  const std::string kind(promql::document_name(reference.type()));
  const std::string article = kind.front() == 'i' ? "an " : "a ";
  const size_t now = telling_probe(worlds, reference);
  const Outcome& expected = reference.outcome(now);
  std::vector<Requirement> ticks = {
      {"The result is " + article + kind, false},
      {label_requirement(expected), false},
      {"The right series are in it, and no others", false},
      {rules.ordered ? "Their values are right, in the right order" : "Their values are right",
       false},
      {"They stay right over two hours with restarts and incidents", false},
      {"They are right in worlds with other instances and other numbers", false}};
  ticks[0].holds = answer.type() == reference.type();
  if (!ticks[0].holds) return ticks;
  const Outcome& found = answer.outcome(now);
  if (found.error) return ticks;
  ticks[1].holds = label_names(found) == label_names(expected) && !found.series.empty();
  ticks[2].holds = has_same_labels(expected, found, rules);
  ticks[3].holds = same_outcome(expected, found, rules);
  if (!ticks[3].holds) return ticks;
  const std::vector<Probe>& probes = worlds.probes();
  ticks[4].holds = ticks[5].holds = true;
  for (size_t i = 0; i < probes.size(); ++i) {
    if (!reference.is_asked_at(probes[i])) continue;
    const ComparisonRules here{rules.ordered && probes[i].is_instant(), rules.ignore_metric_name};
    if (same_outcome(reference.outcome(i), answer.outcome(i), here)) continue;
    ticks[probes[i].world == 0 ? 4 : 5].holds = false;
    break;
  }
  // What fails in the first world was not tried in the others.
  if (!ticks[4].holds) ticks[5].holds = false;
  return ticks;
}

std::optional<double> constant_factor(const HiddenWorlds& worlds, Candidate& reference,
                                      Candidate& answer) {
  // Who divides loses the name, and that is not the point here.
  constexpr ComparisonRules kNameless{false, true};
  if (answer.type() != reference.type()) return std::nullopt;
  std::optional<double> factor;
  for (size_t i = 0; i < worlds.probes().size(); ++i) {
    const Probe& probe = worlds.probes()[i];
    if (probe.world != 0 || !probe.is_instant()) break;
    const Outcome& expected = reference.outcome(i);
    const Outcome& found = answer.outcome(i);
    if (found.error || !has_same_labels(expected, found, kNameless)) return std::nullopt;
    const auto left = normalized(expected, kNameless);
    const auto right = normalized(found, kNameless);
    for (size_t at = 0; at < left.size(); ++at) {
      const double wanted = left[at].points.front().value;
      const double given = right[at].points.front().value;
      if (wanted == 0 && given == 0) continue;
      const double ratio = given / wanted;
      if (!std::isfinite(ratio) || ratio == 0) return std::nullopt;
      if (factor && std::fabs(*factor - ratio) > 1e-6 * std::fabs(ratio)) return std::nullopt;
      factor = ratio;
    }
  }
  if (factor && std::fabs(*factor - 1) < 1e-6) return std::nullopt;
  return factor;
}

bool is_mostly_right(const HiddenWorlds& worlds, Candidate& reference, Candidate& answer,
                     const ComparisonRules& rules) {
  if (answer.type() != reference.type()) return false;
  const size_t now = telling_probe(worlds, reference);
  const Outcome& expected = reference.outcome(now);
  const Outcome& found = answer.outcome(now);
  if (found.error || expected.series.empty() || !has_same_labels(expected, found, rules)) {
    return false;
  }
  const auto left = normalized(expected, {false, rules.ignore_metric_name});
  const auto right = normalized(found, {false, rules.ignore_metric_name});
  size_t same = 0;
  for (size_t i = 0; i < left.size(); ++i) same += same_points(left[i], right[i]) ? 1 : 0;
  return same * 2 >= left.size();
}

std::string computes_instead(const Candidate& answer) {
  return answer.expr() == nullptr ? "" : promql::reading(*answer.expr());
}

std::vector<std::string> expert_remarks(Candidate& reference, Candidate& answer,
                                        const Queryable& store) {
  std::vector<std::string> remarks;
  const promql::StoreKnowledge knowledge(store, kAllTime);
  promql::LintOptions options;
  options.knowledge = &knowledge;
  for (const promql::LintFinding& finding : promql::lint(answer.query(), *answer.expr(), options)) {
    if (remarks.size() == kRemarksMax) return remarks;
    remarks.push_back(finding.message + ".");
  }
  const uint64_t mine = answer.outcome(0).samples_read;
  const uint64_t ours = reference.outcome(0).samples_read;
  if (ours > 0 && mine > ours * kExpensiveFactor && remarks.size() < kRemarksMax) {
    remarks.push_back("Your query reads " + std::to_string(mine) + " samples where " +
                      std::to_string(ours) + " are enough: `" + reference.query() +
                      "` gives the same.");
  }
  return remarks;
}

}  // namespace promenade::grading
