// engine/grading/candidate.cc
// Parses once, evaluates each probe at most once.
#include "grading/candidate.h"

#include <utility>

#include "base/strings.h"
#include "promql/parser/parser.h"
#include "promql/parser/printer.h"

namespace promenade::grading {
namespace {

std::string without_blanks(std::string_view text) {
  std::string dense;
  for (const char c : text) {
    if (c != ' ' && c != '\t' && c != '\n' && c != '\r') dense += c;
  }
  return dense;
}

}  // namespace

Candidate::Candidate(HiddenWorlds& worlds, std::string workload, std::string_view query)
    : worlds_(worlds),
      workload_(std::move(workload)),
      query_(query),
      outcomes_(worlds.probes().size()) {
  Result<promql::ExprPtr> parsed = promql::parse(query_);
  if (parsed) {
    expr_ = std::move(*parsed);
    canonical_ = promql::to_string(promql::strip_parens(*expr_));
  } else {
    parse_error_ = std::move(parsed).error();
    canonical_ = without_blanks(query_);
  }
}

promql::ValueType Candidate::type() const {
  return expr_ == nullptr ? promql::ValueType::None : expr_->type;
}

bool Candidate::is_asked_at(const Probe& probe) const {
  return probe.is_instant() || type() == promql::ValueType::Vector ||
         type() == promql::ValueType::Scalar;
}

const Outcome& Candidate::outcome(size_t probe) {
  std::optional<Outcome>& outcome = outcomes_[probe];
  if (!outcome) {
    Result<Outcome> evaluated = worlds_.evaluate(workload_, *expr_, worlds_.probes()[probe]);
    if (evaluated) {
      outcome = std::move(*evaluated);
    } else {
      outcome.emplace().error = std::move(evaluated).error();
    }
  }
  return *outcome;
}

std::optional<size_t> Candidate::first_failure() {
  for (size_t probe = 0; probe < outcomes_.size(); ++probe) {
    if (is_asked_at(worlds_.probes()[probe]) && outcome(probe).error) return probe;
  }
  return std::nullopt;
}

bool Candidate::is_empty_everywhere() {
  for (size_t probe = 0; probe < outcomes_.size(); ++probe) {
    if (!is_asked_at(worlds_.probes()[probe])) continue;
    const Outcome& found = outcome(probe);
    if (found.error || !found.series.empty() || !found.text.empty()) return false;
  }
  return true;
}

std::optional<size_t> first_difference(const HiddenWorlds& worlds, Candidate& a, Candidate& b,
                                       const ComparisonRules& rules) {
  const std::vector<Probe>& probes = worlds.probes();
  for (size_t i = 0; i < probes.size(); ++i) {
    if (!a.is_asked_at(probes[i])) continue;
    // Order has a meaning at an instant only; range results are sorted by labels.
    const ComparisonRules here{rules.ordered && probes[i].is_instant(), rules.ignore_metric_name};
    if (!same_outcome(a.outcome(i), b.outcome(i), here)) return i;
  }
  return std::nullopt;
}

}  // namespace promenade::grading
