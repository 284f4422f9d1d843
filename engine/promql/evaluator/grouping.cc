// Groups of series.
#include "promql/evaluator/grouping.h"

namespace promenade::promql {

Grouping Grouping::of(const Aggregate& aggregate) {
  Grouping grouping{aggregate.grouping, aggregate.without};
  if (grouping.without) grouping.names.emplace_back(kMetricName);
  return grouping;
}

Labels Grouping::group_labels(const Labels& series) const {
  if (without) return series.drop(names);
  return names.empty() ? Labels() : series.keep(names);
}

size_t GroupIndex::number_of(const Labels& group) {
  // Most groups are known already, and looking them up makes no string.
  const auto known = numbers_.find(group.bytes());
  if (known != numbers_.end()) return known->second;
  return numbers_.emplace(std::string(group.bytes()), numbers_.size()).first->second;
}

}  // namespace promenade::promql
