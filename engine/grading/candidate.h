#pragma once  // engine/grading/candidate.h
// A query that is tried on the hidden worlds: the learner's answer, the reference, or a known
// wrong answer. Nothing is evaluated before somebody asks for it, since most comparisons end at
// the first difference.
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "grading/hidden_worlds.h"
#include "grading/outcome.h"
#include "promql/ast.h"

namespace promenade::grading {

class Candidate {
 public:
  // `worlds` must outlive it.
  Candidate(HiddenWorlds& worlds, std::string workload, std::string_view query);

  const std::string& query() const { return query_; }
  // The parse error, when the query does not parse.
  const std::optional<Error>& parse_error() const { return parse_error_; }
  // Null when it does not parse.
  const promql::Expr* expr() const { return expr_.get(); }
  promql::ValueType type() const;
  // The query as the printer writes it; one that does not parse without its blanks.
  const std::string& canonical() const { return canonical_; }
  // Range queries take only scalars and instant vectors; other types are asked at instants only.
  bool is_asked_at(const Probe& probe) const;

  // What it gives at the probe. A world that cannot be built is an error of the outcome.
  const Outcome& outcome(size_t probe);
  // The first probe at which evaluating fails.
  std::optional<size_t> first_failure();
  // Whether nothing comes out at any probe.
  bool is_empty_everywhere();

 private:
  HiddenWorlds& worlds_;
  std::string workload_;
  std::string query_;
  std::string canonical_;
  std::optional<Error> parse_error_;
  promql::ExprPtr expr_;
  std::vector<std::optional<Outcome>> outcomes_;
};

// The first probe that tells two candidates apart; both parse and have the same type.
std::optional<size_t> first_difference(const HiddenWorlds& worlds, Candidate& a, Candidate& b,
                                       const ComparisonRules& rules);

}  // namespace promenade::grading
