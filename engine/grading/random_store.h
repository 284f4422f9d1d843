#pragma once  // engine/grading/random_store.h
// Data that no model made: label sets as a hidden world has them, everything else drawn from a
// seed. Counters restart, gauges fall, series begin, end and miss samples, and values stand exactly
// on the numbers of the query. What two queries do not differ on here, they do not differ on at
// all, as far as the checker says.
#include <cstdint>
#include <string>
#include <vector>

#include "base/random.h"
#include "grading/outcome.h"
#include "grading/sample_store.h"
#include "promql/ast.h"
#include "promql/engine.h"

namespace promenade::grading {

class RandomStores {
 public:
  // Label sets come from `source`, as the selectors' metric names find them there.
  RandomStores(const SampleSource& source, Timestamp end);

  // Whether both give the same on `rounds` stores, at two instants of each.
  bool are_equal(const promql::Expr& a, const promql::Expr& b, size_t rounds,
                 const ComparisonRules& rules, const promql::EngineOptions& options) const;

 private:
  std::vector<StoredSeries> draw(const std::vector<Labels>& labels,
                                 const std::vector<double>& numbers, const Random& random) const;

  const SampleSource& source_;
  Timestamp end_;
};

}  // namespace promenade::grading
